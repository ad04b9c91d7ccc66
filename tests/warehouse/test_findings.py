"""Each cause is one condition, however many collections it stops, and weighs as much as what it does to the data."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState, Beginning
from warehouse.attempts.health import Health, SilentChannel
from warehouse.attempts.troubles import Trouble
from warehouse.faults import NOT_ASKED, Fault
from warehouse.findings import Finding, describe_closed_home, describe_mark, judge_findings
from warehouse.snapshot import Snapshot

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCES = ("github", "status", "reddit", "prices")


def make_row(source: str, number: int = 0, **fields: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "channel_id": f"gpt.{source}.{number}", "source": source, "thing": "things", "cadence_hours": 6.0,
        "as_of_at": (NOW - timedelta(hours=1)).replace(tzinfo=None), "condition": "complete", "lateness": "fresh",
        "last_run_at": (NOW - timedelta(hours=1)).replace(tzinfo=None), "last_fault": "none", "last_error": None,
    }  # fmt: skip
    return usual | fields


def fail(source: str, number: int = 0, fault: Fault = Fault.UNREACHABLE, **fields: Any) -> dict[str, Any]:
    error = {
        "condition": "failed", "last_run_at": NOW.replace(tzinfo=None), "last_fault": fault,
        "last_error": f"{source} is {fault}",
    }  # fmt: skip
    return make_row(source, number, **error | fields)


def make_collect(hours_ago: float) -> Attempt:
    started_at = NOW - timedelta(hours=hours_ago)
    return Attempt(1, Beginning(kind=AttemptKind.COLLECT, version="1", pid=1, started_at=started_at, planned={}))


def judge(*rows: dict[str, Any], hours_ago: float = 1, **fields: Any) -> list[Finding]:
    usual = {"attempts": [make_collect(hours_ago)], "snapshot": None, "unreadable": ""}
    health = Health(tuple(fields.pop("troubles", ())), tuple(fields.pop("unanswered", ())))
    return judge_findings(health=health, rows=rows, now=NOW, **usual | fields)


def name(conditions: list[Finding]) -> dict[str, str]:
    return {one.id: one.level for one in conditions}


def test_a_home_in_which_all_is_well_has_no_condition() -> None:
    """Nor one in which nothing was ever tried."""
    assert judge(*map(make_row, SOURCES)) == judge(attempts=[]) == []


def test_a_failed_visit_weighs_as_much_as_the_age_of_what_it_left() -> None:
    """One visit that fails is no problem while the data are fresh, unless only a hand can fix it."""
    assert name(judge(fail("github"))) == {"kind:failed": "note"}
    for lateness, level in (("stale", "warning"), ("overdue", "error")):
        assert name(judge(fail("github", lateness=lateness), make_row("status"))) == {"source:github": level}
    assert name(judge(fail("github", fault=Fault.DENIED))) == {"source:github": "warning"}
    after = fail("github", 1, last_error=f"{NOT_ASKED}github is unreachable", lateness="overdue")
    (one,) = judge(fail("github"), after)
    assert (one.what, one.why) == ("2 collections of 2 github channels failed (unreachable)", "github is unreachable")
    (two,) = judge(fail("github"), fail("github", 1, Fault.DENIED), make_row("github", 2, condition="stale"))
    assert two.what.endswith("failed (denied, and for 1 more cause)"), "the gravest cause first"
    hosts = [fail("status", number, last_error=f"{number}.example: 503", lateness="stale") for number in range(2)]
    assert [one.what for one in judge(*hosts)] == ["2 collections of 2 status channels failed (unreachable)"]


def test_collections_that_nobody_visits_are_counted() -> None:
    """In words that fit one as well as many."""
    late = [make_row("status", number, condition="stale", lateness="stale") for number in range(2)]
    assert [one.what for one in judge(late[0])] == ["1 late collection of status, last read 1\u00a0h ago"]
    assert [one.what for one in judge(*late)] == ["2 late collections of status, last read 1\u00a0h ago"]


def test_silence_is_said_instead_of_all_that_is_late_because_of_it() -> None:
    """It is allowed for two cadences and at least six hours."""
    late = [make_row(source, lateness="overdue", condition="overdue") for source in SOURCES]
    old = Snapshot(Path("x"), 1, NOW - timedelta(days=3), is_sample=False)

    assert name(judge(*late)) == {f"source:{source}": "error" for source in SOURCES}
    assert name(judge(*late, hours_ago=13, snapshot=old)) == {"silence": "error"}
    assert name(judge(*late, snapshot=old)) == {"snapshot": "warning"}
    assert judge(make_row("github"), hours_ago=12) == judge(make_row("github"), hours_ago=5) == []
    ahead = [make_collect(hours_ago) for hours_ago in (-9_000, 13)]
    assert name(judge(make_row("github"), attempts=ahead)) == {"silence": "error"}
    assert judge(make_row("github"), hours_ago=-0.5) == [], "a clock may be set back a little"
    closed = [describe_closed_home(NOW)]
    assert name(judge(make_row("github"), hours_ago=13, disk=closed)) == {"disk": "error"}, "it is why"


def make_trouble(kind: str, state: AttemptState, fault: Fault, is_grave: bool = True) -> list[Trouble]:
    return [Trouble(kind, state, fault, is_grave, NOW, f"the last {kind} failed", "why.", "Fix it.")]


def test_a_step_that_fails_hides_the_lateness_it_causes() -> None:
    """An interrupted one is somebody's will."""
    late = make_row("github", lateness="stale", condition="stale")
    (build,) = judge(late, troubles=make_trouble("build", AttemptState.FAILED, Fault.INTERNAL))
    assert (build.id, build.level, build.what, build.why) == ("build", "error", "the last build failed", "why.")
    interrupted = make_trouble("build", AttemptState.INTERRUPTED, Fault.INTERRUPTED, is_grave=False)
    assert name(judge(late, troubles=interrupted)) == {"source:github": "warning", "build": "note"}
    nothing = make_trouble("collect", AttemptState.NOTHING, Fault.UNREACHABLE)
    assert name(judge(troubles=nothing)) == {"collect": "error"}
    assert name(judge(fail("github"), troubles=nothing)) == {"kind:failed": "note"}, "its sources say why"


