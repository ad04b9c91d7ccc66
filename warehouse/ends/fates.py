"""Judges what happens to a model id, by the rules of evidence in `pipelines/commands/ends/README.md`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from warehouse.ends import states
from warehouse.ends.hosts import HOSTS, RELAY, name_host, name_host_of_row, select_regions
from warehouse.ends.model_ids import (
    NameIndex,
    Row,
    find_makers_row,
    find_rows,
    find_titles,
    find_versions,
    is_title,
    list_whole_forms,
    names_version_only,
    nearest_name,
    plain_name,
)

EndState = Literal[
    "ended", "closed_to_new", "ends", "any_day", "not_before", "undated", "host_unknown", "unknown", "unread",
    "no_end_announced",
]  # fmt: skip
"""`not_before` is an earliest day ahead, `any_day` one that has passed, `undated` a stage without a day.

`host_unknown`: the id names a host whose own date is not known. `unread`: the name is known from a list or another
place, and no deprecation page is read that could end it."""
Urgency = Literal["ended", "soon", "undated", "unknown", "none"]
"""What the exit code counts: ended, ends within the window, may end on an unknown day, unknown."""
ORDER = (
    "ended", "soon", "closed_to_new", "any_day", "ends", "not_before", "undated", "host_unknown", "unknown", "unread",
    "no_end_announced",
)  # fmt: skip
"""States by urgency."""
LONGEST = 200
_WEB_LINK = re.compile(r"https?://[^\s<>\"'`\\@]{1,490}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageWord:
    """The statement of one page about an id. All text is printable, and `url` is a web address."""

    state: EndState
    ends_on: date | None = None
    """An exact day, the first day of a month, or an earliest day."""
    ends_kind: str = ""
    days_left: int | None = None
    """Days from today to `ends_on`; negative once it has passed."""
    is_soon: bool = False
    """The end is within the window."""
    name: str = ""
    """The model as the page names it."""
    place: str = ""
    """Whose page it is, with the region in brackets if the statement is for one."""
    replacement: tuple[str, ...] = ()
    url: str | None = None
    stage: str = ""
    as_of_on: date | None = None
    """When the page was last read."""
    closed_to_new_on: date | None = None
    """From when new accounts are refused."""
    notice_days: int | None = None
    """Days from the first dated announcement to the end."""
    note: str = ""
    """That the page no longer lists the name, and since when."""
    is_snapshot: bool = False
    """The statement is about a dated snapshot of an undated name."""

    @property
    def urgency(self) -> Urgency:
        """Returns its weight for the exit code."""
        if self.state == "ended":
            return "ended"
        if self.is_soon:
            return "soon"
        if self.state in ("unknown", "host_unknown"):
            return "unknown"
        return "undated" if self.state in ("any_day", "undated", "closed_to_new") else "none"


@dataclass(frozen=True, slots=True)
class IdFate:
    """What happens to an id: the statement that decides, and others that matter, the most urgent first."""

    word: PageWord
    elsewhere: tuple[PageWord, ...] = ()
    nearest: str = ""
    """The known name most like an unknown id."""

    @property
    def urgency(self) -> Urgency:
        """Returns what the exit code counts; an id that ends at a host and is read of nowhere else is unknown."""
        ends_elsewhere = any(word.urgency in ("ended", "soon") for word in self.elsewhere)
        return "unknown" if self.word.state == "unread" and ends_elsewhere else self.word.urgency


UNKNOWN = PageWord("unknown")


def judge_id(asked: str, names: NameIndex, today: date, until: date, via: str = "") -> IdFate:
    """Judges an id by today and until the end of the window; `via` is the host of ids that name none."""
    host = name_host(asked) or via
    rows = find_rows(asked, names)
    exact = [row for row in rows if not names_version_only(row["model"], asked)]
    titles = [row for row in find_titles(asked, names) if row not in rows]
    versions = [*(row for row in rows if row not in exact), *find_versions(asked, names)]
    window = (today, until)
    words = _read_statements(asked, [*exact, *titles], window)
    if host == RELAY and RELAY not in words:
        host = ""
    own = words.get(host, [])
    if not host and not own and _is_hosts_own_name(asked, [*exact, *titles]):
        own = [word for place in words.values() for word in place]
    chosen = min(own, key=rank_word, default=None)
    of_versions = _read_versions(asked, versions, host, window)
    if chosen is None or chosen.state == "no_end_announced":
        chosen = _choose_version(of_versions, chosen) or chosen
    chosen = chosen or _judge_unnamed(asked, host, [*exact, *titles, *versions], names)
    others = {
        word
        for place, of_place in words.items()
        for word in of_place
        if word.urgency != "none" or place == host or chosen.state == "host_unknown"
    }
    if chosen.is_snapshot:
        others |= {word for word in of_versions if word.state != "ended"}
    others = {word for word in others if (word.name, word.place) != (chosen.name, chosen.place)}
    nearest = "" if rows or versions or chosen.state != "unknown" else nearest_name(asked, names)
    # A title is no id to write instead.
    return IdFate(chosen, tuple(sorted(others, key=rank_word)), "" if is_title(nearest) else nearest)


def rank_word(word: PageWord) -> tuple[int, date, str, str]:
    """Orders by urgency, then by day."""
    return ORDER.index("soon" if word.is_soon else word.state), word.ends_on or date.max, word.name, word.place


def _read_statements(asked: str, rows: Sequence[Row], window: tuple[date, date]) -> dict[str, list[PageWord]]:
    """Reads what pages state about an id, by host; "" is the maker's own API. Being listed is no statement."""
    by_place: dict[str, list[Row]] = {}
    for row in filter(_is_statement, rows):
        place = name_host_of_row(row) if _is_about(asked, row) else "API of open weights"
        by_place.setdefault(place, []).append(row)
    return {
        place: [_read_word(row, *window) for row in _select_valid(asked, of_place)]
        for place, of_place in by_place.items()
    }


