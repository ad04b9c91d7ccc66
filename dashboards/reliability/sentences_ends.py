"""Sentences about the end of a model: when it is, how certain, how far away, and what to use instead."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dashboards.metric_row import Row
from dashboards.words import numbers
from dashboards.words.numbers import format_day as format_day
from warehouse.ends.model_ids import IdMatch
from warehouse.ends.states import AHEAD, GONE, OPEN, PAST, RANKS, SILENT, UNKNOWN, UNREAD, judge_state
from warehouse.wording import GAP, is_are, pluralize

MOST_NAMED = 4
"""Ids that a sentence names."""
LETTERS = 64
"""Letters of a model's name in a sentence."""
YEAR = timedelta(days=365)


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
    """Describes the time left: `in 8 days`, or at least that many where only an earliest day or a month is known."""
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


def describe_fate(row: Row, today: date, as_of: date | None) -> str:
    """Describes in words what happens to a model."""
    seen = (
        ""
        if row.get("is_listed", True)
        else f"; no longer on the page, last seen {format_day(_to_date(row.get('last_seen_at')))}"
    )
    bound = "" if row["shutdown_kind"] == "exact" else ": a bound, not a promise"
    return {
        AHEAD: f"ends {describe_end(row)}{bound}".replace("ends not before", "does not end before", 1),
        OPEN: f"may end any day: {describe_end(row)}",
        PAST: f"already ended, {describe_end(row)}" if row["shutdown_on"] is not None else "already ended",
        SILENT: f"no end announced as of {format_day(as_of) or 'an unknown day'}",
        GONE: f"{row['stage'] or 'named'} on the deprecation page, without a date",
    }[judge_state(row, today)] + seen


def _to_date(seen: datetime | None) -> date | None:
    return None if seen is None else seen.date()


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
        many = f"{rest:,} {pluralize(rest, 'end')}"
        return f"**{many} may come within 12 months**, the first {soonest}: no day is announced."
    more = "; more may come" if rest else ""
    many = f"{len(sure):,} {pluralize(len(sure), 'end has', 'ends have')}"
    return f"**{many} a known day within 12 months**, the first {soonest}{more}."


def answer_page(ends: Sequence[Row], ahead: Sequence[Row], pages: int, today: date, as_of: str) -> str:
    """States how much ends within a year by the pages that are read, and what ends first."""
    read = f"n{GAP}={GAP}{len(ends):,} entries on {pages} {pluralize(pages, 'page')}, as of {as_of}"
    if not ahead:
        none = "**Nothing listed there has an announced end within 12 months**"
        return f"{none} ({read}). This is what was announced, not a promise."
    sure = [row for row in ahead if row["shutdown_kind"] == "exact"]
    first = (sure or ahead)[0]
    rest = len(ahead) - len(sure)
    bounds = f"; for {rest:,} more, only a month or an earliest day is known" if rest else ""
    have = pluralize(len(sure), "has", "have")
    return (
        f"Of the ends that makers and hosts list, **{len(sure):,} {have} a known day within 12 months**{bounds} "
        f"({read}). The first is **{name_model(first)}** "
        f"({numbers.escape_markdown(first['title'])}), {'on ' if sure else ''}{describe_end(first)}, "
        f"{describe_time_left(first, today)}."
    )


def list_ids(matches: Sequence[IdMatch], today: date) -> list[dict[str, Any]]:
    """Lists one row per place that mentions an id, by what ends first; unknown ids get a row too."""
    lines = [line for match in matches for line in _list_id(match, today)]
    lines.sort(key=lambda line: (RANKS.index(line["rank"]), line["on"] or date.max, line["your id"]))
    return lines


def _list_id(match: IdMatch, today: date) -> list[dict[str, Any]]:
    lines = [_line_of_notice(match.asked, row, today) for row in match.rows if "shutdown_kind" in row]
    lists = [row for row in match.rows if "shutdown_kind" not in row]
    is_quiet = all(line["rank"] == SILENT for line in lines) and not any(row.get("expires_on") for row in lists)
    if is_quiet and (last := _find_last_version(match, today)):
        return [last]
    lines += [_line_of_drop(match.asked, row, today) for row in lists if row.get("expires_on")]
    if lines or lists:
        return lines or [_line_of_list(match.asked, lists[0])]
    dated = sorted({row["model"] for row in match.versions})
    near = (
        f"known only in dated versions, not all of which end: {numbers.join_words(dated)}"
        if dated
        else f"unknown here; closest known name: {match.nearest}"
        if match.nearest
        else "unknown here; no similar name is known"
    )
    return [_make_line(match.asked, UNKNOWN, near, {})]


def _find_last_version(match: IdMatch, today: date) -> dict[str, Any] | None:
    """Describes the last to end of the dated versions of an id without a date; None unless all that are known end or
    have ended, by their makers' pages where these name any."""
    told = [row for row in match.versions if "shutdown_kind" in row]
    deciding = [row for row in told if row["side"] != "host"] or told
    lines = [_line_of_notice(match.asked, row, today) for row in deciding]
    served = any(
        row["as_of_at"] is not None and row["side"] != "open" and not row.get("expires_on")
        for row in match.versions
        if "shutdown_kind" not in row
    )
    if not lines or served or any(line["rank"] not in (PAST, AHEAD) or line["kind"] == "not_before" for line in lines):
        return None
    last = max(lines, key=lambda line: line["on"] or date.min)
    return last | {"what happens": f"its last known version, {last['listed as']}, {last['what happens']}"}


