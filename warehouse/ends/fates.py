"""Judges what happens to a model id, by the rules of evidence in `pipelines/commands/ends/README.md`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from warehouse.ends import states
from warehouse.ends.hosts import HOSTS, RELAY, name_host, name_host_of_row, select_regions
from warehouse.ends.model_ids import (
    NameIndex,
    Row,
    find_replaced,
    find_rows,
    find_undated,
    find_versions,
    is_title,
    list_whole_forms,
    names_version_only,
    nearest_name,
    plain_name,
    strip_date,
)

EndState = Literal[
    "ended", "closed_to_new", "any_day", "ends", "not_before", "undated", "host_unknown", "unknown", "unread",
    "no_end_announced",
]  # fmt: skip
"""States by urgency. `not_before`: an earliest day ahead, `any_day`: one that has passed, `undated`: a stage only.

`host_unknown`: the id names a host whose own date is not known. `unread`: open weights, which no deprecation page that
is read could end."""
Urgency = Literal["ended", "soon", "undated", "unknown", "none"]
"""What the exit code counts: ended, ends within the window, may end on an unknown day, unknown."""
ORDER = ("ended", "soon", *get_args(EndState)[1:])
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
    moved_count: int = 0
    """How often the day was seen moved."""
    kept_count: int | None = None
    judged_count: int | None = None
    """Ends of the maker with the promised notice, and all that were announced; None if too few are known."""
    promised_days: int | None = None
    price_ratio: float | None = None
    context_ratio: float | None = None
    """Price and context of the first replacement, over those of what it replaces."""
    is_tools_kept: bool | None = None
    lacks: tuple[str, ...] = ()
    """Parameters that the first replacement refuses and what it replaces took."""
    note: str = ""
    """That the page no longer lists the name, and since when."""
    is_snapshot: bool = False
    """The statement is about a dated snapshot of an undated name."""
    is_replacement: bool = False
    """The page names the id only as the replacement of another."""

    @property
    def urgency(self) -> Urgency:
        """Returns its weight for the exit code."""
        if self.state == "ended":
            return "ended"
        if self.is_soon:
            return "soon"
        if self.state in ("unknown", "host_unknown", "unread"):
            return "unknown"
        return "undated" if self.state in ("any_day", "undated", "closed_to_new") else "none"


@dataclass(frozen=True, slots=True)
class IdFate:
    """What happens to an id: the statement that decides, and others that matter, the most urgent first."""

    word: PageWord
    elsewhere: tuple[PageWord, ...] = ()
    nearest: str = ""
    """The known name most like an unknown id."""
    replacement_ends: tuple[tuple[str, PageWord], ...] = ()
    """The replacements that ended or end within the window themselves."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known of an id: the rows that name it, its snapshots, and its name without a date or as a title."""

    asked: str
    named: Sequence[Row]
    snapshots: Sequence[Row]
    undated: Sequence[Row]
    today: date
    until: date

    @property
    def rows(self) -> list[Row]:
        return [*self.named, *self.snapshots, *self.undated]

    def read(self, rows: Iterable[Row], place: str) -> list[PageWord]:
        """Reads the statements of one place that are about the regions of the id, and still listed if any is."""
        of_place = [row for row in rows if _is_statement(row) and _name_place(self.asked, row) == place]
        valid = select_regions(self.asked, of_place)
        listed = [row for row in valid if row.get("is_listed", True)] or valid
        return _merge_closings([_read_word(row, self.today, self.until) for row in listed], self.today)


def judge_id(asked: str, names: NameIndex, today: date, until: date, via: str = "") -> IdFate:
    """Judges an id, and what to use instead, by today and until the end of the window; `via` is the host of ids that
    name none."""
    fate = _judge_alone(asked, names, today, until, via)
    # What a relay drops is a warning, too, to who would move there.
    host = name_host(asked) or via or RELAY
    words = ((name, _judge_alone(name, names, today, until, host).word) for name in fate.word.replacement)
    ending = tuple((name, word) for name, word in words if word.urgency in ("ended", "soon"))
    return replace(fate, replacement_ends=ending)


