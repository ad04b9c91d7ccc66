"""Is the data good: how fresh, how complete, what failed and why, whether totals add up, and what is not there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.evidence import attempts, charts_coverage, data, data_figures, faults, price_checks
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import NOW, count_collections
from warehouse.attempts.amounts import SourceLimits, SpendingLimits, Use
from warehouse.attempts.entries import Attempt, AttemptKind, Beginning, StreamEnd
from warehouse.faults import Fault
from warehouse.freshness import FRESH_HOURS
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


def test_what_is_left_of_todays_budgets_and_the_backlog_is_told_by_source(
    page: Callable[[str], View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the ledger of attempts, as `heartbeat status` tells it; nothing where nothing was collected here."""
    now = datetime(2026, 11, 1, 6, tzinfo=UTC)
    attempts = [
        Attempt(
            number,
            Beginning(
                kind=AttemptKind.COLLECT, version="0", pid=1, started_at=now - timedelta(hours=hours),
                limits={"github": SourceLimits(day=SpendingLimits(requests=60_000))},
            ),
            {"llama.github.kit": {"issues": StreamEnd(state="partial", waiting=waiting)}},
            spent={"llama.github.kit": (now - timedelta(hours=hours), Use(1_200))},
        )
        for number, hours, waiting in ((3, 0, 600), (2, 24, 900), (1, 48, 1_500))
    ]  # fmt: skip
    assert "budgets" not in figures(page("sample"))
    monkeypatch.setattr(snapshot_reader, "read_attempts", lambda home: attempts)
    figure = figures(page("sample"))["budgets"]

    assert figure.title == "What is left to collect by your installation: 1 of 1 sources has a backlog"
    assert figure.shown == [
        {
            "source": "GitHub",
            "spent today": "1,200 of 60,000 requests",
            "waiting": 600,
            "backlog": "600 items wait; done in 1 day to 2 days",
        }
    ]


def test_a_world_that_was_read_whole_says_so(page: Callable[[str], View], state_home: Callable[[str], Path]) -> None:
    """Fresh, complete, adding up; and still it says what is not collected."""
    told, found = data.story(page("sample")), figures(page("sample"))
    count = len(found["collections"].rows)

    assert count == count_collections(state_home("sample")) > 500
    assert told.answer.startswith(
        f"**All {count} collections are complete and fresh**; 2 old facts need a new reading.\n\n"
        "All collections whose coverage is known are at least 90"
    )
    names = [name for name in found if name != "warnings"]
    assert names == ["old-facts", "runs", "collections", "coverage", "totals", "price-checks", "absences"]
    assert found["collections"].title == f"All {count} collections are complete and fresh"
    read = re.fullmatch(rf"All (\d+) that could be read are at least 90{GAP}% complete", found["coverage"].title)
    assert read and int(read[1]) > 100
    assert found["totals"].title == "Every difference from the sources' totals is explained"
    assert (
        "No difference is unexplained." in found["totals"].subtitle
        and "are older than the collected period" in found["totals"].subtitle
    )
    assert found["runs"].title == f"None of the last visits to {count} collections failed or was partial"
    assert (
        found["absences"].title == "Missing here: 44 sources of these families, 25 not collected and 19 not observable"
    )
    assert "Discord" in found["absences"].subtitle and not any(
        "not applicable" in row["state"] for row in found["absences"].shown
    )


