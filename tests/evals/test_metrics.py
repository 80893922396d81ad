"""EM, F1 and retrieval metrics agree with what the field's own tools compute."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import outcome, ranking
from qa import likeness as text

# -- the official SQuAD 2.0 script's functions, to compare with -----------------------------


def official_normalize(s: str) -> str:
    s = s.lower()
    s = "".join(ch for ch in s if ch not in set(string.punctuation))
    return " ".join(re.sub(re.compile(r"\b(a|an|the)\b", re.UNICODE), " ", s).split())


def official_f1(gold: str, predicted: str) -> float:
    gold_tokens = official_normalize(gold).split() if gold else []
    tokens = official_normalize(predicted).split() if predicted else []
    same = sum((Counter(gold_tokens) & Counter(tokens)).values())
    if len(gold_tokens) == 0 or len(tokens) == 0:
        return int(gold_tokens == tokens)
    if same == 0:
        return 0
    precision, recall = 1.0 * same / len(tokens), 1.0 * same / len(gold_tokens)
    return (2 * precision * recall) / (precision + recall)


words = st.sampled_from(["a", "an", "An", "the", "and", "b", "b", "1", "U.S.", "café", "-", "a-b"])
phrases = st.one_of(
    st.text(st.sampled_from("ab theA,.- 1é\n"), max_size=20),
    st.builds(str.join, st.sampled_from([" ", "\n", ", "]), st.lists(words, max_size=8)),
)


@given(phrases, phrases)
def test_em_and_f1_agree_with_the_official_script(a: str, b: str) -> None:
    assert text.normalize(a) == official_normalize(a)
    assert text.token_f1(a, b) == pytest.approx(official_f1(b, a))
    assert text.exact_match(a, b) == float(official_normalize(a) == official_normalize(b))


@pytest.mark.parametrize(
    ("answer", "gold", "right"),
    [
        ("1,949 troops", "1,130 troops", False),
        ("3 million", "5 million", False),
        ("1.5 million", "15 million", False),
        ("February 6, 2025", "February 5, 2025", False),
        ("February 5", "February 5, 2025", True),
        ("1130 troops", "1,130 troops", True),
        ("about 1,130", "1,130", True),
        ("the five mayors", "five mayors", True),
        ("5 weeks", "5 days", False),
        ("$5 million", "$5 billion", False),
        ("10 km", "10 miles", False),
        ("10", "10 million", False),
        ("nine people", "five people", False),
        ("three people", "12 people", False),
        ("-3", "3", False),
        ("March 5", "April 5", False),
        ("5 p.m.", "5 a.m.", False),
        ("rose 5 percent", "fell 5 percent", False),
        ("more than 500", "fewer than 500", False),
        ("not guilty", "guilty", False),
        ("North Korea", "South Korea", False),
        ("John Smith", "Jane Smith", False),
        ("Smith", "Jane Smith", True),
        ("President Claudia Sheinbaum", "Mexican leader Claudia Sheinbaum", True),
        ("twelve", "12", True),
        ("$1.3m", "$1.3 million", True),
        ("1.2 million", "1,200,000", True),
        ("$1.2 million", "$1,200,000", True),
        ("one year", "12 months", True),
        ("£5", "5 pounds", True),
        ("3 km", "3km", True),
        ("5 February 2025", "2025-02-05", True),
        ("8pm", "8 p.m.", True),
        ("Mayor Séamus O’Brien", "O'Brien", True),
        ("10–12", "10-12", True),
        ("Jua\u0301rez", "Juárez", True),
        ("May 5", "may be 5", True),
        (
            "because 12 of the 30 shelters in the city were full by then",
            "because shelters in the city were full",
            True,
        ),
    ],
)
def test_an_answer_with_another_figure_is_wrong(answer: str, gold: str, right: bool) -> None:
    assert text.is_right(answer, [gold]) is right


@pytest.mark.parametrize(
    ("golds", "given", "share"),
    [
        (["February 5, 2025", "February 6, 2025"], ["February 5, 2025"], 0.5),
        (["5 of 12 counties", "7 of 12 counties"], ["7 of 12 counties"], 0.5),
        (["1,130", "1130"], ["some 1,130."], 1.0),
        (["Ann Lee", "Jon Doe"], ["Ms. Jon Doe"], 0.5),
        (["5 million", "5 billion"], ["5 million"], 0.5),
        (["March 5", "April 5"], ["March 5"], 0.5),
        (["twelve", "12"], ["12 people"], 1.0),
    ],
)
def test_differing_values_are_counted_one_by_one(
    golds: list[str], given: list[str], share: float
) -> None:
    assert outcome._shown(golds, given) == share


def test_containment_is_of_whole_words() -> None:
    assert text.contains("some 1,949 troops", "1,949")
    assert not text.contains("11,949 troops", "1,949")
    assert not text.contains("anything", "the")


ids = [f"d{n}" for n in range(12)]


@given(
    st.permutations(ids),
    st.sets(st.sampled_from(ids), min_size=1, max_size=5),
    st.integers(1, 12),
)
def test_rankings_agree_with_ir_measures(ranked: list[str], relevant: set[str], k: int) -> None:
    ir_measures = pytest.importorskip("ir_measures")
    qrels = [ir_measures.Qrel("q", d, 1) for d in relevant]
    run = [ir_measures.ScoredDoc("q", d, 100.0 - n) for n, d in enumerate(ranked[:10])]
    measures = ir_measures
    wanted = {
        measures.Success @ k: ranking.success(ranked[:10], relevant, k),
        measures.R @ k: ranking.recall(ranked[:10], relevant, k),
        measures.RR: ranking.reciprocal_rank(ranked[:10], relevant),
        measures.nDCG @ k: ranking.ndcg(ranked[:10], dict.fromkeys(relevant, 1), k),
    }
    for measure, value in ir_measures.calc_aggregate(list(wanted), qrels, run).items():
        assert value == pytest.approx(wanted[measure], abs=1e-6), measure
