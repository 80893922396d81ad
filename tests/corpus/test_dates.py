"""Dates as people, pages and feeds write them."""

from __future__ import annotations

import pytest

from corpus.dates import parse_date


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2025-02-05T10:00:00Z", "2025-02-05T10:00:00+00:00"),
        ("02/05/2025", "2025-02-05T00:00:00+00:00"),
        ("05.02.2025", "2025-02-05T00:00:00+00:00"),
        ("5.2.2025 10:00", "2025-02-05T10:00:00+00:00"),
        ("13.02.2025", "2025-02-13T00:00:00+00:00"),
        ("2025.02.05", "2025-02-05T00:00:00+00:00"),
        ("Feb. 5, 2025, 3:15 p.m. ET", "2025-02-05T15:15:00-05:00"),
        ("July 5, 2025 9:30 PM ET", "2025-07-05T21:30:00-04:00"),
        ("Thu, 06 Mar 2025 23:30:00 JST", "2025-03-06T23:30:00+09:00"),
        ("5 Feb 2025, 11.30pm", "2025-02-05T23:30:00+00:00"),
        ("Wed, 05 Feb 2025 10:00:00 GMT", "2025-02-05T10:00:00+00:00"),
        ("5 Feb 2025 10:00 GMT+8", "2025-02-05T10:00:00+08:00"),
        ("Feb 5, 2025 10:00 UTC-3", "2025-02-05T10:00:00-03:00"),
        ("Wed, 05 Feb 2025 10:00:00 +0800 (CST)", "2025-02-05T10:00:00+08:00"),
        (
            "Wed Feb 05 2025 10:00:00 GMT+0100 (Central European Standard Time)",
            "2025-02-05T10:00:00+01:00",
        ),
    ],
)
def test_dates(text: str, read: str) -> None:
    moment = parse_date(text)
    assert moment and moment.isoformat() == read


@pytest.mark.parametrize("text", ["", "February 5", "Tuesday", "soon", "32.01.2025", "5 (2025)"])
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert parse_date(text) is None
