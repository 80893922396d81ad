"""No loader raises anything but what becomes one line, nor takes long, whatever it is given."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import Article, Skipped, load
from evals.fuzz_files import FILE_LOADERS

SUFFIXES = {name: f".{name}" for name in "html pdf json jsonl csv eml docx odt".split()}
SUFFIXES |= {"text": ".txt", "markdown": ".md"}


def changed(name: str, seed: int, more: bytes) -> bytes:
    """A good input with some of it cut, doubled, or replaced."""
    dice = random.Random(seed)
    _, seeds, tokens = FILE_LOADERS[name]
    data = bytearray(dice.choice(seeds))
    for _ in range(dice.randint(0, 4)):
        at = dice.randint(0, len(data))
        to = min(len(data), at + dice.randint(0, 40))
        piece = (b"", more, bytes(data[at:to]) * 20, dice.choice(tokens) * dice.randint(1, 50))
        data[at : dice.choice((at, to))] = dice.choice(piece)
    return bytes(data)


@pytest.mark.parametrize("name", FILE_LOADERS)
@given(seed=st.integers(0, 1 << 32), more=st.binary(max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_odd_bytes_end_in_articles_or_a_value_error(name: str, seed: int, more: bytes) -> None:
    started = time.process_time()
    try:
        FILE_LOADERS[name][0](changed(name, seed, more))
    except ValueError as error:
        assert str(error)
    assert time.process_time() - started < 10  # the first call imports what it needs


@pytest.mark.parametrize("name", FILE_LOADERS)
def test_the_good_inputs_are_good(name: str) -> None:
    read, seeds, _ = FILE_LOADERS[name]
    for found in [read(data) for data in seeds]:
        assert found
        assert all(
            isinstance(one, Article) for one in (found if isinstance(found, list) else [found])
        )


@pytest.mark.parametrize("name", SUFFIXES)
def test_through_the_front_door_a_bad_file_is_one_line(tmp_path: Path, name: str) -> None:
    for seed in range(5):
        file = tmp_path / f"{seed}{SUFFIXES[name]}"
        file.write_bytes(changed(name, seed, b"\0\xff"))
        for item in load([file]):
            assert isinstance(item, Article) or (
                isinstance(item, Skipped) and "\n" not in item.reason.strip()
            )


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4 (" + b"a" * 200_000 + b") Tj",
        b"<html><body><p>" + b"<div>" * 5_000 + b"x" * 5_000,
        b"<html><body><p>" + b"By A B " * 20_000,
        b"<html><meta name=description content='" + b"<p " * 60_000 + b"'><p>x",
        b"<html><title>" + b"a - " * 50_000 + b"</title><p>x",
        b"From: " + b"<" * 100_000 + b"\nSubject: " + b"(" * 100_000 + b"\n\nText.",
    ],
)
def test_hostile_input_is_read_in_bounded_time(tmp_path: Path, data: bytes) -> None:
    kind = "pdf" if data.startswith(b"%PDF") else "eml" if data.startswith(b"From") else "html"
    (tmp_path / f"a.{kind}").write_bytes(data)
    started = time.process_time()
    list(load([tmp_path / f"a.{kind}"]))
    assert time.process_time() - started < 5
