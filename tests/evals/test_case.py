"""Sets: three formats, one meaning; a wrong one says file, line, field and value."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from corpus import SAMPLES, Article, load
from evals import Case, SetError, load_set, save_set
from evals.case import SETS

SCHEMA = json.loads((SETS.parent / "schemas" / "case.schema.json").read_text("utf-8"))

JSONL = (
    '{"id": "a", "question": "How many?", "answers": ["12", "twelve"], "kind": "how_many", '
    '"history": [["Who?", "They."]], "tags": ["x", "y"]}\n'
    '{"id": "b", "question": "Why?", "answers": [], "unanswerable": true}\n'
)
CSV = (
    "id,question,answers,kind,history,tags,unanswerable\n"
    'a,How many?,12|twelve,how_many,"[[""Who?"", ""They.""]]",x|y,\n'
    "b,Why?,,,,,true\n"
)
YAML = (
    "- id: a\n  question: How many?\n  answers: [12, twelve]\n  kind: how_many\n"
    "  history: [['Who?', They.]]\n  tags: [x, y]\n"
    "- id: b\n  question: Why?\n  unanswerable: true\n"
)


@pytest.mark.parametrize(("suffix", "text"), [("jsonl", JSONL), ("csv", CSV), ("yaml", YAML)])
def test_three_formats_one_meaning(tmp_path: Path, suffix: str, text: str) -> None:
    file = tmp_path / f"set.{suffix}"
    file.write_text(text)
    assert load_set(file) == [
        Case(
            "a", "How many?", ("12", "twelve"), "how_many",
            history=(("Who?", "They."),), tags=("x", "y"),
        ),
        Case("b", "Why?", unanswerable=True),
    ]  # fmt: skip


def test_a_separator_at_the_end_of_a_cell_is_no_blank_answer(tmp_path: Path) -> None:
    file = tmp_path / "set.csv"
    file.write_text('id,question,answers\na,How many?,"1,130| "\n')
    assert load_set(file) == [Case("a", "How many?", ("1,130",))]


def line(**changes: object) -> str:
    return json.dumps({"id": "a", "question": "x", "answers": ["y"]} | changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": "a"}', "set.jsonl:1: question: expected text, found None"),
        ('\n{"id": "a", "question": "x"}', "set.jsonl:2: answers: expected at least one"),
        (line(answers=[" "]), "answers: expected texts that are not blank"),
        (line(answers="y"), "answers: expected a list of texts, found 'y'"),
        (line(unanswerable=True), "as the case is unanswerable"),
        (line(anwser=1), "anwser: no such field"),
        (line(after="soon"), "after: expected a date"),
        (line(history=["z"]), "history: expected a list of"),
        (f"{line()}\n{line()}", "set.jsonl:2: id: 'a' is used already"),
        ("{broken", "set.jsonl:1: not valid JSON"),
        ("[1]", "expected an object"),
        ("", "no cases"),
    ],
)
def test_a_wrong_set_says_where(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(text)
    with pytest.raises(SetError) as error:
        load_set(file)
    assert words in str(error.value)
    assert str(file) in str(error.value)


def test_yaml_errors_give_the_line(tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    file.write_text("- id: a\n  question: x\n  answers: [y]\n- id: b\n  question: z\n")
    with pytest.raises(SetError, match=r"set\.yaml:4: answers"):
        load_set(file)


def test_yaml_is_taken_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    file.write_text(
        "- id: a\n  question: When?\n  answers: [8:30, 1.50, 0123, yes]\n  after: 2025-02-05\n"
        "  unanswerable: false\n"
    )
    (case,) = load_set(file)
    assert case.answers == ("8:30", "1.50", "0123", "yes") and case.after == "2025-02-05"
    file.write_text(
        "- id: a\n  question: &q Who?\n  answers:\n  unanswerable: true\n  note: null\n"
        "- id: b\n  question: *q\n  articles: ~\n  answers: [y]\n"
    )
    assert [(case.answers, case.note, case.question) for case in load_set(file)] == [
        ((), "", "Who?"), (("y",), "", "Who?"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.yaml", "- id: a\n  question: x\n  answers: [1,130]\n", "a figure with a comma in quo"),
        ("a.yaml", "- id: a\n  question: x\n  answers: [y]\n  id: b\n", "'id' is there twice"),
        ("a.yaml", "- id: a\n  question: x\n  answers: [y]\n  after: 2025-02-30\n", "a date such"),
        ("a.csv", 'id,question,answers\na,x,"unfinished\nb,y,z\n', "not valid CSV (unexpected end"),
        ("a.csv", "id,question,answers,answers\na,x,y,z\n", "'answers' is there twice"),
        ("a.csv", 'id,"question,answers\na,x,y\n', "a.csv:1: not valid CSV"),
        ("a.jsonl", '{"id": "a", "question": "\\ud800", "answers": ["y"]}', "text in UTF-8"),
        ("a.jsonl", "[" * 100_000, "not valid JSON"),
    ],
)
def test_what_would_change_a_case_in_silence_is_said(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SetError) as error:
        load_set(tmp_path / name)
    assert words in str(error.value) and name in str(error.value)


def test_a_missing_set_or_format_is_said(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="no such file"):
        load_set(tmp_path / "gone.jsonl")
    (tmp_path / "set.txt").write_text("x")
    with pytest.raises(SetError, match=r"a set is a \.jsonl, \.csv or \.yaml file"):
        load_set(tmp_path / "set.txt")


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    cases = load_set("samples")
    save_set(cases, tmp_path / "again.jsonl")
    assert load_set(tmp_path / "again.jsonl") == cases


@pytest.mark.parametrize("name", ["samples", "seeds"])
def test_the_sets_that_ship_fit_the_schema(name: str) -> None:
    for line in (SETS / f"{name}.jsonl").read_text("utf-8").splitlines():
        jsonschema.validate(json.loads(line), SCHEMA)
    cases = load_set(name)
    assert len(cases) >= 38
    assert sum(case.unanswerable for case in cases) >= 8
    assert sum(case.kind == "conflict" for case in cases) >= 5


def test_the_quotes_of_the_sample_set_stand_in_the_articles() -> None:
    bodies = {a.title: a.body for a in load([SAMPLES]) if isinstance(a, Article)}
    cases = load_set("samples")
    assert len(cases) >= 60
    for case in cases:
        assert all(title in bodies for title in case.articles), case.id
        for quote in case.quotes:
            assert any(quote in body for body in bodies.values()), case.id


def test_texts_with_line_ends_of_all_kinds_come_back(tmp_path: Path) -> None:
    case = Case("a", "Who\u2028won,\x85and when?", ("Anna\nBerg",), note="two\nlines")
    save_set([case], tmp_path / "set.jsonl")
    assert load_set(tmp_path / "set.jsonl") == [case]
    (tmp_path / "set.csv").write_text(
        'id,question,answers,note\na,"Who\u2028won,\x85and when?","Anna\nBerg","two\nlines"\n',
        encoding="utf-8",
    )
    assert load_set(tmp_path / "set.csv") == [case]


def test_a_row_with_too_much_is_told(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("id,question,answers\na,How much?,1,949\n")
    with pytest.raises(SetError, match=r"set\.csv:2: more values than .* fields: \['949'\]"):
        load_set(tmp_path / "set.csv")
