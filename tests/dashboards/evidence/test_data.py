"""Data and method: how fresh and complete the data are, what failed and why, and what never answered."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.evidence import attention, coverage, data, faults
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure, Words
from dashboards.frame.view import View
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import NOW, count_collections
from warehouse.attempts.health import Health, SilentChannel
from warehouse.faults import Fault
from warehouse.freshness import FRESH_HOURS, load_collections
from warehouse.wording import GAP

PAGE = "evidence/data.py"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant of the sample world."""
    monkeypatch.setenv("HEARTBEAT_NOW", "2026-11-01T06:00:00Z")


@pytest.fixture
def page(state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], View]:
    """Gives the view of a state."""

    def made(state: str) -> View:
        monkeypatch.setenv("HEARTBEAT_HOME", str(state_home(state)))
        snapshot = snapshot_reader.newest_snapshot()
        assert snapshot is not None
        return View(snapshot, snapshot_reader.current_time(snapshot), snapshot_reader.load_families(snapshot))

    return made


def figures(page: View) -> dict[str, Figure]:
    return {figure.name: figure for figure in data.story(page).figures()}


def test_a_world_that_was_read_whole_says_so(page: Callable[[str], View], state_home: Callable[[str], Path]) -> None:
    """Fresh and complete; and still it says what is never collected, and which facts are old."""
    told, found = data.story(page("sample")), figures(page("sample"))
    count = count_collections(state_home("sample"))

    assert told.answer.startswith(
        f"**All {count} collections are complete and fresh**; 2 old facts need a new reading.\n\n"
        "All collections whose coverage is known are at least 90"
    )
    assert [name for name in found if name != "warnings"] == ["coverage", "accuracy", "metrics"]
    read = re.fullmatch(rf"All (\d+) that could be read are at least 90{GAP}% complete", found["coverage"].title)
    assert read and int(read[1]) > 100
    assert any("Discord" in part.text for part in told.parts if isinstance(part, Words))


def test_channels_that_never_answered_are_listed_with_their_reason(page: Callable[[str], View]) -> None:
    """They have no collection whose condition could be shown."""
    channels = [
        SilentChannel("gpt.forum.community.example", "discourse", "denied", "HTTP 403", was_asked=True),
        SilentChannel("qwen.github.o-r", "github", "", "", was_asked=True),
    ]
    figure = attention.draw_attention(page("sample"), [], Health(silent=tuple(channels)))
    assert figure is not None and figure.title == "What needs attention: 2 channels that never answered"
    assert [(line["family"], line["condition"], line["reason"]) for line in figure.shown] == [
        ("GPT", "never answered", faults.MEANINGS[Fault.DENIED]),
        ("Qwen", "never answered", "no recorded visit"),
    ]
    assert attention.draw_attention(page("sample"), [], Health()) is None


