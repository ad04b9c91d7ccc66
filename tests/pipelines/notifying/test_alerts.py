"""One message when causes begin or end; the same run twice sends nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipelines.notifying.alerts import AlertState, list_alerts
from warehouse.findings import SNAPSHOT, Finding, Level

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def make(id: str = "network", level: Level = "warning") -> Finding:
    return Finding(id, level, NOW, f"{id} is wrong", "none is newer", "Fix it.")


def run(state: AlertState, *conditions: Finding) -> tuple[AlertState, str]:
    """One run whose message is delivered, and the title of that."""
    messages = list_alerts(state, conditions, NOW)
    for message in messages:
        state = state.model_copy(update=message.changes)
    return state, "".join(one.notice.title.removeprefix("Heartbeat: ") for one in messages)


def test_a_cause_is_told_at_its_beginning_when_it_grows_worse_and_at_its_end() -> None:
    """And not in between; what to do is in the message."""
    state, said = AlertState(), []
    runs: list[list[Level]] = [["warning"], ["warning"], ["error"], ["warning"], []]
    for levels in runs:
        state, title = run(state, *(make(level=level) for level in levels))
        said.append(title)

    assert said == ["warning: network is wrong", "", "error: network is wrong", "", "resolved: network is wrong"]
    (message,) = list_alerts(AlertState(), [make()], NOW)
    assert message.notice.body == "Network is wrong.\nFigures: none is newer.\nTo do: Fix it."


def test_what_begins_and_ends_at_once_is_one_message_marked_by_its_gravest_part() -> None:
    """A hundred failures are no hundred messages, and a phone may filter them by type."""
    state, _ = run(AlertState(), make("old"))
    (message,) = list_alerts(state, [make("a", "error"), make("b")], NOW)
    (begun,), (over,) = list_alerts(AlertState(), [make()], NOW), list_alerts(state, [], NOW)

    assert message.notice.title == "Heartbeat: 2 problems: a is wrong"
    assert message.notice.body.endswith("Resolved 20 Nov 2026 12:00 UTC: old is wrong.")
    assert [one.notice.type for one in (message, begun, over)] == ["failure", "warning", "success"]


def test_no_source_is_well_again_while_nothing_new_can_be_seen() -> None:
    """If no version can be read, nobody knows what is still wrong."""
    state, _ = run(AlertState(), make())
    state, said = run(state, make(SNAPSHOT, "error"))
    assert said == "error: snapshot is wrong"
    state, said = run(state, make())
    assert said == "resolved: snapshot is wrong"
    assert run(state)[1] == "resolved: network is wrong"


_conditions = st.dictionaries(
    st.sampled_from(["network", SNAPSHOT, "source:github"]), st.sampled_from(["warning", "error"])
)


@given(st.lists(_conditions, max_size=14))
def test_whatever_happens_a_repeated_run_sends_nothing_and_all_that_is_wrong_was_told(
    runs: Iterable[dict[str, Level]],
) -> None:
    """What was sent and is over is forgotten once it can be seen."""
    state = AlertState()
    for levels in runs:
        conditions = [make(name, level) for name, level in levels.items()]
        state, _ = run(state, *conditions)
        assert run(state, *conditions) == (state, "")
        assert levels.keys() <= state.sent.keys()
        assert SNAPSHOT in levels or levels.keys() == state.sent.keys()
