"""The cause of every end of a visit travels as data, from the exception to the landed file, whatever its message
says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.run import Plan, collect_plan
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http import errors
from pipelines.http.errors import SourceError
from warehouse.faults import Fault
from warehouse.landing import list_landed, open_zone, read_landed
from warehouse.notes import Note, NoteKind
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CAUSES: dict[type[SourceError], Fault] = {
    errors.Retriable: Fault.INCOMPLETE,
    errors.Throttled: Fault.THROTTLED,
    errors.Fatal: Fault.UNEXPECTED_SHAPE,
    errors.Denied: Fault.DENIED,
    errors.TokenRefused: Fault.DENIED,
    errors.Gone: Fault.GONE,
    errors.WrongClock: Fault.CLOCK,
    errors.Unreachable: Fault.UNREACHABLE,
    errors.BudgetSpent: Fault.BUDGET,
    errors.TimeSpent: Fault.TIMED_OUT,
    errors.AllowanceSpent: Fault.THROTTLED,
    errors.ShareSpent: Fault.BUDGET,
    errors.TokenWanted: Fault.CREDENTIALS,
}
MESSAGES = ("401 Forbidden", "the budget ended; a later run goes on from here", "cut off again and again", "")
"""Words that once decided the class."""


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home of its own, with a clock that stands still."""
    return Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=NOW, GITHUB_TOKEN="", _env_file=None)


def _collect(monkeypatch: pytest.MonkeyPatch, home: Settings, *steps: Page | Exception, **thing: Any) -> dict[str, Any]:
    """Visits a source that takes these steps; gives the outcome as the landed file carries it."""
    module = ModuleType("toy")
    module.STREAMS = {"things": Stream(**thing)}  # type: ignore[attr-defined]

    def things(visit: Visit) -> Iterator[Page]:
        for step in steps:
            if isinstance(step, Exception):
                raise step
            yield step

    module.things = things  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    channel = Channel(source="toy", target="one", role="sdk", family="fam")
    (result,) = collect_plan(Plan((channel,), NOW, 10), home).results
    zone = open_zone(home.landing_url)
    manifest, _ = read_landed(zone, list_landed(zone)[-1])
    assert manifest.outcomes["things"]["fault"] == result.outcomes["things"].fault.value
    return manifest.outcomes["things"]


def _page(number: int = 1, **more: Any) -> Page:
    return Page([Row(str(number), NOW, {})], {"after": number}, **more)


def test_every_class_of_error_has_its_cause() -> None:
    classes = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, SourceError)}
    assert classes - {SourceError} == CAUSES.keys()


@pytest.mark.parametrize("kind", CAUSES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("message", MESSAGES)
def test_the_cause_follows_the_class_and_no_wording(
    kind: type[SourceError], message: str, monkeypatch: pytest.MonkeyPatch, home: Settings
) -> None:
    outcome = _collect(monkeypatch, home, kind(message))
    assert (outcome["fault"], outcome["error"]) == (CAUSES[kind].value, message)


def test_ends_without_an_exception_have_their_causes_too(monkeypatch: pytest.MonkeyPatch, home: Settings) -> None:
    """Nothing in the answer, items skipped, a token that is not set, and an end as it should be."""
    assert _collect(monkeypatch, home, Page([], {}))["fault"] == Fault.EMPTY.value
    assert _collect(monkeypatch, home, _page(skipped=("#7",)))["fault"] == Fault.ITEMS_SKIPPED.value
    assert _collect(monkeypatch, home, _page(), needs=("GITHUB_TOKEN",))["fault"] == Fault.CREDENTIALS.value
    assert _collect(monkeypatch, home, _page())["fault"] == Fault.NONE.value


def test_what_a_reader_passes_over_and_what_cleaning_leaves_out_land_as_notes(
    monkeypatch: pytest.MonkeyPatch, home: Settings
) -> None:
    """They are no faults: the visit is complete, and its warnings travel with it."""
    note = Note(NoteKind.TABLE_PASSED_OVER, "Audio", ("Model family", "End"))
    pages = [Page([Row(str(n), NOW, {"count": 2**70, "title": "x"})], {"after": n}, notes=(note,)) for n in (1, 2)]
    outcome = _collect(monkeypatch, home, *pages)

    assert (outcome["state"], outcome["error"], outcome["rows"]) == ("complete", "", 2)
    assert outcome["notes"] == [
        {"kind": "table skipped", "subject": "Audio", "seen": ["Model family", "End"], "count": 2},
        {"kind": "value excluded", "subject": "count", "seen": [str(2**70)], "count": 2},
    ]


def test_a_total_that_no_ledger_holds_counts_as_not_given(monkeypatch: pytest.MonkeyPatch, home: Settings) -> None:
    """The interface says whatever it likes of its own size."""
    outcome = _collect(monkeypatch, home, _page(expected=2**63, total=10**40, waiting=-1, older=3))

    assert [outcome[name] for name in ("expected", "total", "waiting", "older")] == [None, None, None, 3]
