"""Health is judged by what was tried last, and by the channels that never answered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState, Beginning, Ending, StreamEnd
from warehouse.attempts.health import Health, judge_health
from warehouse.faults import Fault
from warehouse.findings import judge_findings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNELS = {"a.github.one": "github", "a.github.two": "github", "b.status.page": "status"}
CAME = {"things": StreamEnd(state="complete", rows=1)}
DENIED = {"things": StreamEnd(state="failed", fault=Fault.DENIED, error="401: the token is expired")}
WAITS = {"things": StreamEnd(state="skipped", fault=Fault.CREDENTIALS, error="needs GITHUB_TOKEN")}


def _attempt(
    number: int,
    kind: AttemptKind,
    state: AttemptState,
    channels: dict[str, dict[str, StreamEnd]] | None = None,
    planned: Sequence[str] = tuple(CHANNELS),
    fault: Fault = Fault.NONE,
    about: str = "",
) -> Attempt:
    beginning = Beginning(
        kind=kind, about=about, version="0", pid=7, started_at=NOW - timedelta(hours=3),
        planned={channel: ["things"] for channel in planned} if kind == AttemptKind.COLLECT else {},
    )  # fmt: skip
    has_ended = state not in (AttemptState.DIED, AttemptState.RUNNING)
    ending = Ending(state=state, ended_at=NOW, fault=fault, cause="why it was so") if has_ended else None
    return Attempt(number, beginning, channels or {}, ending, state == AttemptState.RUNNING)


def _judge(*attempts: Attempt, rows: Sequence[dict[str, Any]] = ()) -> Health:
    return judge_health(attempts, CHANNELS, rows)


@pytest.mark.parametrize(
    ("kind", "command"), [("load", "heartbeat build"), ("build", "heartbeat build"), ("backup", "heartbeat backup")]
)
def test_a_step_that_failed_last_is_said_until_it_succeeds(kind: str, command: str) -> None:
    """With the cause and what to do; one under way settles nothing yet."""
    failed = _attempt(2, AttemptKind(kind), AttemptState.FAILED, fault=Fault.INTERNAL, about="/secret/place")
    good, running = (_attempt(3, AttemptKind(kind), AttemptState(state)) for state in ("done", "running"))
    (trouble,) = _judge(running, failed, _attempt(1, AttemptKind(kind), AttemptState.DONE)).troubles

    assert trouble.is_grave and (trouble.what, trouble.cause) == (
        f"the last {kind} failed", "/secret/place: why it was so",
    ), "what pages show names no place"  # fmt: skip
    assert trouble.remedy == f"Please report this error; `{command}` tries again."
    assert _judge(good, failed).troubles == ()


def test_a_forget_that_was_killed_while_it_built_is_said_once() -> None:
    """The build was the forget's own; another one that died is said, too."""
    forget, build = (_attempt(n, AttemptKind(kind), AttemptState.DIED) for n, kind in ((1, "forget"), (2, "build")))
    (trouble,) = _judge(build, forget).troubles
    assert trouble.what == "the last forget died" and "`heartbeat forget`" in trouble.remedy

    former = _attempt(0, AttemptKind.BUILD, AttemptState.DIED)
    assert len(_judge(forget, former).troubles) == 2


def test_a_collect_that_died_is_said_until_its_channels_were_visited() -> None:
    """Other channels that came since do not excuse it."""
    died = _attempt(1, AttemptKind.COLLECT, AttemptState.DIED, {"a.github.one": CAME})
    other = _attempt(2, AttemptKind.COLLECT, AttemptState.DONE, {"b.status.page": CAME}, ["b.status.page"])
    rest = _attempt(3, AttemptKind.COLLECT, AttemptState.DONE, {"a.github.two": CAME}, ["a.github.two"])
    (trouble,) = _judge(other, died).troubles

    assert trouble.is_grave and "a collect of 3 channels died" in trouble.what
    assert "1 channel was not visited since" in trouble.what
    assert trouble.cause == "its process 7 was killed or crashed, or the machine restarted"
    assert trouble.remedy == "Run `heartbeat collect`: it goes on from what has landed."
    assert _judge(rest, other, died).troubles == ()


