"""How well near-copies are found: precision and recall on copies made from real articles.

    python -m evals.copies ARTICLES.jsonl [--articles 400]

Of each article four copies are made: a few words changed in each sentence, half of the paragraphs
cut, a new headline and opening, and half of it merged with half of another. All go through the
index as they would on ingest. A copy is found where it is put to the story of an article it was
made from. Precision counts the pairs of originals, which are different articles, that share a
story: some of them really are copies of each other, so it is a lower bound.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path

from corpus import Article
from corpus.copies import bands
from corpus.records import read_jsonl
from evals.bench.files import open_text
from evals.statistics import Figure, proportion
from index.library import Library
from index.stories import Stories

_SHORTEST = 1500  # characters: shorter pieces have too few paragraphs to cut
_OPENING = "Here is the latest on a matter that has been followed closely for some time now."


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m evals.copies", description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--articles", type=int, default=400, dest="count")
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    originals = list(islice(_long_ones(given.articles), given.count))
    rng = random.Random(given.seed)
    made = {
        "a few words changed": [(_edited(a, rng), [a]) for a in originals],
        "half of the paragraphs cut": [(_cut(a, rng), [a]) for a in originals],
        "new headline and opening": [(_retold(a), [a]) for a in originals],
        "half merged with half of another": [
            (_merged(a, b), [a, b])
            for a, b in zip(originals, originals[1:] + originals[:1], strict=True)
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder, "library.db"))
        stories = Stories(library)
        started = time.perf_counter()
        everything = [*originals, *(copy for pairs in made.values() for copy, _ in pairs)]
        for article in everything:
            library.add(article, [])
            stories.place(article, bands(article.body))
        took = time.perf_counter() - started
        story = stories.of(article.id for article in everything)
        library.close()
    print("| copies | found | n |\n|---|---|---|")
    for name, pairs in made.items():
        found = [any(story[copy.id] == story[a.id] for a in sources) for copy, sources in pairs]
        print(f"| {name} | {_share(found)} | {len(found)} |")
    alone = [story[a.id] != story[b.id] for a, b in combinations(originals, 2)]
    print(f"| different articles kept apart | {_share(alone)} | {len(alone):,} |")
    print(f"\n{1000 * took / len(everything):.1f} ms an article")


def _share(values: list[bool]) -> str:
    figure: Figure = proportion(sum(values), len(values))
    return f"{figure.value:.4f} ({figure.low:.4f} to {figure.high:.4f})"


def _long_ones(path: Path) -> Iterator[Article]:
    with open_text(path) as lines:
        for one in read_jsonl(lines, str(path)):
            if (
                isinstance(one, Article)
                and len(one.body) > _SHORTEST
                and one.body.count("\n\n") > 5
            ):
                yield one


def _edited(article: Article, rng: random.Random) -> Article:
    words = article.body.split(" ")
    for _ in range(len(words) // 20):
        words[rng.randrange(len(words))] = rng.choice(("reportedly", "some", "officials", "new"))
    return _again(article.title, " ".join(words))


def _cut(article: Article, rng: random.Random) -> Article:
    paragraphs = article.body.split("\n\n")
    kept = sorted(rng.sample(range(len(paragraphs)), (len(paragraphs) + 1) // 2))
    return _again(article.title, "\n\n".join(paragraphs[n] for n in kept))


def _retold(article: Article) -> Article:
    rest = article.body.split("\n\n", 1)[1]
    return _again("What to know today", f"{_OPENING}\n\n{rest}")


def _merged(first: Article, second: Article) -> Article:
    halves = [a.body.split("\n\n")[: a.body.count("\n\n") // 2 + 1] for a in (first, second)]
    return _again(first.title, "\n\n".join(halves[0] + halves[1]))


def _again(title: str, body: str) -> Article:
    return Article.create(title=title, body=body)


if __name__ == "__main__":
    main()
