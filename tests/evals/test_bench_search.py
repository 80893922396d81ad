"""Benchmarks that search an index: MTRAG, RealTimeQA, BEIR and MultiHop-RAG."""

from __future__ import annotations

import json
import lzma
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus import Article, OnRecordError
from evals import ranking
from evals.bench import beir, mtrag, multihop, pool, realtimeqa
from evals.bench.result import Result
from qa import Hit, Span


class Finder:
    """A reader that finds one phrase for a question, wherever it stands."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self.phrases = phrases

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        phrase = next((p for q, p in self.phrases.items() if question.endswith(q)), "")
        found = []
        for hit in hits:
            at = hit.passage.text.find(phrase) if phrase else -1
            if at >= 0:
                start = hit.passage.start + at
                found.append(Span(hit, start, start + len(phrase), 0.9))
        return found


def jsonl(path: Path, *records: Any) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def values_of(result: Result) -> dict[str, float]:
    return {name: figure.value for name, figure in result.metrics.items()}


TEXTS = {
    "b/1": "The bridge over the Orra reopened on Friday after fourteen months of repairs.",
    "h 2": "Growers in the valley picked 5,300 tons of apples, a third less than last year.",
    "s-3": "The school in Tarn closed because of the snow that fell over the weekend.",
}

# -- MTRAG --------------------------------------------------------------------------------


def mtrag_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mtrag"
    folder.mkdir()

    def task(kind: str, question: str, gold: list[str], target: str) -> dict[str, Any]:
        earlier = [
            {"speaker": "user", "text": "When did the bridge over the Orra reopen?"},
            {"speaker": "agent", "text": "On Friday."},
        ]
        history = [*earlier, {"speaker": "user", "text": question}]
        return {"answerability": kind, "history": history, "gold": gold, "target": target}

    jsonl(
        folder / "tasks.jsonl",
        task("ANSWERABLE", "How long did repairs of the Orra bridge take?", ["b/1"],
             "fourteen months"),
        task("ANSWERABLE", "How many tons of apples did growers pick?", ["h 2", "gone"], "5300"),
        task("PARTIAL", "Why did the school in Tarn close this weekend?", ["s-3"], "Snow."),
        task("UNANSWERABLE", "Who paid for the new stadium in Tarn city?", [], "I do not know."),
        task("UNANSWERABLE", "When will they open the tunnel through the hills?", [], "Unknown."),
        task("UNDERSPECIFIED", "Which river do people there mean by that?", [], "Which one?"),
    )  # fmt: skip
    passages = [{"id": name, "title": "", "text": text} for name, text in TEXTS.items()]
    jsonl(folder / "passages.jsonl", *passages)
    return folder


def test_mtrag_figures(tmp_path: Path) -> None:
    folder = mtrag_folder(tmp_path)
    reader = Finder(
        {
            "bridge take?": "fourteen months",
            "close this weekend?": "snow that fell",
            "mean by that?": "fourteen months",
        }
    )
    with pool.opened(tmp_path / "data", mtrag.passages(folder), reader=reader) as (engine, _):
        values = values_of(mtrag.run(mtrag.load(folder), engine))
    why = TEXTS["s-3"]  # a "why" is answered with the sentence, of which one word is wanted
    assert values == pytest.approx(
        {
            "abstention_balanced": (2 / 3 + 1 / 2) / 2,
            "answered_answerable": 1 / 2,
            "answered_partial": 1.0,
            "abstained_unanswerable": 1.0,
            "abstained_underspecified": 0.0,
            "passage_recall@5": (1 + 1 / 2 + 1) / 3,
            "passage_recall@10": (1 + 1 / 2 + 1) / 3,
            "f1": (1 + 0 + 2 / (1 + len(why.split()) - why.lower().split().count("the"))) / 3,
        }
    )


def test_mtrag_tasks_hold_the_turns_before(tmp_path: Path) -> None:
    task = next(mtrag.load(mtrag_folder(tmp_path)))
    assert task.question == "How long did repairs of the Orra bridge take?"
    assert task.history == (("When did the bridge over the Orra reopen?", "On Friday."),)


def test_documents_keep_their_names(tmp_path: Path) -> None:
    documents = [pool.document(name, "", text, "-") for name, text in TEXTS.items()]
    with pool.opened(tmp_path, documents, reader=Finder({})) as (engine, _):
        found = pool.names_found(engine.archive.search("apples the growers picked", 10))
    assert found[0] == "h 2" and set(found) == set(TEXTS)


def test_an_index_is_made_once(tmp_path: Path) -> None:
    first = pool.document("one", "", TEXTS["b/1"], "-")
    with pool.opened(tmp_path, [first], reader=Finder({})) as (engine, _):
        assert engine.archive.library.count() == (1, 1)
    other = [pool.document("one", "", "Known already.", "-"), pool.document("two", "", "New.", "-")]
    with pool.opened(tmp_path, other, reader=Finder({})) as (engine, _):
        assert {a.body for a in engine.articles()} == {TEXTS["b/1"], "New."}


def test_an_empty_pool_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OnRecordError, match="no articles"), pool.opened(tmp_path, []):
        pass


# -- RealTimeQA ---------------------------------------------------------------------------


def quiz(name: str, sentence: str, choices: list[str], *more: Any) -> dict[str, Any]:
    answer, urls = more if more else (["0"], [])
    return {
        "question_id": name, "question_date": "2022/06/16", "question_sentence": sentence,
        "choices": choices, "answer": answer, "gold_urls": urls,
    }  # fmt: skip


def realtimeqa_folder(tmp_path: Path, *questions: dict[str, Any]) -> Path:
    folder = tmp_path / "realtimeqa"
    folder.mkdir()
    jsonl(folder / "questions.jsonl", *questions)
    with lzma.open(folder / "articles.jsonl.xz", "wt", encoding="utf-8") as file:
        for name, text in TEXTS.items():
            url = f"https://news.example/{name[0]}/"
            record = {"url": url, "title": name, "text": text, "publish_date": "2022/06/14"}
            file.write(json.dumps(record) + "\n")
    return folder


def test_realtimeqa_figures(tmp_path: Path) -> None:
    folder = realtimeqa_folder(
        tmp_path,
        quiz("20220617_0", "When did the Orra bridge reopen?", ["Friday", "Monday"],
             ["0"], ["http://news.example/b"]),
        quiz("20220617_1", "How many tons of apples were picked?", ["“5,300 tons”", "4"],
             "0", ["https://news.example/not-in-the-pool"]),
        quiz("20220624_0", "What closed the school?", ["The heat", "snow"]),
        quiz("20220624_1", "Apples are all of these, except:", ["Round", "Blue"]),
    )  # fmt: skip
    reader = Finder({"reopen?": "Friday", "picked?": "5,300", "school?": "the snow"})
    with pool.opened(tmp_path / "d", realtimeqa.articles(folder), reader=reader) as (engine, _):
        result = realtimeqa.run(realtimeqa.load(folder), engine)
    assert result.n == 3
    assert values_of(result) == pytest.approx(
        {
            "exact": 1 / 3,
            # "the" is kept, and shared with "The heat"; curly quotes are kept as well, so that
            # “5,300 tons” shares nothing with 5,300 but still stands in a passage.
            "f1": (1 + 0 + 1 / 2) / 3,
            "answered": 1.0,
            "best_exact": 1 / 3,
            "best_f1": 1 / 2,
            **{f"gold_article@{k}": 1 / 2 for k in (1, 5, 10, 20)},
            **{f"answer_in_top@{k}": 2 / 3 for k in (5, 10, 50)},
            **{f"read_gold_article@{k}": 1 / 2 for k in (1, 5, 10, 20)},
            **{f"read_answer_in_top@{k}": 2 / 3 for k in (5, 10, 50)},
            **{f"shown_gold_article@{k}": 1 / 2 for k in (1, 5, 10, 20)},
            **{f"shown_answer_in_top@{k}": 2 / 3 for k in (5, 10, 50)},
        }
    )
    assert result.metrics["gold_article@1"].n == result.metrics["read_gold_article@1"].n == 2


class LastFirst:
    """A reader that is surest of what the search found last."""

    def __init__(self, probability: float) -> None:
        self.probability = probability

    def read(self, _: str, hits: Sequence[Hit]) -> list[Span]:
        return [Span(h, h.passage.start, h.passage.end, self.probability) for h in reversed(hits)]


def test_realtimeqa_scores_the_best_value_where_the_answer_is_withheld(tmp_path: Path) -> None:
    class Doubting(Finder):
        def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
            return [replace(span, probability=0.1) for span in super().read(question, hits)]

    asked = quiz("20220617_0", "When did the Orra bridge reopen?", ["Friday", "-"])
    folder = realtimeqa_folder(tmp_path, asked)
    reader = Doubting({"reopen?": "Friday"})
    with pool.opened(tmp_path / "d", realtimeqa.articles(folder), reader=reader) as (engine, _):
        values = values_of(realtimeqa.run(realtimeqa.load(folder), engine))
    assert values["answered"] == values["exact"] == 0
    assert values["best_exact"] == values["best_f1"] == 1


@pytest.mark.parametrize(("probability", "shown"), [(0.5, 0), (0.1, 1)])
def test_realtimeqa_tells_the_rankings_of_search_reader_and_answer_apart(
    tmp_path: Path, probability: float, shown: int
) -> None:
    asked = quiz("20220617_0", "When did the Orra bridge reopen after repairs?", ["Friday", "-"],
                 ["0"], ["https://news.example/b"])  # fmt: skip
    folder = realtimeqa_folder(tmp_path, asked)
    reader = LastFirst(probability)
    with pool.opened(tmp_path / "d", realtimeqa.articles(folder), reader=reader) as (engine, _):
        assert len(engine.search(asked["question_sentence"], 5)) == 3
        values = values_of(realtimeqa.run(realtimeqa.load(folder), engine))
    assert (values["gold_article@1"], values["read_gold_article@1"]) == (1, 0)
    # An answer shows first what it cites; where there is none, the nearest that was found.
    assert values["shown_gold_article@1"] == shown
    assert values["gold_article@5"] == values["read_gold_article@5"] == 1


@pytest.mark.parametrize(
    ("answer", "golds", "exact", "f1"),
    [
        ("Squid Game!", ["“Squid Game”"], 0, 0),  # only ASCII punctuation is stripped
        ("squid game", ["Squid-Game"], 0, 0),
        ("The Beatles", ["Beatles"], 0, 2 / 3),
        ("U.S.", ["us"], 1, 1),
        ("Rossi and Bianchi", ["Bianchi", "Rossi"], 0, 4 / 5),
        ("Rossi Bianchi", ["Bianchi", "Rossi"], 1, 1),
        ("", ["Rossi"], 0, 0),
    ],
)
def test_realtimeqa_scoring(answer: str, golds: list[str], exact: float, f1: float) -> None:
    orders = realtimeqa.joined(golds)
    assert max(realtimeqa.exact(answer, gold) for gold in orders) == exact
    assert max(realtimeqa.f1(answer, gold) for gold in orders) == pytest.approx(f1)


def test_realtimeqa_dates_are_those_of_the_quizzes(tmp_path: Path) -> None:
    names = ["20220610_0", "20220617_0", "20230113_4", "20230120_0"]
    folder = realtimeqa_folder(tmp_path, *(quiz(name, "Who?", ["A"]) for name in names))
    kept = [q.id for q in realtimeqa.load(folder, "2022-06-17", "2023-01-13")]
    assert kept == names[1:3]
    with pytest.raises(OnRecordError, match="cannot read --to 'soon'"):
        list(realtimeqa.load(folder, None, "soon"))


def test_realtimeqa_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    wrong = quiz("20220617_1", "Who?", ["A", "B"], ["7"], [])
    folder = realtimeqa_folder(tmp_path, quiz("20220617_0", "Who?", ["A"]), wrong)
    with pytest.raises(OnRecordError, match=r"questions\.jsonl:2: answer: expected numbers"):
        list(realtimeqa.load(folder))


# -- BEIR ---------------------------------------------------------------------------------


def beir_folder(tmp_path: Path, qrels: str) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "qrels" / "test.tsv").write_text(qrels)
    documents = [{"_id": name, "title": "", "text": text} for name, text in TEXTS.items()]
    jsonl(folder / "corpus.jsonl", *documents, {"_id": "t", "title": "Snow in Tarn", "text": ""})
    queries = {"q1": "apples growers picked", "q2": "never judged", "b/1": "Orra bridge reopened"}
    jsonl(folder / "queries.jsonl", *({"_id": n, "text": t} for n, t in queries.items()))
    return folder


def test_beir_figures(tmp_path: Path) -> None:
    qrels = "query-id\tcorpus-id\tscore\nq1\th 2\t2\nq1\tgone\t1\nq1\ts-3\t0\nb/1\tb/1\t1\n"
    folder = beir_folder(tmp_path, qrels)
    with pool.opened(tmp_path / "d", beir.documents(folder), reader=Finder({})) as (engine, _):
        assert engine.archive.library.count()[0] == 4  # one of them a title alone
        result = beir.run(beir.load(folder), engine)
    # The second query's only relevant document is the query itself, which does not count.
    assert result.n == 2
    ideal = 2 + 1 / math.log2(3)
    assert values_of(result) == pytest.approx({"ndcg@10": 2 / ideal / 2, "recall@100": 1 / 2 / 2})


@pytest.mark.parametrize(
    ("ranked", "k", "gain"),
    [
        (["x", "b", "a"], 10, 1 / math.log2(3) + 2 / math.log2(4)),
        (["a", "b"], 10, 2 + 1 / math.log2(3)),
        (["x", "a"], 1, 0),
        (["bad", "a"], 10, 2 / math.log2(3)),  # a grade below 0 takes nothing away
    ],
)
def test_ndcg_goes_by_grade(ranked: list[str], k: int, gain: float) -> None:
    grades = {"a": 2, "b": 1, "bad": -1}
    ideal = 2 if k == 1 else 2 + 1 / math.log2(3)
    assert ranking.ndcg(ranked, dict(grades), k) == pytest.approx(gain / ideal)


def test_beir_agrees_with_trec_eval() -> None:
    ir_measures = pytest.importorskip("ir_measures")
    seed = random.Random(7)
    for _ in range(50):
        names = [f"d{n}" for n in range(150)]
        grades = {name: seed.choice((-1, 0, 0, 1, 2, 3)) for name in seed.sample(names, 30)}
        ranked = seed.sample(names, 120)
        qrels = [ir_measures.Qrel("q", name, grade) for name, grade in grades.items()]
        run = [ir_measures.ScoredDoc("q", name, -float(n)) for n, name in enumerate(ranked)]
        wanted = [ir_measures.nDCG @ 10, ir_measures.R @ 100]
        theirs = ir_measures.calc_aggregate(wanted, qrels, run)
        relevant = {name for name, grade in grades.items() if grade > 0}
        assert ranking.ndcg(ranked, dict(grades), 10) == pytest.approx(theirs[wanted[0]])
        assert ranking.recall(ranked, relevant, 100) == pytest.approx(theirs[wanted[1]])


def test_beir_files_are_read_as_their_loader_reads_them(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path, 'query-id\tcorpus-id\tscore\n"q1"\t"h 2"\t1\n')
    jsonl(folder / "corpus.jsonl", {"_id": "x", "title": None, "text": "Body.", "metadata": {}})
    assert [query.grades for query in beir.load(folder)] == [{"h 2": 1}]
    assert [type(document) for document in beir.documents(folder)] == [Article]
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq9\th 2\t1\n")
    with pytest.raises(OnRecordError, match=r"queries\.jsonl: no query 'q9', which qrels/test"):
        list(beir.load(folder))


def test_beir_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path, "query-id\tcorpus-id\tscore\nq1 h 1\n")
    with pytest.raises(OnRecordError, match=r"test\.tsv:2: expected query, document and grade"):
        list(beir.load(folder))
    with pytest.raises(OnRecordError, match=r"no dev\.tsv in this folder"):
        list(beir.load(folder, "dev"))


# -- MultiHop-RAG -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passages", "facts", "expected"),
    [
        (["x", "a b c"], ["a  b", "c\n"], (1, 1, (2 / 2) / 2, 1 / 2)),  # both facts at rank 2
        (["a", "x", "a b"], ["a", "b"], (1, 1, (1 / 1 + 1 / 3) / 2, 1)),
        (["x"] * 4 + ["a"], ["a"], (0, 1, 1 / 5, 1 / 5)),
        (["x"] * 10 + ["a"], ["a"], (0, 0, 0, 0)),
        (["a", "a"], ["a"], (1, 1, 1, 1)),
        (["x", "a\u00a0b\tc"], ["a b c", "a b c"], (1, 1, (1 / 2) / 2, 1 / 2)),  # told twice
    ],
)
def test_multihop_ranking(passages: list[str], facts: list[str], expected: tuple[float]) -> None:
    found = multihop.rank(passages, facts)
    assert (found.hits_4, found.hits_10, found.map_10, found.mrr_10) == pytest.approx(expected)


def test_multihop_figures(tmp_path: Path) -> None:
    folder = tmp_path / "multihop"
    folder.mkdir()

    def query(text: str, answer: str, kind: str, *facts: str) -> dict[str, Any]:
        evidence = [{"fact": fact, "title": "t"} for fact in facts]
        return {"query": text, "answer": answer, "question_type": kind, "evidence_list": evidence}

    asked = [
        query("What fell on Tarn?", "Snow", "inference_query", "the snow that fell"),
        query("Is it so?", "Yes", "comparison_query", "not to be found"),
        query("Who paid?", "Insufficient information.", "null_query"),
        query("Who sang?", "Insufficient information.", "null_query"),
    ]
    (folder / "MultiHopRAG.json").write_text(json.dumps(asked))
    articles = [{"title": n, "body": t, "source": "News", "published_at": "2023-10-01",
                 "url": f"https://news.example/{n[0]}"} for n, t in TEXTS.items()]  # fmt: skip
    (folder / "corpus.json").write_text(json.dumps(articles))
    reader = Finder({"fell on Tarn?": "the snow", "Who sang?": "Growers"})
    with pool.opened(tmp_path / "d", multihop.articles(folder), reader=reader) as (engine, _):
        values = values_of(multihop.run(multihop.load(folder), engine))
    assert values["accuracy"] == 2 / 4
    assert values["accuracy_inference_query"] == 1.0
    assert values["accuracy_comparison_query"] == 0.0
    assert values["null_rejected"] == values["accuracy_null_query"] == 1 / 2
    assert values["hits_10"] == values["hits_4"] == 1 / 2
    assert 0 < values["map_10"] == values["mrr_10"] <= 1 / 2