def test_the_widest_failure_is_named_first() -> None:
    """The mark of every page named a retry of one channel, not the collect in which nothing came of all others."""
    nothing = dict.fromkeys(CHANNELS, DENIED)
    wide = _attempt(1, AttemptKind.COLLECT, AttemptState.NOTHING, nothing)
    narrow = _attempt(2, AttemptKind.COLLECT, AttemptState.NOTHING, {"b.status.page": DENIED}, ["b.status.page"])
    troubles, ended = _judge(narrow, wide).troubles, narrow.beginning.started_at
    (finding,) = judge_findings(Health(troubles), [], [], None, "", ended)

    assert len(troubles) == 2
    assert finding.what == "an earlier collect got nothing from 3 channels, and 1 more like it"


def test_a_collect_of_channels_that_the_catalog_no_longer_has_is_not_repeated_and_not_said() -> None:
    assert _judge(_attempt(1, AttemptKind.COLLECT, AttemptState.NOTHING, planned=["gone.github.one"])).troubles == ()


def test_what_an_error_ended_as_a_whole_is_said_though_channels_were_visited() -> None:
    """What they brought is not kept."""
    left = {"things": StreamEnd(state="skipped", fault=Fault.MISCONFIGURED, error="the clock is wrong")}
    ends = {"a.github.one": CAME, "a.github.two": left, "b.status.page": left}
    refused = _attempt(1, AttemptKind.COLLECT, AttemptState.REFUSED, ends, fault=Fault.MISCONFIGURED)
    judged = _judge(refused)

    assert [(one.is_grave, one.what) for one in judged.troubles] == [(True, "a collect of 3 channels was refused")]
    assert [(one.channel_id, one.fault) for one in judged.unanswered] == [
        ("a.github.two", Fault.MISCONFIGURED), ("b.status.page", Fault.MISCONFIGURED),
    ]  # fmt: skip


def test_a_collect_that_brought_nothing_or_met_a_wrong_setting_is_grave_and_one_interrupted_is_not() -> None:
    """Somebody stepped in there, and knows."""
    nothing = _attempt(1, AttemptKind.COLLECT, AttemptState.NOTHING, dict.fromkeys(CHANNELS, DENIED))
    stopped = _attempt(1, AttemptKind.COLLECT, AttemptState.INTERRUPTED)
    refused = _attempt(1, AttemptKind.COLLECT, AttemptState.REFUSED, planned=(), fault=Fault.MISCONFIGURED)

    assert [trouble.is_grave for trouble in _judge(nothing).troubles] == [True]
    assert _judge(nothing).troubles[0].remedy == "Check the network and the tokens."
    assert [trouble.is_grave for trouble in _judge(stopped).troubles] == [False]
    assert [(one.is_grave, one.remedy) for one in _judge(refused).troubles] == [
        (True, "Correct it, then run `heartbeat collect`."),
    ]  # fmt: skip
    assert (
        _judge(_attempt(2, AttemptKind.COLLECT, AttemptState.DONE, dict.fromkeys(CHANNELS, CAME)), refused) == Health()
    )


def test_a_channel_is_silent_until_the_snapshot_or_the_ledger_has_an_answer_of_it() -> None:
    """Even if it was planned and nothing of it ever landed."""
    collect = _attempt(
        1, AttemptKind.COLLECT, AttemptState.PARTIAL, {"a.github.one": CAME, "a.github.two": DENIED}
    )  # the third has no outcome of its own
    judged = _judge(collect)
    rows = [{"channel_id": "b.status.page", "as_of_at": NOW, "last_state": "complete"}]

    assert [(one.channel_id, one.fault) for one in judged.unanswered] == [
        ("a.github.two", Fault.DENIED), ("b.status.page", Fault.INTERRUPTED),
    ]  # fmt: skip
    assert len(_judge(collect, rows=rows).unanswered) == 1 and len(_judge().unanswered) == 3


def test_a_channel_that_waits_for_a_token_is_not_called_silent() -> None:
    collect = _attempt(1, AttemptKind.COLLECT, AttemptState.DONE, dict.fromkeys(CHANNELS, WAITS))
    rows = [{"channel_id": channel, "as_of_at": None, "last_state": "skipped"} for channel in CHANNELS]

    assert (_judge(collect).unanswered, _judge(rows=rows).unanswered) == ((), ())