def test_prices_that_a_second_list_states_otherwise_are_listed(
    page: Callable[[str], View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with both prices; nothing else ever read the second list."""
    found = figures(page("sample"))["price-checks"]
    apart = [row for row in found.rows if row["is_different"]]
    counted = f"{len(apart)} of {len(found.rows)} models"
    assert found.title == f"A second list gives another price for {counted} that both have"
    assert len(found.shown) == len(apart) > 1
    assert {(row["price used"], row["second list"]) for row in found.shown if row["model"] == "openai/gpt-5-mini"} == {
        ("$2.89 · $12", "$8.67 · $12")
    }
    same = price_checks._describe_checks(found.rows[:1], [])
    assert same == "A second list gives the same price for the one model that both have"
    monkeypatch.setattr(View, "load_rows", lambda *_: [])
    assert price_checks.draw_price_checks(page("sample")) is None


def test_what_an_installation_tried_is_told_apart_from_the_sample_world(
    page: Callable[[str], View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one reached nothing, the other is whole; and facts are older than what was collected."""
    monkeypatch.setattr(attempts, "describe_health", lambda health: "The last collect got nothing from 227 channels.")
    verdict, _, rests = data.story(page("sample")).answer.partition("\n\n")
    assert verdict.startswith("**Sample world: all ") and verdict.count("Sample world") == 1
    assert rests.startswith("Sample world: all collections whose coverage is known")
    assert rests.endswith("Your installation: The last collect got nothing from 227 channels.")
    assert re.search(
        r"The oldest collected data are from 1 Nov 2026.*\. The oldest fact read by hand is from \d", rests
    )


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
    number, count = len(found["attention"].rows), len(found["collections"].rows)

    assert f"; {number} {word}." in told.answer
    assert found["collections"].title == f"{number} of {count} collections need attention"
    assert {row["condition"] for row in found["attention"].shown} == {state}
    assert any("their counts are too low" in part.text for part in told.parts if hasattr(part, "text"))
    if state != "stale":
        assert found["runs"].title == f"Last visits: {number} {state} of {count}"
        assert (
            found["runs"].shown[0]["outcome"] == state
            and found["runs"].shown[0]["what went wrong"] == "no reason was written down"
        )
        assert f"{number} are less than 90" in told.answer


def test_the_commonest_reason_of_failures_stands_in_the_answer(page: Callable[[str], View]) -> None:
    """A refused token fails a hundred collections for one reason, which was to be found under a fold only."""
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


def test_only_what_is_late_failing_old_or_passed_over_stands_before_the_fold(page: Callable[[str], View]) -> None:
    """What needs somebody comes first, the oldest fact with its age; 658 marks that say that all is well are folded."""
    for state, first in (("sample", ["old-facts"]), ("failed", ["attention", "old-facts"])):
        story = data.story(page(state))
        shown = [figure.name for figure in story.figures()[: story.shown_count] if figure.name != "warnings"]
        assert shown == first
    old = figures(page("sample"))["old-facts"]
    assert {row["read"] for row in old.shown} == {"226 days ago"} and {row["family"] for row in old.shown} == {"Nova"}


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


def test_what_is_known_from_others_only_is_listed_with_its_day(page: Callable[[str], View]) -> None:
    """A failed visit may mean a wrong entry; what does not exist is no entry to doubt, and the maker's word none."""
    assert "evidence" not in figures(page("sample"))
    found = figures(page("failed"))["evidence"]
    told = [{name: line[name] for name in ("family", "what", "channel", "rests on", "seen on")} for line in found.shown]
    assert told == [
        {
            "family": "Qwen", "what": "status pages", "channel": "none",
            "rests on": "a recorded answer in a public repository", "seen on": "2026-09-12",
        },
        {
            "family": "Qwen", "what": "subreddits", "channel": "Qwen_AI",
            "rests on": "another reader's code or words", "seen on": "2026-09-10",
        },
    ]  # fmt: skip
    assert found.title == "2 entries of the catalog are known from others only"


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


def test_totals_that_nobody_can_explain_are_said_in_bold() -> None:
    """A hole without a reason is the worst news of all."""
    row: dict[str, Any] = dict.fromkeys(data_figures.COUNTS, 0) | {
        "difference_count": 3,
        "before_window_count": 2,
        "unexplained_count": 1,
    }
    same = dict.fromkeys(data_figures.COUNTS, 0) | {"difference_count": 0}
    assert data_figures.describe_totals([row, same]) == (
        "1 of 2 totals given by the sources match ours. Of the items that differ, 2 are older than the collected "
        "period. "
        "**1 item is missing without a known reason.**"
    )
    assert data_figures.describe_totals([same]).endswith("No difference is unexplained.")


def test_low_coverage_has_another_shape_and_no_coverage_the_mark_of_its_state() -> None:
    """Below nine tenths a triangle; without a share the mark of why."""
    row = {"channel_kind": "tracker", "coverage_note": None, "family_id": "qwen", "side": "open"}
    low = data_figures._make_cell(row | {"coverage_share": 0.62, "coverage_state": "measured"})
    none = data_figures._make_cell(row | {"coverage_share": None, "coverage_state": "closed by policy"})
    assert (low["share"], low["mark"], none["share"], none["mark"]) == (0.62, f"62{GAP}%", None, "⊘")
    layers = charts_coverage.draw_coverage([low, none], {"qwen": "Qwen"}, ["issue trackers"], LIGHT)["layer"][0][
        "layer"
    ]
    assert [(layer["mark"]["shape"], layer["transform"][0]["filter"][-6:]) for layer in layers[:2]] == [
        ("circle", ">= 0.9"),
        ("triangle-up", " < 0.9"),
    ]