def _select_valid(asked: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Selects the statements about regions that an id may run in, and of these what the page still lists, if any."""
    rows = select_regions(asked, rows)
    return [row for row in rows if row.get("is_listed", True)] or rows


def _read_versions(asked: str, rows: Sequence[Row], host: str, window: tuple[date, date]) -> list[PageWord]:
    """Reads what is known of the snapshots of an undated id at one place; a list counts only for what no page names."""
    told = [row for row in rows if _is_statement(row) and _is_about(asked, row) and name_host_of_row(row) == host]
    named = {plain_name(list_whole_forms(row["model"])[-1]) for row in rows if _is_statement(row)}
    listed = [row for row in rows if plain_name(list_whole_forms(row["model"])[-1]) not in named and not host]
    return [_read_word(row, *window) for row in told] + [_read_listing(row) for row in listed]


def _choose_version(words: Sequence[PageWord], own: PageWord | None) -> PageWord | None:
    """Chooses the snapshot that decides for an undated id: the earliest of those that still run, or the last to end.

    A page that lists the id itself as active is overruled only if each snapshot has an end.
    """
    running = [word for word in words if word.state != "ended"]
    dated = [word for word in running if word.ends_on or word.state == "undated"]
    if own is not None and len(dated) < len(running):
        return None
    if running:
        told = [word for word in running if word.state not in ("unknown", "unread")]
        return replace(min(told, key=rank_word), is_snapshot=True) if told else None
    last = max(words, key=lambda word: word.ends_on or date.min, default=None)
    return last and replace(last, is_snapshot=True)


def _judge_unnamed(asked: str, host: str, rows: Sequence[Row], names: NameIndex) -> PageWord:
    """Judges an id that no page of its place names."""
    if host:
        return PageWord("host_unknown", place=HOSTS[host])
    listed = [row for row in rows if not _is_statement(row)]
    if listed or rows:
        return min((_read_listing(row) for row in listed), key=rank_word, default=PageWord("unread"))
    row = find_makers_row(asked, names)
    return PageWord("unknown", place=_clean(row["title"]), as_of_on=_to_day(row["as_of_at"])) if row else UNKNOWN


def _is_statement(row: Row) -> bool:
    return "shutdown_kind" in row or bool(row.get("expires_on"))


def _is_about(asked: str, row: Row) -> bool:
    """Returns whether a page speaks of what an id names: that of a maker of open weights ends the names of its own API
    only, not the weights."""
    return row["side"] != "open" or "shutdown_kind" not in row or row["model"].startswith(asked)


def _is_hosts_own_name(asked: str, rows: Sequence[Row]) -> bool:
    """Returns whether only hosts have an id, and a prefix names no other place."""
    is_listed = any(not _is_statement(row) for row in rows)
    return not is_listed and ("/" not in asked or any(plain_name(row["model"]) == plain_name(asked) for row in rows))


def _read_listing(row: Row) -> PageWord:
    """Returns what a listing proves: nothing but that the name exists, and whether its maker's page leaves it out."""
    is_page_read = row["as_of_at"] is not None and row["side"] != "open"
    return PageWord(
        "unknown" if is_page_read else "unread",
        name=_clean(row["model"]),
        place=_clean(row["title"] if is_page_read else row["place"]),
        url=_to_link(row.get("url")),
        as_of_on=_to_day(row["as_of_at"]),
        note=f"missing from {_clean(row['place'])} since {row['gone_on']}" if row.get("gone_on") else "",
    )


def _read_word(row: Row, today: date, until: date) -> PageWord:
    if "shutdown_kind" not in row:
        row = {**row, "shutdown_on": row["expires_on"], "shutdown_kind": "exact", "stage": None, "title": row["place"]}
    on: date | None = row["shutdown_on"]
    state = _name_state(row, today)
    region = f" ({_clean(row['region'])})" if row.get("region") else ""
    return PageWord(
        state=state,
        ends_on=on,
        ends_kind=row["shutdown_kind"] if on else "",
        days_left=(on - today).days if on else None,
        is_soon=on is not None and on <= until and state in ("ends", "closed_to_new"),
        name=_clean(row["model"]),
        place=_clean(row["title"]) + region,
        replacement=tuple(_clean(name) for name in row.get("replacement") or ()),
        url=_to_link(row.get("url")),
        stage=_clean(row["stage"] or ""),
        as_of_on=_to_day(row.get("as_of_at")),
        closed_to_new_on=row.get("closed_to_new_on"),
        notice_days=row.get("notice_days"),
        note="" if row.get("is_listed", True) else f"no longer on the page, last seen {_to_day(row['last_seen_at'])}",
    )


def _name_state(row: Row, today: date) -> EndState:
    names: dict[str, EndState] = {
        states.PAST: "ended", states.OPEN: "any_day", states.GONE: "undated", states.SILENT: "no_end_announced",
        states.AHEAD: "not_before" if row["shutdown_kind"] == "not_before" else "ends",
    }  # fmt: skip
    state = names[states.judge_state(row, today)]
    closed_on: date | None = row.get("closed_to_new_on")
    return "closed_to_new" if closed_on and closed_on <= today and state != "ended" else state


def _to_day(seen: datetime | None) -> date | None:
    return None if seen is None else seen.date()


def _clean(text: str) -> str:
    """Returns a text that can steer neither a terminal nor a browser."""
    return "".join(filter(str.isprintable, text))[:LONGEST]


def _to_link(url: str | None) -> str | None:
    return url if url and _WEB_LINK.fullmatch(url) else None
