"""Questions of every kind about stories in the news, half of them without an answer.

Of the weeks that neither training nor calibration saw: what a reader may ask an archive of some
hundred and fifty articles about forty stories (`qa.train.stories`). Scored as `evals.bench.archive`
does; where the product answers with a sentence, the sentence that answers is right. How many are
dealt with rightly is told for each kind of question as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from corpus import Article, OnRecordError, Skipped
from evals.bench import archive
from evals.bench.result import Progress, Result
from qa.engine import Engine
from qa.train.archive_cases import ArchiveCase
from qa.train.stories import story_articles, story_cases


def load(folder: Path) -> list[ArchiveCase]:
    """The questions reported on.

    Raises:
        OnRecordError: the folder does not hold RealTimeQA's articles.
    """
    try:
        return story_cases(folder, "report")
    except FileNotFoundError as error:
        raise OnRecordError(f"{folder}: lacks {error.filename}; it needs realtimeqa/") from error
    except ValueError as error:
        raise OnRecordError(str(error)) from error


def articles(folder: Path) -> Iterator[Article | Skipped]:
    """The stories' articles."""
    yield from story_articles(folder, "report")


def run(cases: Sequence[ArchiveCase], engine: Engine, progress: Progress | None = None) -> Result:
    """Put every question to an engine that holds the articles, and score the answers.

    Raises:
        OnRecordError: there are none.
    """
    return replace(archive.run(cases, engine, progress), benchmark="stories")
