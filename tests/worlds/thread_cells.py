"""Cells of threads and replies that tests of help and depth share: closed, fixed, said to work, code."""

from datetime import timedelta
from typing import Any

from tests.worlds.rows import NOW, Row

SOLVED, THANKS = {"has_solved": True}, {"has_thanks": True}
CODE = {"has_code": True}
OLD = 800
"""Hours since a thread was asked that has been watched for more than thirty days."""


def closed(hours: float, age_hours: float = OLD, by: str | None = "maintainer", **cells: Any) -> Row:
    """Cells of a thread closed so many hours after it was asked."""
    at = NOW - timedelta(hours=age_hours - hours)
    return {
        "state": "closed",
        "closed_at": at,
        "first_closed_at": at,
        "closed_by_role": by,
        "close_reason": "completed",
        **cells,
    }


def fixed(hours: float, role: str, who: str = "fixer", closed_hours: float | None = None) -> Row:
    """Cells of a thread that a change, merged so many hours after it was asked, closed then or later."""
    fix = {
        "fixed_at": NOW - timedelta(hours=OLD - hours),
        "fixed_by_role": role,
        "fixed_by_id": who,
        "fix_url": "https://x/pull/1",
    }
    return closed(hours if closed_hours is None else closed_hours) | fix
