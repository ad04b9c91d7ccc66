"""Judges what becomes of an id: which page decides, what it says by a day, and what other pages say of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from pipelines.commands.ends.finder import Occurrence
from pipelines.http.answers import to_web_link
from pipelines.text.values import clean_line
from warehouse.ends import states
from warehouse.ends.model_ids import VENDOR, Row, names_version_only, plain_name

EndState = Literal[
    "ended", "ends", "not_before", "any_day", "undated", "unknown", "unread", "no_end_announced", "version_ends"
]
"""`not_before` is a floor ahead, `any_day` one that has passed, `undated` a stage without a day; of `unread` no
deprecation page is read; of `version_ends` nothing is announced, but all dated versions that are known end."""
Urgency = Literal["ended", "soon", "undated", "unknown", "none"]
"""What counts for the exit code: ended, ends within the window, may end on a day that is not announced, unknown."""
SHORTEST_NAME = 4
"""Letters that a word of a page's name needs to be told by: `azure`, not `ai`."""
ORDER = (
    "ended",
    "soon",
    "version_ends",
    "any_day",
    "ends",
    "not_before",
    "undated",
    "unknown",
    "unread",
    "no_end_announced",
)
"""States from what is broken to what nobody has announced."""


@dataclass(frozen=True, slots=True)
class PageWord:
    """The statement of one page about an id."""

    state: EndState
    ends_on: date | None
    """The day of an exact end, the first day of a month, or the floor."""
    ends_kind: str
    days_left: int | None
    """Days from today to `ends_on`; negative once it has passed."""
    is_soon: bool
    """A day or a month within the window."""
    name: str
    """The model as the page names it."""
    place: str
    """Whose page it is."""
    replacement: tuple[str, ...] = ()
    url: str | None = None
    stage: str = ""
    as_of_on: date | None = None
    note: str = ""
    """That the name is missing from where it once stood, and since when."""

    @property
    def urgency(self) -> Urgency:
        """Returns its weight for the exit code."""
        if self.state == "ended" or self.state == "unknown":
            return self.state
        if self.is_soon:
            return "soon"
        return "undated" if self.state in ("any_day", "undated", "version_ends") else "none"


@dataclass(frozen=True, slots=True)
class IdFate:
    """The fate of an id: the statement of the page that decides, and others that may matter."""

    word: PageWord
    elsewhere: tuple[PageWord, ...] = ()
    nearest: str = ""
    """The known name that is most like an unknown id, if any is near."""


UNKNOWN = PageWord("unknown", None, "", None, False, "", "")
NOBODYS = PageWord("unread", None, "", None, False, "", "")
"""What is known of an id of a place whose page is not read, from pages of other places."""


def judge_id(occurrence: Occurrence, today: date, until: date) -> IdFate:
    """Judges what becomes of an id by today and until the end of the window.

    The pages that its prefix names decide; else those of its maker; else those of hosts, unless another place has it
    too. Of several words the most urgent counts, unless all are of versions that the id does not name: then the last
    of them to end. A name of which nothing is announced is not fine if all its dated versions end.
    """
    rows = occurrence.rows
    named = [row for row in rows if not names_version_only(row["model"], occurrence.text)]
    words = [(row, _read_word(row, today, until)) for row in named or rows]
    deciding = _choose_deciding(occurrence.text, words)
    chosen = NOBODYS if rows else UNKNOWN
    if deciding:
        chosen = (min if named else max)(deciding, key=rank_word)
    elif words:
        chosen = replace(chosen, name=words[0][1].name, place=words[0][1].place)
    if chosen.state in ("no_end_announced", "unread", "unknown"):
        versions = [(row, _read_word(row, today, until)) for row in occurrence.versions]
        chosen = _find_last_version(_choose_deciding(occurrence.text, versions)) or chosen
    others = {word for _, word in words if word.urgency != "none" and not (deciding and word.place == chosen.place)}
    return IdFate(chosen, tuple(sorted(others, key=rank_word)))


def _find_last_version(versions: Sequence[PageWord]) -> PageWord | None:
    """Returns the last version to end where all that are known have ended or end within the window, else None."""
    if not versions or any(word.urgency not in ("ended", "soon") for word in versions):
        return None
    return replace(max(versions, key=lambda word: word.ends_on or date.min), state="version_ends", is_soon=False)