def _judge_alone(asked: str, names: NameIndex, today: date, until: date, via: str) -> IdFate:
    evidence = _find_evidence(asked, names, today, until)
    host = name_host(asked) or via
    places = sorted({_name_place(asked, row) for row in evidence.rows if _is_statement(row)})
    by_place = {place: _judge_place(evidence, place) for place in places}
    own = by_place.pop(host, [])
    if host == RELAY:
        own += by_place.pop("", [])
    elif not host and not own and _is_hosts_own_name(evidence):
        own = [word for words in by_place.values() for word in words]
    if own:
        chosen = own[0] if host != RELAY else min(own, key=rank_word)
    else:
        chosen = _judge_unnamed(evidence, "" if host == RELAY else host, names)
    first = [words[0] for words in by_place.values() if words]
    elsewhere = [word for word in first if word.urgency != "none" or chosen.state == "host_unknown"]
    own = own or evidence.read(evidence.snapshots, host)
    others = {(word.name, word.ends_on, word.place): word for word in [*own, *elsewhere] if not _is_same(word, chosen)}
    nearest = "" if evidence.rows or chosen.state != "unknown" else nearest_name(asked, names)
    # A title is no id to write instead.
    return IdFate(chosen, tuple(sorted(others.values(), key=rank_word)), "" if is_title(nearest) else nearest)


def rank_word(word: PageWord) -> tuple[int, date, str, str]:
    """Orders by urgency, then by day."""
    return ORDER.index("soon" if word.is_soon else word.state), word.ends_on or date.max, word.name, word.place


def _find_evidence(asked: str, names: NameIndex, today: date, until: date) -> _Evidence:
    rows = find_rows(asked, names)
    named = [row for row in rows if not names_version_only(row["model"], asked)]
    snapshots = [*(row for row in rows if row not in named), *find_versions(asked, names)]
    undated = [row for row in find_undated(asked, names) if row not in rows]
    return _Evidence(asked, named, snapshots, undated, today, until)


def _name_place(asked: str, row: Row) -> str:
    """Names the host of a statement, "" for the maker's own API; that of open weights ends its own names only."""
    is_about = row["side"] != "open" or "shutdown_kind" not in row or row["model"].startswith(asked)
    return name_host_of_row(row) if is_about else "API of open weights"


def _judge_place(evidence: _Evidence, place: str) -> list[PageWord]:
    """Returns what a place states about an id, the statement that decides first.

    A statement about the id itself decides, then its snapshots, then its name without a date.
    """
    # A host's page may have an id in some regions and a title in others.
    own = evidence.read([*evidence.named, *(evidence.undated if place else ())], place)
    chosen = min(own, key=rank_word, default=None)
    snapshots = evidence.read(evidence.snapshots, place)
    if chosen is None or chosen.state == "no_end_announced":
        version = _choose_snapshot(evidence, snapshots, place, chosen)
        if version:
            running = [word for word in snapshots if word.state != "ended"]
            return [version, *own, *running]
    own = own or ([] if snapshots else evidence.read(evidence.undated, place))
    return sorted(own, key=rank_word)


def _choose_snapshot(
    evidence: _Evidence, words: Sequence[PageWord], place: str, own: PageWord | None
) -> PageWord | None:
    """Chooses the snapshot that decides for an undated id: the earliest of those that still run, or the last to end.

    A page that lists the id itself as active is overruled only if each snapshot has an end. If all ended, the id has
    ended too, unless it goes on as a replacement; if a list still has it, it may end any day.
    """
    running = [word for word in words if word.state != "ended"]
    dated = [word for word in running if word.ends_on or word.state == "undated"]
    if not words or (own is not None and len(dated) < len(running)):
        return None
    if running:
        return replace(min(running, key=rank_word), is_snapshot=True)
    if _goes_on(evidence, words, place):
        return None
    last = replace(max(words, key=lambda word: word.ends_on or date.min), is_snapshot=True)
    return last if all(map(_is_statement, evidence.rows)) else replace(last, state="any_day")


def _goes_on(evidence: _Evidence, words: Sequence[PageWord], place: str) -> bool:
    """Returns whether an id replaces its own snapshots, or a list has a snapshot that no page names."""
    base = _plain_base(evidence.asked)
    named = {_plain_last(word.name) for word in words}
    listed = {_plain_last(row["model"]) for row in evidence.snapshots if not _is_statement(row) and not place}
    return bool(listed - named) or any(_plain_base(name) == base for word in words for name in word.replacement)


def _plain_last(name: str) -> str:
    return plain_name(list_whole_forms(name)[-1])


def _plain_base(name: str) -> str:
    """Returns a name as names are compared, without its date."""
    return plain_name(strip_date(name)) or _plain_last(name).removesuffix("latest")