def test_what_an_installation_tried_is_told_apart_from_the_sample_world(
    page: Callable[[str], View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one reached nothing, the other is whole."""
    monkeypatch.setattr(data, "describe_health", lambda health: "The last collect got nothing from 227 channels.")
    verdict, _, rests = data.story(page("sample")).answer.partition("\n\n")
    assert verdict.startswith("**Sample world: all ") and verdict.count("Sample world") == 1
    assert rests.startswith("Sample world: all collections whose coverage is known")
    assert rests.endswith("Your installation: The last collect got nothing from 227 channels.")


@pytest.mark.parametrize("state", ["failed", "partial", "stale"])
def test_what_is_not_good_is_counted_and_listed_with_its_bias(
    state: str, page: Callable[[str], View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way of not being good has its own word, in the answer and in the list."""
    if state == "stale":
        monkeypatch.setenv("HEARTBEAT_NOW", "2026-11-08T06:00:00Z")
        monkeypatch.setenv("HEARTBEAT_FRESHNESS", ",".join(f"{source}=1:999" for source in FRESH_HOURS))
    told, found = data.story(page(state)), figures(page(state))
    word = {"failed": "failed", "partial": "partial", "stale": "late"}[state]
    rows = snapshot_reader.load_collections(page(state).snapshot, page(state).now)
    number, count = len(attention.select_bad(rows)), len(rows)

    assert f"; {number} {word}." in told.answer
    assert told.answer.startswith(f"**{number} of {count} collections need attention**")
    assert found["attention"].title.startswith(f"What needs attention: {number:,} collection")
    assert {row["condition"] for row in found["attention"].shown} == {state}
    assert any("their counts are too low" in part.text for part in told.parts if hasattr(part, "text"))
    if state != "stale":
        assert found["attention"].shown[0]["reason"] == "no reason was written down"
        assert f"{number} are less than 90" in told.answer


def test_the_commonest_reason_of_failures_stands_in_the_answer(page: Callable[[str], View]) -> None:
    """A refused token fails a hundred collections for one reason, which the answer gives."""
    rows: list[dict[str, Any]] = [
        {"condition": "failed", "last_fault": fault, "as_of_at": at, "coverage_share": None}
        for fault, at in (("denied", NOW), ("denied", NOW), ("timed out", None))
    ]
    denied = "access was refused: the token is missing, wrong or may not read this"
    shown = "Failed collections show their last good data"
    here = page("sample")
    assert f"; 3 failed. Reason for 2 of them: {denied}. {shown}; 1 was never read" in data.answer_page(rows, here)
    assert f"; 2 failed. Reason: {denied}. {shown}. " in data.answer_page(rows[:2], here)
    assert "; 1 failed. The failed collection shows" in data.answer_page([rows[0] | {"last_fault": ""}], here)
    assert "It was never read. " in data.answer_page(rows[2:], here)


def test_filters_narrow_it_to_families_and_leave_shared_channels_out(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks about one family sees its sources only."""
    app = opened(monkeypatch, state_home("failed"), PAGE, family="Qwen")
    assert not app.exception
    (families,) = [{*frame.value["family"]} for frame in app.dataframe if "reason" in frame.value.columns]
    assert families == {"Qwen"} and "**36 of 36 collections of these families need attention**." in texts(app)


@pytest.mark.parametrize("state", ["older version", "no rows", "hostile"])
def test_the_page_opens_whatever_the_snapshot_lacks(
    state: str, state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ledger and catalog are there in every snapshot; what is not there is left out."""
    app = opened(monkeypatch, state_home(state), PAGE)
    assert not app.exception
    assert ("that could be read are at least" in texts(app)) == (state != "no rows")
    assert "![" not in texts(app) and "collections" in texts(app)


def test_nothing_collected_is_not_called_good(page: Callable[[str], View]) -> None:
    """Without a collection there is nothing to judge."""
    assert "give no answer" in data.answer_page([], page("sample"))


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (Fault.DENIED, "access was refused"),
        (Fault.THROTTLED, "allowance is used up"),
        (Fault.BUDGET, "request budget"),
        (Fault.ROBOTS, "stay away"),
        (Fault.UNREACHABLE, "could not be reached"),
        (Fault.TIMED_OUT, "in time"),
        (Fault.SERVER_ERROR, "itself failed"),
        (Fault.INCOMPLETE, "cut off or repeated"),
        (Fault.EMPTY, "nothing came"),
        (Fault.UNEXPECTED_SHAPE, "must be fixed"),
        (Fault.CREDENTIALS, "not set"),
        (Fault.TERMS, "must be accepted"),
        (Fault.GONE, "moved, deleted"),
        (Fault.MISCONFIGURED, "corrected"),
        (Fault.CLOCK, "nothing was kept"),
        (Fault.VISITED_TOO_RARELY, "more often"),
        (Fault.HELD_BACK, "a second time"),
        (Fault.ITEMS_SKIPPED, "skipped"),
        (Fault.INTERRUPTED, "was interrupted"),
        (Fault.DISK, "disk"),
        (Fault.INTERNAL, "a fault in Heartbeat itself"),
        (Fault.UNKNOWN, "another fault"),
        (Fault.NONE, "no reason was written down"),
        ("of a later version", "another fault"),
    ],
)
def test_each_fault_has_its_plain_words(fault: str, meaning: str) -> None:
    """What it means for a reader, from the cause that the collector wrote down."""
    assert meaning in faults.describe_fault(fault, "failed")


def test_every_fault_has_words_and_none_says_what_another_says() -> None:
    """A cause that is added must be given words; where all went well there is nothing to say."""
    assert faults.MEANINGS.keys() == set(Fault) - {Fault.NONE, Fault.UNKNOWN}
    assert len(set(faults.MEANINGS.values())) == len(faults.MEANINGS)
    assert faults.describe_fault(Fault.NONE, "complete") == faults.describe_fault(Fault.UNKNOWN, "unchanged") == ""


def test_a_snapshot_of_a_former_version_names_no_cause(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It still opens, and each failure is told as it was written down."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(state_home("failed")))
    monkeypatch.setattr("warehouse.snapshot.has_column", lambda *_: False)
    snapshot = snapshot_reader.newest_snapshot()
    assert snapshot is not None
    rows = load_collections(snapshot, snapshot_reader.current_time(snapshot))

    assert {row["last_fault"] for row in rows} == {"unknown"}


def test_low_coverage_has_another_shape_and_no_coverage_the_mark_of_its_state() -> None:
    """Below nine tenths a triangle; without a share the mark of why."""
    row = {"channel_kind": "tracker", "coverage_note": None, "family_id": "qwen", "side": "open"}
    low = coverage._make_cell(row | {"coverage_share": 0.62, "coverage_state": "measured"})
    none = coverage._make_cell(row | {"coverage_share": None, "coverage_state": "closed by policy"})
    assert (low["share"], low["mark"], none["share"], none["mark"]) == (0.62, f"62{GAP}%", None, "⊘")
    layers = coverage.draw_chart([low, none], {"qwen": "Qwen"}, ["issue trackers"], LIGHT)["layer"][0]["layer"]
    assert [(layer["mark"]["shape"], layer["transform"][0]["filter"][-6:]) for layer in layers[:2]] == [
        ("circle", ">= 0.9"),
        ("triangle-up", " < 0.9"),
    ]
