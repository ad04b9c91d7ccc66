"""Every recorded file of status pages is read by its format, or refused by all of them with a reason."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.catalog.entries import Channel
from pipelines.http.errors import SourceError
from pipelines.sources import status
from tests.paths import RECORDINGS
from tests.pipelines.sources.status.test_formats import MAIN
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

HOME = RECORDINGS / "status"
pytestmark = pytest.mark.skipif(not HOME.is_dir(), reason="../shared/recordings/status is not here")
READ = {
    "status.openai.com__api_v2_summary.json": ("incidentio", 2),
    "status.claude.com__api_v2_summary.json": ("statuspage", 1),
    "www.githubstatus.com__history.atom": ("atom", 25),
    "status.cloud.google.com__incidents.json": ("google", 157),
}
"""Format and number of incidents of each answer that a page gave."""
REFUSED = {
    "leaderboard_2026-07-01/companies.json": "somebody's list of vendors, no answer of a page",
    "leaderboard_2026-07-01/incidents/*.json": (
        "normalised rows of 12 vendors, no answers of pages: golden cases 8-10 "
        "use them"
    ),
}  # fmt: skip
"""What no page ever answered, and what it is instead."""


def _files() -> list[str]:
    return (
        sorted(path.relative_to(HOME).as_posix() for path in HOME.rglob("*") if path.is_file()) if HOME.is_dir() else []
    )


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def _outcome(server: RawServer, name: str, file: str) -> int | str:
    """How many incidents a format makes of a file, or why it refuses it."""
    kind = "application/atom+xml" if file.endswith(".atom") else "application/json"
    content = answer(200, (HOME / file).read_bytes(), {"content-type": kind})
    server.script = {path: [content] for path in (MAIN[name], "/api/v2/summary.json", "/history.atom")}
    channel = Channel(source="status", target="s.example", role="status", format=name, base_url=server.url(""))
    try:
        (page,) = status.incidents(make_visit(channel))
    except SourceError as refused:
        return str(refused)
    assert [row.body["drift"] for row in page.rows if row.body["drift"]] == []
    return len(page.rows)


@pytest.mark.parametrize("file", _files())
def test_a_recorded_file_is_read_or_refused_for_a_reason(server: RawServer, file: str) -> None:
    """By its own format (and those that are its kin) it is read whole; every other says what it looks like."""
    outcomes = {name: _outcome(server, name, file) for name in MAIN}
    if file in READ:
        name, count = READ[file]
        assert outcomes[name] == count
        assert all(
            found == count or (isinstance(found, str) and ("looks like" in found or "expected" in found))
            for found in outcomes.values()
        )
        return
    assert any(Path(file).match(pattern) for pattern in REFUSED), "a file that nobody has looked at"
    # A list that is empty there is a calm page to a format that knows no more of an incident than its list.
    is_empty = "incidents" in file and not json.loads((HOME / file).read_text())["incidents"]
    assert {
        name: found for name, found in outcomes.items() if not isinstance(found, str) and not (is_empty and found == 0)
    } == {}
    assert all("changed" in found for found in outcomes.values() if isinstance(found, str))


def test_every_entry_of_the_list_names_a_file() -> None:
    """The list must not outlive what it lists."""
    files = [Path(file) for file in _files()]
    assert all(any(file.match(pattern) for file in files) for pattern in (*READ, *REFUSED))
