"""Each cause is one condition, however many collections it stops, and weighs as much as what it does to the data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.notifying.conditions import Condition, Evidence, Severity, judge_conditions
from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState, Beginning
from warehouse.attempts.health import Health
from warehouse.attempts.troubles import Trouble
from warehouse.faults import NOT_ASKED, Fault
from warehouse.snapshot import Snapshot

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCES = ("github", "status", "reddit", "prices")


def make_row(source: str, number: int = 0, **fields: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "channel_id": f"gpt.{source}.{number}", "source": source, "thing": "things", "cadence_hours": 6.0,
        "as_of_at": (NOW - timedelta(hours=1)).replace(tzinfo=None), "condition": "complete", "lateness": "fresh",
        "last_fault": "none", "last_error": None,
    }  # fmt: skip
    return usual | fields


def fail(source: str, number: int = 0, fault: Fault = Fault.UNREACHABLE, **fields: Any) -> dict[str, Any]:
    error = {"condition": "failed", "last_fault": fault, "last_error": f"{source} is {fault}"}
    return make_row(source, number, **error | fields)


def make_collect(hours_ago: float) -> Attempt:
    started_at = NOW - timedelta(hours=hours_ago)
    return Attempt(1, Beginning(kind=AttemptKind.COLLECT, version="1", pid=1, started_at=started_at, planned={}))


def judge(*rows: dict[str, Any], hours_ago: float = 1, **fields: Any) -> list[Condition]:
    usual = Evidence(Health(), [make_collect(hours_ago)], rows, None, "", NOW)
    return judge_conditions(replace(usual, **fields))


def name(conditions: list[Condition]) -> dict[str, str]:
    return {condition.id: condition.severity.name.lower() for condition in conditions}


def test_a_home_in_which_all_is_well_has_no_condition() -> None:
    """Nor one in which nothing was ever tried."""
    assert judge(*map(make_row, SOURCES)) == judge(attempts=[]) == []


def test_a_failed_visit_weighs_as_much_as_the_age_of_what_it_left() -> None:
    """One visit that fails is no news while the data are fresh, unless only a hand can fix it."""
    for lateness, severity in (("fresh", "note"), ("stale", "warning"), ("overdue", "error")):
        assert name(judge(fail("github", lateness=lateness))) == {"source:github": severity}
    assert name(judge(fail("github", fault=Fault.DENIED))) == {"source:github": "warning"}
    after = fail("github", 1, last_error=f"{NOT_ASKED}github is unreachable", lateness="overdue")
    (one,) = judge(fail("github"), after)
    assert one.words.startswith("2 collections of 2 github channels failed: unreachable: github is unreachable")
    (two,) = judge(fail("github"), fail("github", 1, Fault.DENIED), make_row("github", 2, condition="stale"))
    assert "github is denied; and 1 more causes" in two.words, "a source is one condition, the gravest cause first"


def test_what_nobody_visits_is_counted() -> None:
    """In words that fit one as well as many."""

    def say(*conditions: str) -> str:
        (stated,) = judge(*(make_row("status", number, condition=one) for number, one in enumerate(conditions)))
        return stated.words

    assert say("stale", "complete") == "status: 1 late collection, last read 1\u00a0h ago"
    assert say("overdue", "overdue", "complete") == "status: 2 late collections, last read 1\u00a0h ago"


def test_silence_is_told_instead_of_all_that_is_late_because_of_it() -> None:
    """It is allowed for two cadences and at least six hours; what began under a clock that was ahead is no sign of
    life."""
    late = [make_row(source, lateness="overdue", condition="overdue") for source in SOURCES]
    old = Snapshot(Path("x"), 1, NOW - timedelta(days=3), is_sample=False)

    assert name(judge(*late)) == {f"source:{source}": "error" for source in SOURCES}
    notes = {f"source:{source}": "note" for source in SOURCES}
    assert name(judge(*late, hours_ago=13, snapshot=old)) == {"silence": "urgent", "snapshot": "note"} | notes
    assert name(judge(*late, snapshot=old)) == {"snapshot": "warning"} | notes
    assert name(judge(make_row("github"), hours_ago=12)) == name(judge(make_row("github"), hours_ago=5)) == {}
    ahead = [make_collect(hours_ago) for hours_ago in (-9_000, 13)]
    assert name(judge(make_row("github"), attempts=ahead)) == {"silence": "urgent"}
    assert name(judge(make_row("github"), snapshot=old)) == {"snapshot": "warning"}


def test_a_step_that_fails_hides_the_lateness_it_causes_and_a_full_disk_is_urgent() -> None:
    """An interrupted one is somebody's will."""

    def make_trouble(kind: str, state: AttemptState, fault: Fault, grave: bool = True) -> Health:
        return Health((Trouble(kind, state, fault, grave, NOW, f"the last {kind} failed", "", "why.", "Fix it."),))

    late = make_row("github", lateness="stale", condition="stale")
    build, noted = judge(late, health=make_trouble("build", AttemptState.FAILED, Fault.INTERNAL))
    assert (noted.id, noted.severity) == ("source:github", Severity.NOTE)
    assert (build.id, build.severity, build.words) == ("build", Severity.ERROR, "the last build failed: why")
    assert name(judge(health=make_trouble("publish", AttemptState.FAILED, Fault.DISK))) == {"publish": "urgent"}
    interrupted = make_trouble("build", AttemptState.INTERRUPTED, Fault.INTERRUPTED, grave=False)
    assert name(judge(late, health=interrupted)) == {"source:github": "warning", "build": "note"}
    nothing = make_trouble("collect", AttemptState.NOTHING, Fault.UNREACHABLE)
    assert name(judge(health=nothing)) == {"collect": "error"}
    assert name(judge(fail("github"), health=nothing)) == {"source:github": "note"}


def test_a_version_that_cannot_be_read_is_urgent_and_one_that_is_not_the_newest_is_wrong() -> None:
    """Readers see nothing, or something old."""
    assert name(judge(unreadable="x: damaged")) == {"unreadable": "urgent"}
    damaged = Snapshot(Path("x"), 1, NOW, is_sample=False, trouble="version 2 is damaged")
    assert name(judge(snapshot=damaged)) == {"snapshot": "error"}
