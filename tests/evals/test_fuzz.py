"""The fuzzer finds what it is for, and the loaders hold on a small run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from evals import fuzz
from evals.fuzz import LOADERS, Loader, mutate


@pytest.mark.parametrize("name", LOADERS)
def test_each_loader_holds_on_a_small_run(name: str, tmp_path: Path) -> None:
    found = fuzz.fuzz(name, 200, 7, tmp_path)
    # Memory is not looked at: the forked process begins with all that the tests have loaded.
    assert not found.crashes and not found.hangs and found.inputs == 200, found
    assert 0 < found.read <= 200


def test_the_same_seed_gives_the_same_input_and_inputs_differ() -> None:
    made = [mutate(LOADERS["feeds"], n) for n in range(50)]
    assert made == [mutate(LOADERS["feeds"], n) for n in range(50)]
    assert len(set(made)) > 40


def test_crashes_deaths_and_hangs_are_found_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = {"crash": 3, "death": 5, "slow": 7, "hang": 9}

    def read(data: bytes) -> None:
        n = int(data)
        if n == calls["crash"]:
            raise KeyError(n)
        if n == calls["death"]:
            os._exit(1)
        began = time.process_time()
        while n == calls["slow"] and time.process_time() < began + 0.3:
            pass
        while n == calls["hang"]:
            pass
        if n % 2:
            raise ValueError("an odd number")

    monkeypatch.setattr(fuzz, "LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(fuzz, "mutate", lambda loader, seed: b"%d" % (seed % 1_000_000_007))
    monkeypatch.setitem(LOADERS, "odd", Loader(read, (b"",)))
    found = fuzz.fuzz("odd", 12, 1, tmp_path)
    assert found.broken and found.inputs == 12
    assert len(found.crashes) == 2 and "KeyError" in found.crashes[0]
    assert "died" in found.crashes[1]
    assert len(found.hangs) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "odd-crash-1-3", "odd-crash-1-5", "odd-hang-1-7", "odd-hang-1-9",
    ]  # fmt: skip
