"""Sentences about chosen families of which no page of ends is read: whether there can be one, and where to look."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers

ABSENCES = "select family_id, state, why from staging.absences where channel_kind = 'deprecations' order by family_id"
MOST_NAMED = 4
"""Families that a sentence names."""
NEEDLESS = "not applicable"
"""State of families that end no model by a day of their own."""


class Unread(NamedTuple):
    """Families without a page of ends, by why there is none; names as sentences give them."""

    kept: Sequence[str]
    """Those of weights, which stay with whoever has downloaded them."""
    unknown: Sequence[str]
    """Those of which a page would tell, and none is read."""
    whys: Sequence[str]
    """Why others have no days, as the catalog says it."""


def load_unread(page: View) -> Unread:
    """Loads why no page of ends is read of the families that a page shows."""
    whys = {row["family_id"]: row["why"] for row in page.load_rows("staging.absences", ABSENCES)
            if row["state"] == NEEDLESS}  # fmt: skip
    needless = [family for family in page.families if family["family_id"] in whys]
    kept = [family for family in needless if family["side"] == "open"]
    unknown = [family for family in page.families if family not in needless]
    reasons = [numbers.escape_markdown(whys[family["family_id"]] or "") for family in needless if family not in kept]
    return Unread(_name_all(kept), _name_all(unknown), [why for why in dict.fromkeys(reasons) if why])


def _name_all(families: Sequence[Row]) -> list[str]:
    return [numbers.escape_markdown(family["title"]) for family in families]


def judge_unread(unread: Unread) -> str:
    """Words as a verdict why there is no page of ends; empty if one would tell and is not read."""
    if unread.unknown or unread.whys or not unread.kept:
        return ""
    return "**Weights that were downloaded cannot be switched off.**"


def answer_unread(unread: Unread) -> str:
    """States where ends are announced instead, or that the answer is not known."""
    told = list(unread.whys)
    if unread.kept:
        told.append(f"No page ends models of {_name_few(unread.kept)}; hosts end them, at dates of their own.")
    if unread.unknown or not told:
        whose = _name_few(unread.unknown) or "these families"
        return " ".join([f"The data give no answer: no deprecation page has been read for {whose}.", *told])
    return " ".join([*told, "To see dates, choose a host or check your model ids."])


def _name_few(names: Sequence[str]) -> str:
    return f"{len(names)} families" if len(names) > MOST_NAMED else numbers.join_words(names)
