"""The one kind of error a user can put right."""

from __future__ import annotations


class OnRecordError(Exception):
    """Something the user can fix. The text is one line: what, where, and what to do."""
