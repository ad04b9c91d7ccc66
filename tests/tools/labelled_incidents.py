"""Incidents labelled by hand, joined with their recordings; no text is in the labels.

`labels/incidents.csv` was made once by one AI reader, before any rule was tuned on it: all incidents of Google's list,
of GitHub's feed and of two summaries, read with their updates, and of one board, which has titles and grades only. The
kind is the worse of the page's grade and its words:
- `outage`: all that the title names is down, or the page gives its highest grade;
- `degraded`: a part of it is down, or it is slow;
- `third-party`: the title or an update blames another firm, named or not (a model's name alone names no firm);
- `suspension`: access was withdrawn on purpose; `maintenance`: announced work;
- `informational`: nothing is worse for users.
Rules see the grades as the reader did, so pages without grades are also measured by themselves. Maintenance, suspension
and informational are rare in the recordings, and so hardly tested.

`window_start` and `window_end` (UTC) are the period that the newest post with both ends states for the whole incident,
with slips of the page (a wrong year or month) corrected; empty if there is no such period, or several. `split` is
`tune` or `test`: every second item is held out while rules are tuned.

`labels/incident_causes.csv` says for each incident of GitHub's feed whether a post names its cause ("the cause is
found" names none); no rule was tuned on it, so all of it is held out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pipelines.http.answers import Answer
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import read_feed
from pipelines.sources.status.formats import atom, google, statuspage
from pipelines.sources.status.incident import Incident, Update
from pipelines.text.values import parse_instant
from tests.paths import RECORDINGS
from tests.tools.labelled import rows

BOARD = "status/leaderboard_2026-07-01/incidents"
GRADES = ("operational", "degraded_performance", "partial_outage", "major_outage")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An incident as its page tells it, the address of the page, and what the reader says of it."""

    incident: Incident
    page: str
    kind: str
    window: tuple[datetime, datetime] | None
    split: str


def incidents() -> list[Labelled]:
    """All labelled incidents."""
    found = []
    for row in rows("incidents"):
        incident, page = _recorded(row["file"])[row["item"]]
        start, end = parse_instant(row["window_start"] or None), parse_instant(row["window_end"] or None)
        found.append(Labelled(incident, page, row["kind"], (start, end) if start and end else None, row["split"]))
    return found


def causes() -> list[tuple[Incident, bool]]:
    """Incidents of which a reader said whether a post names the cause."""
    return [(_recorded(row["file"])[row["item"]][0], row["has_cause"] == "1") for row in rows("incident_causes")]


@cache
def _recorded(file: str) -> dict[str, tuple[Incident, str]]:
    """The incidents of a recording by id, and the address of their page."""
    path = RECORDINGS / file
    if file.startswith(BOARD):
        return {
            one.id: (one, f"https://status.{path.stem}.example")
            for one in _board(json.loads(path.read_text(encoding="utf-8")))
        }
    page = f"https://{path.name.partition('__')[0]}"
    if path.suffix == ".atom":
        found = atom.parse_incidents(read_feed(Answer(200, {}, path.read_bytes(), page, None, None)), ItemReader(page))
    else:
        listed: Any = json.loads(path.read_text(encoding="utf-8"))
        found = (
            google.parse_incidents(listed, ItemReader(page), page, ())
            if isinstance(listed, list)
            else statuspage.parse_incidents(listed["incidents"], ItemReader(page), page, None)
        )
    return {one.id: (one, page) for one in found}


def _board(listed: dict[str, Any]) -> Iterator[Incident]:
    """One incident for its rows by component, with the worst of their grades."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for item in listed["incidents"]:
        grouped.setdefault(item["id"].removesuffix(f"-{item['component_id']}"), []).append(item)
    for code, items in grouped.items():
        worst = max((item["raw_severity"] for item in items), key=GRADES.index)
        opened = parse_instant(items[0]["opened_at"])
        yield Incident(code, items[0]["title"], None, worst, (Update(opened, "investigating"),) if opened else ())
