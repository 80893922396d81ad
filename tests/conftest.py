"""One real small index a test run, with the real models; every answer's quotes are checked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from qa import Answer, Engine

# An example may take long on a busy machine; what never ends meets pytest's own time limit.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

Ask = Callable[..., Answer]
Run = Callable[..., subprocess.CompletedProcess[str]]


def check_exact(answer: Answer) -> Answer:
    """Assert what every answer promises; all tests ask through this."""
    for citation in (*answer.citations, *answer.nearest):
        assert citation.article.body[citation.start : citation.end] == citation.quote != ""
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    if answer.abstained:
        assert not answer.short and not answer.citations and not answer.claims
    else:
        assert answer.short and answer.short in answer.citations[0].quote
        assert answer.claims[0].value == answer.short
        assert set(range(1, len(answer.citations) + 1)) >= {
            n for claim in answer.claims for n in claim.citations
        }
    assert 0 <= answer.confidence <= 1
    return answer


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample articles, indexed once."""
    with Engine.open(tmp_path_factory.mktemp("samples")) as opened:
        assert opened.uses_samples
        yield opened


@pytest.fixture(scope="session")
def ask(engine: Engine) -> Ask:
    """Ask the sample articles; the answer's promises are asserted."""

    def asked(question: str, *args: object, **options: object) -> Answer:
        return check_exact(engine.ask(question, *args, **options))  # type: ignore[arg-type]

    return asked


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The real command line in a process of its own, on an empty data folder."""

    def call(*words: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "evals.cli", *words],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=os.environ | {"ONRECORD_DATA": str(tmp_path / "data")} | env,
        )

    return call


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with two small articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(
        "Bridge reopens in Lindqvist\n\nBy Anna Berg\n\n"
        "The bridge over the Orra reopened on Friday after 14 months of repairs. "
        "The work cost 3.2 million crowns, the town said.\n",
        encoding="utf-8",
    )
    (folder / "harvest.md").write_text(
        "---\ntitle: Apple harvest smallest in years\noutlet: Vale Gazette\n"
        "published: 2024-10-02\nurl: https://vale.example/harvest\n---\n\n"
        "Growers in the Orra valley picked 5,300 tons of apples, a third less than last year. "
        "A frost in April killed the blossom, said Ingrid Holm of the growers' union.\n",
        encoding="utf-8",
    )
    return folder