def _choose_deciding(asked: str, words: Sequence[tuple[Row, PageWord]]) -> list[PageWord]:
    """Returns the words that decide; none where only other places than the id's own have ended it."""
    prefix = asked.rpartition("/")[0] or asked.rpartition(":")[0]
    hints = [plain_name(part) for part in prefix.split("/")]
    is_prefixed = "/" in asked or bool(VENDOR.match(asked))
    told = [(row, word) for row, word in words if "shutdown_kind" in row or row.get("expires_on")]
    lists = [(row, word) for row, word in words if (row, word) not in told]
    ends = [(row, word) for row, word in told if not _is_of_open_api(row) or row["model"].startswith(asked)]
    # The Hub's own name of a model says nothing of where it is served.
    is_shared = not is_prefixed or any(_is_literal(asked, row) for row, _ in lists)
    hinted = [
        word
        for row, word in ends
        if any(_names_page(hint, row) for hint in hints) or (not is_shared and _is_literal(asked, row))
    ]
    made = [word for row, word in [*ends, *lists] if _is_makers(row)]
    listed = [word for _, word in lists]
    return hinted or made or listed or ([] if is_prefixed else [word for _, word in ends])


def _is_literal(asked: str, row: Row) -> bool:
    return plain_name(row["model"]) == plain_name(asked)


def _names_page(hint: str, row: Row) -> bool:
    """Tells whether a prefix names whose page it is: `azure` for `azure-foundry`, `together_ai` for `together`."""
    page = " ".join(str(row.get(key) or "") for key in ("family_id", "target", "place")).lower()
    return any(len(word) >= SHORTEST_NAME and word in hint for word in re.split(r"[^a-z0-9]+", page))


def _is_makers(row: Row) -> bool:
    """Tells whether a row is a maker's word: its notice, or a listed name of a maker whose page is read."""
    if "shutdown_kind" in row:
        return row["family_id"] is not None and row["side"] != "host"
    return not row.get("expires_on") and _is_page_read(row)


def _is_of_open_api(row: Row) -> bool:
    """Tells whether a notice is of the hosted API of open weights, which ends what bears the names of that API only."""
    return "shutdown_kind" in row and row["side"] == "open"


def _is_page_read(row: Row) -> bool:
    """Tells whether a page is read that would tell the end of a listed model; none tells that of weights."""
    return row["as_of_at"] is not None and row["side"] != "open"


def rank_word(word: PageWord) -> tuple[int, date]:
    """Orders by urgency, then by day."""
    return ORDER.index("soon" if word.is_soon else word.state), word.ends_on or date.max


def _read_word(row: Row, today: date, until: date) -> PageWord:
    if "shutdown_kind" in row:
        return _read_notice(row, today, until)
    if row.get("expires_on"):
        end = {**row, "shutdown_on": row["expires_on"], "shutdown_kind": "exact", "stage": None, "title": row["place"]}
        return _read_notice(end, today, until)
    is_read = _is_page_read(row)
    return PageWord(
        "no_end_announced" if is_read else "unread", None, "", None, False, clean_line(row["model"]),
        clean_line(row["title"] if is_read else row["place"]), url=to_web_link(row.get("url")),
        as_of_on=_to_day(row["as_of_at"]),
        note=f"missing from {clean_line(row['place'])} since {row['gone_on']}" if row.get("gone_on") else "",
    )  # fmt: skip


def _read_notice(row: Row, today: date, until: date) -> PageWord:
    on: date | None = row["shutdown_on"]
    state = _name_state(row, today)
    region = f" ({clean_line(row['region'])})" if row.get("region") else ""
    return PageWord(
        state=state,
        ends_on=on,
        ends_kind=row["shutdown_kind"] if on else "",
        days_left=(on - today).days if on else None,
        is_soon=state == "ends" and on is not None and on <= until,
        name=clean_line(row["model"]),
        place=clean_line(row["title"]) + region,
        replacement=tuple(clean_line(name) for name in row.get("replacement") or ()),
        url=to_web_link(row.get("url")),
        stage=clean_line(row["stage"]),
        as_of_on=_to_day(row.get("as_of_at")),
        note="" if row.get("is_listed", True) else f"no longer on the page, last seen {_to_day(row['last_seen_at'])}",
    )


def _name_state(row: Row, today: date) -> EndState:
    names: dict[str, EndState] = {
        states.PAST: "ended", states.OPEN: "any_day", states.GONE: "undated", states.SILENT: "no_end_announced",
        states.AHEAD: "not_before" if row["shutdown_kind"] == "not_before" else "ends",
    }  # fmt: skip
    return names[states.judge_state(row, today)]


def _to_day(seen: datetime | None) -> date | None:
    return None if seen is None else seen.date()
