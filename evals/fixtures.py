"""A pytest fixture for one's own tests.

Put `pytest_plugins = ["evals.fixtures"]` into the topmost conftest.py, and the archive's folder
into pytest's settings as `onrecord_data`; without it the tests use your own data folder.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa import Engine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting."""
    parser.addini("onrecord_data", "The data folder that the fixture onrecord opens.", default="")


@pytest.fixture(scope="session")
def onrecord(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on the archive, opened once a test run."""
    data = str(request.config.getini("onrecord_data"))
    folder = request.config.rootpath / data if data else None
    if folder and not (folder / "library.db").exists():
        pytest.fail(f"onrecord_data is {folder}, which is no archive", pytrace=False)
    with Engine.open(folder, samples=folder is None) as engine:
        yield engine
