"""Data and method: how fresh and complete the data are, what failed and why, and what never answered."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.evidence import attention, coverage, data, faults
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure, Words
from dashboards.frame.view import View
from dashboards.words.numbers import format_day
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import LATER, NOW
from warehouse.attempts.health import Health, SilentChannel
from warehouse.faults import Fault
from warehouse.freshness import FRESH_HOURS
from warehouse.wording import GAP

PAGE = "evidence/data.py"
STOPPED = 1
"""The collection of the sample world whose feed has stopped, in every state."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant of the sample world."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


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
    stated, found = data.story(page("one family")), figures(page("one family"))
    count = len(snapshot_reader.load_collections(page("one family").snapshot, page("one family").now))

    assert stated.answer.startswith(
        f"**All {count} collections are complete and fresh**; 3 old facts need a new reading.\n\n"
        "The oldest collected data are from"
    )
    oldest = min(row["as_of_at"] for row in found["coverage"].rows if row["as_of_at"])
    assert f"The oldest fact read by hand is from {format_day(oldest)}." in stated.answer, "the date below the figure"
    assert [name for name in found if name != "warnings"] == ["coverage", "accuracy"]
    read = re.fullmatch(rf"All (\d+) sources at least 90{GAP}% complete", found["coverage"].title)
    assert read and int(read[1]) > 5
    assert any("Discord" in part.text for part in data.story(page("sample")).parts if isinstance(part, Words))


def test_channels_that_never_answered_are_listed_with_their_reason(page: Callable[[str], View]) -> None:
    """They have no collection whose condition could be shown."""
    channels = [
        SilentChannel("gpt.forum.community.example", "discourse", "denied", "HTTP 403"),
        SilentChannel("qwen.github.o-r", "github", "", ""),
    ]
    figure = attention.draw_attention(page("sample"), [], Health(unanswered=tuple(channels)))
    assert figure is not None and figure.title == "What needs attention: 2 channels that never answered"
    assert [(line["family"], line["condition"], line["reason"]) for line in figure.shown] == [
        ("GPT", "never answered", faults.MEANINGS[Fault.DENIED]),
        ("Qwen", "never answered", "no recorded visit"),
    ]
    assert attention.draw_attention(page("sample"), [], Health()) is None


@pytest.mark.parametrize("state", ["failed", "partial", "stale"])
def test_what_is_not_good_is_counted_and_listed_with_its_bias(
    state: str, page: Callable[[str], View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way of not being good has its own word, in the answer and in the list."""
    if state == "stale":
        monkeypatch.setenv("HEARTBEAT_NOW", LATER.isoformat())
        monkeypatch.setenv("HEARTBEAT_FRESHNESS", ",".join(f"{source}=1:999" for source in FRESH_HOURS))
    stated, found = data.story(page(state)), figures(page(state))
    word = {"failed": "failed", "partial": "partial", "stale": "late"}[state]
    rows = snapshot_reader.load_collections(page(state).snapshot, page(state).now)
    number, count = len(attention.select_bad(rows)), len(rows)

    assert f"; {number - STOPPED} {word}" in stated.answer
    assert stated.answer.startswith(f"**{number} of {count} collections need attention**")
    assert found["attention"].title.startswith(f"What needs attention: {number:,} collection")
    assert {row["condition"] for row in found["attention"].shown} - {"silent"} == {word}
    assert any("collections are too low" in part.text for part in stated.parts if hasattr(part, "text"))
    if state != "stale":
        assert found["attention"].shown[0]["reason"] == "no reason was written down"
        assert f"{number - STOPPED} are less than 90" in stated.answer


def test_filters_narrow_it_to_families_and_leave_shared_channels_out(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks about one family sees its sources only."""
    app = opened(monkeypatch, state_home("failed"), PAGE, family="Qwen")
    assert not app.exception
    (families,) = [{*frame.value["family"]} for frame in app.dataframe if "reason" in frame.value.columns]
    assert families == {"Qwen"}
    assert re.search(r"(\d+) of \1 collections of these families need attention\n", texts(app))


def test_nothing_collected_is_not_called_good(page: Callable[[str], View]) -> None:
    assert "give no answer" in data.answer_page([], page("sample"))


def test_every_fault_has_words_and_none_says_what_another_says() -> None:
    """A cause that is added must be given words; if all went well there is nothing to say."""
    assert faults.MEANINGS.keys() == set(Fault) - {Fault.NONE, Fault.UNKNOWN}
    assert len(set(faults.MEANINGS.values())) == len(faults.MEANINGS)
    assert faults.describe_fault("of a later version", "failed") == faults.UNNAMED
    assert faults.describe_fault(Fault.NONE, "complete") == faults.describe_fault(Fault.UNKNOWN, "unchanged") == ""


def test_low_coverage_has_a_mark_and_no_coverage_that_of_its_state() -> None:
    """Below nine tenths a triangle; without a share the mark of why."""
    low = {"coverage_share": 0.62, "coverage_state": "measured"}
    none = {"coverage_share": None, "coverage_state": "closed by policy"}
    assert [coverage._format_cell(row) for row in (low, none, None)] == [f"62{GAP}% ▲", "⊘", ""]


def test_a_share_without_a_number_is_not_counted() -> None:
    """A silent page was one of "3 of 12" though its cell has no number; all were called complete beside its 0 %. It is
    named, in a title of ten words."""
    silent = {"coverage_share": 0.0, "coverage_state": "not observable"}
    low, full = ({"coverage_share": share, "coverage_state": "measured"} for share in (0.08, 1.0))
    whole = "1 source at least 90 % complete"
    for rows, said in (
        ([low, full], "1 of 2 sources under 90 % complete"), ([silent], "No source was read; 1 silent"),
        ([silent, low, full], "1 of 2 sources under 90 % complete; 1 silent"),
        ([full], whole), ([silent, full], f"{whole}; 1 silent"),
        ([full, full, silent], "All 2 sources at least 90 % complete; 1 silent"),
    ):  # fmt: skip
        assert coverage.count_low(rows).replace(GAP, " ") == said and len(said.split()) <= 10


def test_a_silent_list_covers_nothing(page: Callable[[str], View]) -> None:
    """Its line read "100 %" below a badge whose lowest coverage is 0 %."""
    silent = {
        "family_id": "gpt", "target": "status", "condition": "not observable", "coverage_share": 1.0, "url": "",
        "last_fault": Fault.NONE, "last_state": "complete", "last_error": "", "as_of_at": None, "thing": "incidents",
    }  # fmt: skip
    figure = attention.draw_attention(page("sample"), [silent], Health())
    assert figure is not None and [line["coverage"] for line in figure.shown] == [f"0{GAP}%"]