def _merge_closings(words: list[PageWord], today: date) -> list[PageWord]:
    """Adds the day of a page that only closes a model to new accounts to the statement that ends it."""
    closings = [word for word in words if word.closed_to_new_on and not word.ends_on]
    dated = [word for word in words if word.ends_on]
    if not closings or not dated:
        return words
    closed_on = min(word.closed_to_new_on for word in closings if word.closed_to_new_on)
    dated = [replace(word, closed_to_new_on=closed_on) for word in dated]
    is_closed = closed_on <= today
    return [replace(word, state="closed_to_new") if is_closed and word.state != "ended" else word for word in dated]


def _is_same(word: PageWord, chosen: PageWord) -> bool:
    """Returns whether a statement repeats the one that decides, such as that of a page read for two families."""
    return (word.name, word.state, word.ends_on) == (chosen.name, chosen.state, chosen.ends_on) or (
        (word.name, word.place) == (chosen.name, chosen.place)
    )


def _judge_unnamed(evidence: _Evidence, host: str, names: NameIndex) -> PageWord:
    """Judges an id that no page of its place names."""
    if host:
        return PageWord("host_unknown", place=HOSTS[host])
    if row := find_replaced(evidence.asked, names):
        return PageWord(
            "unknown",
            place=_clean(row["title"]),
            url=_to_link(row.get("url")),
            as_of_on=_to_day(row["as_of_at"]),
            is_replacement=True,
        )
    listed = [_read_listing(row) for row in evidence.rows if "shutdown_kind" not in row]
    return min(listed, key=rank_word, default=PageWord("unknown"))


def _is_statement(row: Row) -> bool:
    return "shutdown_kind" in row or bool(row.get("expires_on"))


def _is_hosts_own_name(evidence: _Evidence) -> bool:
    """Returns whether only hosts have an id, and write it letter by letter."""
    asked = evidence.asked.lower()
    is_listed = any(not _is_statement(row) for row in evidence.rows)
    return not is_listed and any(row["model"].lower() == asked and "shutdown_kind" in row for row in evidence.named)


def _read_listing(row: Row) -> PageWord:
    """Returns what a listing proves: nothing but that the name exists. Weights that can be downloaded do not end."""
    return PageWord(
        "unread" if row["side"] == "open" else "unknown",
        name=_clean(row["model"]),
        place=_clean(row["place"] if row["side"] == "open" else row["title"]),
        url=_to_link(row.get("url")),
        as_of_on=_to_day(row["as_of_at"]),
        note=f"missing from {_clean(row['place'])} since {row['gone_on']}" if row.get("gone_on") else "",
    )


def _read_word(row: Row, today: date, until: date) -> PageWord:
    if "shutdown_kind" not in row:
        row = {**row, "shutdown_on": row["expires_on"], "shutdown_kind": "exact", "stage": None, "title": row["place"]}
    on: date | None = row["shutdown_on"]
    state = name_state(row, today)
    region = f" ({_clean(row['region'])})" if row.get("region") else ""
    return PageWord(
        state=state,
        ends_on=on,
        ends_kind=row["shutdown_kind"] if on else "",
        days_left=(on - today).days if on else None,
        is_soon=on is not None and on <= until and state in ("ends", "closed_to_new"),
        name=_clean(row["model"]),
        place=_clean(row["title"]) + region,
        replacement=tuple(filter(None, map(_clean, row.get("replacement") or ()))),
        url=_to_link(row.get("url")),
        stage=_clean(row["stage"] or ""),
        as_of_on=_to_day(row.get("as_of_at")),
        closed_to_new_on=row.get("closed_to_new_on"),
        notice_days=row.get("notice_days"),
        moved_count=row.get("moved_count") or 0,
        kept_count=row.get("kept_count"),
        judged_count=row.get("judged_count"),
        promised_days=row.get("promised_days"),
        price_ratio=row.get("price_ratio"),
        context_ratio=row.get("context_ratio"),
        is_tools_kept=row.get("is_tools_kept"),
        lacks=tuple(_clean(name) for name in row.get("lacks") or ()),
        note="" if row.get("is_listed", True) else f"no longer on the page, last seen {_to_day(row['last_seen_at'])}",
    )


def name_state(row: Row, today: date) -> EndState:
    """Names what a notice says on a day."""
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