def test_a_version_that_is_not_the_newest_is_an_error() -> None:
    damaged = Snapshot(Path("x"), 1, NOW, is_sample=False, trouble="version 2 is damaged")
    assert name(judge(snapshot=damaged)) == {"snapshot": "error"}


def test_a_network_that_is_gone_is_one_finding() -> None:
    """It was reported by each source, by each channel that never answered, and by the collect."""
    lost = [fail(source, lateness="overdue") for source in SOURCES]
    new = SilentChannel("qwen.github.new", "github", Fault.UNREACHABLE, "github is unreachable")
    nothing = make_trouble("collect", AttemptState.NOTHING, Fault.UNREACHABLE)
    seen, on_time = make_row("packages"), fail("huggingface")
    (network,) = judge(*lost, on_time, seen, unanswered=[new], troubles=nothing)

    assert (network.id, network.level, network.what) == ("network", "error", "none of 5 sources can be reached")
    reached = make_row("packages", last_run_at=NOW.replace(tzinfo=None))
    assert name(judge(*lost, reached)).keys() == {f"source:{source}" for source in SOURCES}
    assert name(judge(*lost, fail("packages", fault=Fault.DENIED))).keys() > {"source:github", "source:packages"}


def test_the_mark_has_the_worst_finding_first_and_is_green_without_any() -> None:
    """A note colours it and is read behind it."""
    late = [make_row(source, condition="stale", lateness="stale") for source in SOURCES]
    assert describe_mark([], "All fresh") == ("All fresh", "green")
    assert describe_mark(judge(make_row("github", condition="partial")), "All fresh") == ("All fresh", "orange")
    said = "1 late collection of github, last read 1\u00a0h ago and 3 more problems; all fresh"
    assert describe_mark(judge(*late), "All fresh") == (said, "orange")
