"""Whatever raises, inside a visit or around it, costs its own channel: the others go on, and each has an outcome."""

import errno
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting import run, visit
from pipelines.collecting.run import ChannelResult, Plan, collect_plan
from pipelines.contract import Page, Row, Stream, Visit
from warehouse import landing, places
from warehouse.faults import Fault
from warehouse.landing import list_landed, open_zone, read_newest_manifest
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
TARGETS = ("one", "two", "spoilt", "three", "four")
"""The third is looked for in texts, which hold random digits from 0 to f, too."""
Raise = Callable[..., Any]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A source of two streams that always answer; its five channels share a host, so that one queue has them all."""
    module = ModuleType("toy")

    def things(visit: Visit) -> Iterator[Page]:
        yield Page([Row("1", NOW, {"number": 1})], {"after": 1})

    module.STREAMS = {"things": Stream(resumable=True), "others": Stream()}  # type: ignore[attr-defined]
    module.things = module.others = things  # type: ignore[attr-defined]
    module.BASE_URL = "https://toy.test"  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    return module


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """Settings of a home of its own, with a clock that stands still."""
    return Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=NOW, GITHUB_TOKEN="", _env_file=None)


def _collect(home: Settings, on_channel: Callable[[ChannelResult], None] = lambda _: None) -> dict[str, ChannelResult]:
    channels = tuple(Channel(source="toy", target=target, role="sdk", family="fam") for target in TARGETS)
    return {one.channel.target: one for one in collect_plan(Plan(channels, NOW, 10), home, on_channel).results}


def _fail_for_bad(real: Raise, error: Exception) -> Raise:
    """A function that raises if it is called for the channel `spoilt`, whatever it is given of it."""

    def failing(*values: Any, **named: Any) -> Any:
        if any("spoilt" in str(getattr(value, "manifest", value)) for value in values):
            raise error
        return real(*values, **named)

    return failing


FULL = OSError(errno.ENOSPC, "No space left on device")
PLACES = (
    (run, "find_host", ValueError("Invalid IPv6 URL"), Fault.INTERNAL),
    (run, "list_hosts", KeyError("spoilt"), Fault.INTERNAL),
    (run, "user_agent_for", TypeError("spoilt"), Fault.INTERNAL),
    (run, "open_writer", FULL, Fault.DISK),
    (run, "find_refusal", RuntimeError("spoilt"), Fault.INTERNAL),
    (visit.Task, "load_cursor", AttributeError("spoilt"), Fault.INTERNAL),
    (landing.Writer, "add_rows", FULL, Fault.DISK),
    (landing.Writer, "_land_part", UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogate"), Fault.INTERNAL),
    (landing.Writer, "finish", FULL, Fault.DISK),
    (places, "replace_file", OSError(errno.EROFS, "Read-only file system"), Fault.DISK),
)


@pytest.mark.parametrize(("owner", "name", "error", "fault"), PLACES, ids=lambda value: getattr(value, "__name__", ""))
def test_whatever_raises_for_one_channel_costs_that_channel_only(
    toy: ModuleType,
    home: Settings,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    error: Exception,
    fault: Fault,
) -> None:
    """A bad address, a writer that cannot open or finish, a disk that is full: four of five land as if nothing was."""
    monkeypatch.setattr(owner, name, _fail_for_bad(getattr(owner, name), error))
    results = _collect(home)
    zone = open_zone(home.landing_url)
    bad = results.pop("spoilt")

    assert {target: result.rows for target, result in results.items()} == dict.fromkeys(results, 2)
    assert len(results) == 4 and all(read_newest_manifest(zone, f"fam.toy.{target}") for target in results)
    assert set(bad.outcomes) == {"things", "others"}
    assert fault in {outcome.fault for outcome in bad.outcomes.values()}
    assert all(outcome.error for outcome in bad.outcomes.values() if outcome.state == "failed")
    assert not list((home.home / "landing" / ".aside").glob("*")), "what cannot be landed takes no room"


def test_parts_that_landed_before_the_disk_was_full_still_count(
    toy: ModuleType, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def things(visit: Visit) -> Iterator[Page]:
        for number in range(3):
            yield Page([Row(f"{number}-{row}", NOW, {}) for row in range(20_000)], {"after": number})

    toy.things = things  # type: ignore[attr-defined]
    real = landing.Writer._land_part

    def land_two(writer: landing.Writer, finished_at: datetime) -> None:
        if writer.manifest.channel_id == "fam.toy.spoilt" and writer.manifest.part > 1:
            raise FULL
        real(writer, finished_at)

    monkeypatch.setattr(landing.Writer, "_land_part", land_two)
    outcome = _collect(home)["spoilt"].outcomes["things"]
    landed = [path for path in list_landed(open_zone(home.landing_url)) if "spoilt" in path]

    assert (outcome.state, outcome.fault, outcome.rows) == ("failed", Fault.DISK, 40_000)
    assert len(landed) == 2


def test_whoever_watches_costs_no_channel(toy: ModuleType, home: Settings) -> None:
    """A closed pipe ends the display, not the collection."""

    def watch(_: ChannelResult) -> None:
        raise BrokenPipeError

    assert sum(one.rows for one in _collect(home, watch).values()) == 10


def test_a_source_that_cannot_be_loaded_costs_its_channels(
    toy: ModuleType, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its streams are unknown then: there is one outcome for all, and no file lands."""
    monkeypatch.setattr(sources, "load_source", lambda name: 1 // 0)
    results = _collect(home)

    assert {tuple(one.outcomes) for one in results.values()} == {("all",)}
    assert len(results) == 5
