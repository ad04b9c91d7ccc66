"""Sentences about the end of a model: when it is, how certain, how far away, and what to use instead."""

from collections.abc import Sequence
from datetime import date

from dashboards.metric_row import Row
from dashboards.words import numbers
from dashboards.words.numbers import format_day as format_day
from warehouse.ends.states import OPEN, PAST, judge_state
from warehouse.wording import GAP, count_things, pluralize

LETTERS = 64
"""Letters of a model's name in a sentence."""


def name_model(row: Row) -> str:
    """Names a model in a sentence; of an endless name its beginning, since tables and charts have all of it."""
    model = str(row["model"])
    return numbers.escape_markdown(model if len(model) <= LETTERS else f"{model[:LETTERS]}…")


def describe_end(row: Row) -> str:
    """Describes an end as the page gives it: a day, a month, an earliest day, or nothing."""
    on = row["shutdown_on"]
    if on is None:
        return "no day given"
    return {"month": f"{on:%b %Y}, no day given", "not_before": f"not before {format_day(on)}"}.get(
        row["shutdown_kind"], format_day(on)
    )


def shorten_end(row: Row) -> str:
    """Shortens an end for narrow places: `9 Nov 2026`, `Dec 2026`, `from 4 Nov 2026`."""
    on: date = row["shutdown_on"]
    return {"month": f"{on:%b %Y}", "not_before": f"from {format_day(on)}"}.get(row["shutdown_kind"], format_day(on))


def count_days(count: int) -> str:
    """Counts days: `1 day`, `8 days`."""
    return f"{count:,}{GAP}{pluralize(abs(count), 'day')}"


def describe_time_left(row: Row, today: date) -> str:
    """Describes the time left: `in 8 days`, or at least that many if only an earliest day or a month is known."""
    on = row["shutdown_on"]
    kind = judge_state(row, today)
    if on is None or kind == OPEN:
        return "may end any day" if kind == OPEN else ""
    if kind == PAST:
        return f"{count_days((today - on).days)} ago" if row["shutdown_kind"] == "exact" else "over"
    ahead = (on - today).days
    if ahead <= 0:
        soon = {"exact": "today", "month": "within this month"}
        return soon.get(row["shutdown_kind"], "from today on")
    return f"in {count_days(ahead)}" + ("" if row["shutdown_kind"] == "exact" else " or later")


def name_replacement(row: Row) -> str:
    """Names the replacement that the page recommends."""
    return ", ".join(row["replacement"] or [])


def describe_notice(row: Row) -> str:
    """Describes the days from the first dated announcement to the end."""
    day_count = row.get("notice_days")
    return count_days(day_count) if day_count is not None and day_count >= 0 else "not known"


def judge_page(ahead: Sequence[Row], today: date) -> str:
    """Words as a verdict how many ends a year brings, of models or of features, and how soon the first comes."""
    if not ahead:
        return "**Nothing listed has an announced end within 12 months.**"
    sure = [row for row in ahead if row["shutdown_kind"] == "exact"]
    soonest, rest = describe_time_left((sure or ahead)[0], today), len(ahead) - len(sure)
    if not sure:
        many = f"{count_things(rest, 'end')}"
        return f"**{many} may come within 12 months**, the first {soonest}: no day is announced."
    more = "; more may come" if rest else ""
    many = f"{count_things(len(sure), 'end has', 'ends have')}"
    return f"**{many} a known day within 12 months**, the first {soonest}{more}."


def answer_page(ahead: Sequence[Row], pages: int, as_of: str) -> str:
    """States what ends first, for how many ends no day is known, and what this rests on."""
    read = f"{count_things(pages, 'page')} read, as of {as_of}"
    if not ahead:
        return f"This is what was announced ({read}), not a promise."
    sure = [row for row in ahead if row["shutdown_kind"] == "exact"]
    first, rest = (sure or ahead)[0], len(ahead) - len(sure)
    bounds = f" For {rest:,} more, only a month or an earliest day is known." if sure and rest else ""
    return (
        f"The first is {name_model(first)} ({numbers.escape_markdown(first['title'])}), {'on ' if sure else ''}"
        f"{describe_end(first)} ({read}).{bounds}"
    )