def _line_of_notice(asked: str, row: Row, today: date) -> dict[str, Any]:
    words_of = {
        "from now": describe_time_left(row, today) or judge_state(row, today),
        "use instead": name_replacement(row),
        "notice given": describe_notice(row),
    }
    return (
        _make_line(asked, judge_state(row, today), describe_fate(row, today, _to_date(row["as_of_at"])), row) | words_of
    )


def _line_of_drop(asked: str, row: Row, today: date) -> dict[str, Any]:
    """Describes a name dropped from a list that many people read."""
    end = {**row, "shutdown_on": row["expires_on"], "shutdown_kind": "exact"}
    verb = "ends" if judge_state(end, today) == AHEAD else "ended"
    return _make_line(
        asked, judge_state(end, today), f"{verb} in {row['place']}, {format_day(row['expires_on'])}", end
    ) | {"from now": describe_time_left(end, today)}


def _line_of_list(asked: str, row: Row) -> dict[str, Any]:
    """Describes a name that no deprecation page has, by whether its maker has such a page."""
    gone = f"; missing from {row['place']} since {format_day(row['gone_on'])}" if row.get("gone_on") else ""
    if row["as_of_at"] is not None:
        return _make_line(
            asked,
            SILENT,
            f"no end announced as of {format_day(_to_date(row['as_of_at']))}, known from {row['place']} only{gone}",
            row,
        )
    weights = "; weights you have downloaded remain, but hosts may end it" if row["side"] == "open" else ""
    return _make_line(asked, UNREAD, f"no deprecation page is read{gone}{weights}", row)


def _make_line(asked: str, rank: str, sentence: str, row: Row) -> dict[str, Any]:
    of = row.get("title", "") + (f" ({row['region']})" if row.get("region") else "")
    return {
        "rank": rank, "on": row.get("shutdown_on"), "kind": row.get("shutdown_kind"), "your id": asked,
        "from now": rank, "what happens": sentence,
        "use instead": "",
        "notice given": "", "family": of, "page": row.get("url"), "listed as": row.get("model", ""),
    }  # fmt: skip


def judge_ids(lines: Sequence[Row], asked: int, today: date) -> str:
    """Words as a verdict what is most urgent for a reader's ids: what is over, what ends within a year, or what nobody
    here knows."""
    ids = {rank: {line["your id"] for line in lines if line["rank"] == rank} for rank in RANKS}
    near = _select_near(lines, today)
    count = len({line["your id"] for line in near if line["kind"] != "not_before"})
    own = f"your {asked} {pluralize(asked, 'id')}"
    if count and ids[PAST]:
        return f"**{len(ids[PAST])} of {own} ended in at least one place, and {count} will within 12 months.**"
    if ids[PAST]:
        return f"**{len(ids[PAST])} of {own} already ended in at least one place.**"
    if count:
        return f"**{count} of {own} {pluralize(count, 'ends', 'end')} within 12 months.**"
    if ids[OPEN]:
        return f"**{len(ids[OPEN])} of {own} may end any day.**"
    if floors := {line["your id"] for line in near}:
        return f"**{len(floors)} of {own} may end within 12 months**: only an earliest day is given."
    if ids[GONE]:
        return f"**{len(ids[GONE])} of {own} {is_are(len(ids[GONE]))} on a deprecation page without a date.**"
    if ids[UNREAD]:
        return f"**For {len(ids[UNREAD])} of {own} no deprecation page is read**, which is not the same as safe."
    if ids[UNKNOWN]:
        blind = len(ids[UNKNOWN])
        return f"**{blind} of {own} {is_are(blind)} unknown here**, which is not the same as safe."
    return f"**No end within 12 months is announced for {own}.**"


def _select_near(lines: Sequence[Row], today: date) -> list[Row]:
    """Selects what ends within a year, or may end then, since its earliest day lies within it."""
    return [line for line in lines if line["rank"] == AHEAD and line["on"] <= today + YEAR]


def _name_ids(ids: Iterable[str]) -> str:
    """Names a few ids, and counts them where they are many."""
    named = [numbers.escape_markdown(name) for name in sorted(ids)]
    return numbers.join_words(
        named if len(named) <= MOST_NAMED else [*named[: MOST_NAMED - 1], f"{len(named) - MOST_NAMED + 1} more"]
    )


def sum_up_ids(lines: Sequence[Row], today: date) -> str:
    """Sums up a reader's ids below the verdict: what ends first within a year, what is over, and what is unknown. What
    the verdict counts is named here."""
    ids = {rank: {line["your id"] for line in lines if line["rank"] == rank} for rank in RANKS}
    soon = [line for line in _select_near(lines, today) if line["kind"] != "not_before"]
    first = soon[0] if soon else None
    clauses = (
        [
            f"first to end is {numbers.escape_markdown(first['your id'])}, which "
            f"{numbers.escape_markdown(first['what happens'])} ({first['from now']})"
        ]
        if first
        else []
    )
    elsewhere = (
        " in at least one place" if ids[PAST] & {line["your id"] for line in lines if line["rank"] != PAST} else ""
    )
    clauses += [f"already ended{elsewhere}: {_name_ids(ids[PAST])}"] if ids[PAST] else []
    clauses += [f"may end any day: {_name_ids(ids[OPEN])}"] if ids[OPEN] else []
    blind, unread = len(ids[UNKNOWN]), len(ids[UNREAD])
    is_told = not (soon or ids[PAST] or ids[OPEN])
    if blind and is_told:
        clauses.append(f"no page or list that is read names {_name_ids(ids[UNKNOWN])}")
    elif blind:
        clauses.append(f"**{blind} {is_are(blind)} unknown here, which is not the same as safe**")
    clauses += (
        [f"for {unread} the answer is not known, as no deprecation page is read for {pluralize(unread, 'it', 'them')}"]
        if unread
        else []
    )
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}." if text else ""
