"""Sentences about chosen families of which no page of ends is read: whether there can be one, and where to look."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import pluralize

ABSENCES = "select family_id, state, why from staging.absences where channel_kind = 'deprecations' order by family_id"
MOST_NAMED = 4
"""Families that a sentence names."""
NEEDLESS = "not applicable"
"""State of families that end no model by a day of their own."""


class Unread(NamedTuple):
    """Families without a page of ends, by why there is none; names as sentences give them."""

    kept: Sequence[str]
    """Those of weights, which stay with whoever has downloaded them."""
    dateless: Sequence[str]
    """Others that end no model by a day of their own."""
    unknown: Sequence[str]
    """Those of which a page would tell, and none is read."""
    whys: Sequence[str]
    """Why others have no days, as the catalog says it."""


def load_unread(page: View) -> Unread:
    """Loads why no page of ends is read of the families that a page shows."""
    rows = page.load_rows("staging.absences", ABSENCES)
    whys = {row["family_id"]: row["why"] for row in rows}
    needless = {row["family_id"] for row in rows if row["state"] == NEEDLESS}
    dateless = [family for family in page.families if family["family_id"] in needless and family["side"] != "open"]
    kept = [family for family in page.families if family["family_id"] in needless and family["side"] == "open"]
    unknown = [family for family in page.families if family["family_id"] not in needless]
    reasons = dict.fromkeys(numbers.escape_markdown(whys[family["family_id"]] or "") for family in dateless)
    return Unread(_name_all(kept), _name_all(dateless), _name_all(unknown), [why for why in reasons if why])


def _name_all(families: Sequence[Row]) -> list[str]:
    return [numbers.escape_markdown(family["title"]) for family in families]


def judge_unread(unread: Unread) -> str:
    """Words as a verdict why there is no page of ends; empty where one would tell and is not read."""
    if unread.unknown:
        return ""
    if unread.dateless:
        return f"**{_describe_dateless(unread)}**"
    return "**Weights that were downloaded cannot be switched off.**" if unread.kept else ""


def answer_unread(unread: Unread) -> str:
    """States where ends are announced instead, or that the answer is not known."""
    kept = _name_few(unread.kept)
    if unread.unknown or not (kept or unread.dateless):
        whose = _name_few(unread.unknown) if kept or unread.dateless else "these families"
        told = [f"The data give no answer: no deprecation page has been read for {whose}."]
        told += [f"Weights of {kept} that were downloaded cannot be switched off."] if kept else []
        return " ".join([*told, *([_describe_dateless(unread)] if unread.dateless else [])])
    told = [f"No page ends models of {kept}; hosts end them, at dates of their own."] if kept else []
    return " ".join([*unread.whys, *told, "To see dates, choose a host or check your model ids."])


def _describe_dateless(unread: Unread) -> str:
    count = len(unread.dateless)
    verb, its = pluralize(count, "ends", "end"), pluralize(count, "its", "their")
    return f"{_name_few(unread.dateless)} {verb} no model at a date of {its} own."


def _name_few(names: Sequence[str]) -> str:
    return f"{len(names)} families" if len(names) > MOST_NAMED else numbers.join_words(names)
