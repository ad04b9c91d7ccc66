"""One message when a cause begins, one a day while it lasts, one when it is over; the same run twice sends nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipelines.notifying.alerts import REMINDED_AFTER, AlertState, Message, list_messages
from pipelines.notifying.conditions import UNREADABLE, Condition, Severity

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make(id: str = "network", severity: Severity = Severity.WARNING) -> Condition:
    return Condition(id, severity, NOW, f"{id} is wrong", "Fix it.")


def run(state: AlertState, *conditions: Condition, hours: float = 0) -> tuple[AlertState, list[str]]:
    """One run; all that was made is delivered."""
    messages = list(list_messages(state, conditions, NOW + hours * HOUR))
    return accept(state, messages), [one.notice.title.removeprefix("Heartbeat: ") for one in messages]


def accept(state: AlertState, messages: Iterable[Message]) -> AlertState:
    for message in messages:
        state = message.note(state)
    return state


def test_a_cause_is_told_at_its_beginning_daily_and_at_its_end() -> None:
    """And what to do is in the message."""
    said = []
    state = AlertState()
    for hours in (0, 1, 23, 24, 25, 49):
        state, titles = run(state, make(), hours=hours)
        said.append(titles)
    state, over = run(state, hours=50)

    assert said == [["warning: network is wrong"], [], [], ["still: network is wrong"], [], ["still: network is wrong"]]
    assert over == ["resolved: network is wrong"] and state.alerts == {}
    (message,) = list_messages(AlertState(), [make()], NOW)
    assert message.notice.body == "network is wrong.\nSince 20 Nov 2026 12:00 UTC.\n\nFix it."


def test_a_message_is_marked_by_its_level_and_an_end_as_good_news() -> None:
    """Each was of the type "info", so a phone could not filter by it."""
    types = []
    for severity in (Severity.WARNING, Severity.ERROR, Severity.URGENT):
        begun = list(list_messages(AlertState(), [make(severity=severity)], NOW))
        over = list_messages(accept(AlertState(), begun), [], NOW + HOUR)
        types.append([one.notice.type for one in (*begun, *over)])

    assert types == [["warning", "success"], ["failure", "success"], ["failure", "success"]]


def test_a_reminder_says_since_when_also_of_what_is_only_known_to_be_so_now() -> None:
    """A full disk leaves no trace of its beginning but the first message."""
    state, _ = run(AlertState(), make())
    later = NOW + 24 * HOUR
    (message,) = list_messages(state, [replace(make(), since=later)], later)
    assert message.notice.title == "Heartbeat: still: network is wrong"
    assert "Since 20 Nov 2026 12:00 UTC." in message.notice.body


def test_what_grows_worse_is_told_at_once() -> None:
    """What grows better, or turns out to be caused by something else, waits for its end."""
    state, _ = run(AlertState(), make())
    state, worse = run(state, make(severity=Severity.ERROR), hours=1)
    _, better = run(state, make(), hours=2)

    assert worse == ["now error: network is wrong"] and better == []
    state, noted = run(state, make(severity=Severity.NOTE), hours=3)
    assert noted == [] and run(state, hours=4)[1] == ["resolved: network is wrong"]


def test_nothing_is_over_while_nothing_can_be_judged() -> None:
    """If no version can be read, nobody knows what is still wrong."""
    state, _ = run(AlertState(), make())
    state, said = run(state, make(UNREADABLE, Severity.URGENT), hours=1)
    assert said == ["urgent: unreadable is wrong"]
    state, said = run(state, make(), hours=2)
    assert said == ["resolved: unreadable is wrong"]
    assert run(state, hours=3)[1] == ["resolved: network is wrong"]


def test_a_clock_that_was_ahead_silences_no_reminder() -> None:
    """What was stated in a year to come is stated again now, and daily from then on."""
    state, _ = run(AlertState(), make(), hours=9_000)
    state, said = run(state, make(), hours=1)
    assert said == ["still: network is wrong"]
    assert run(state, make(), hours=2)[1] == []


def test_notes_are_sent_to_nobody() -> None:
    """They are in `status`."""
    assert list(list_messages(AlertState(), [make(severity=Severity.NOTE)], NOW)) == []


_names = st.sampled_from(["network", "disk", "silence", "source:github"])
_conditions = st.dictionaries(_names, st.sampled_from(list(Severity))).map(
    lambda chosen: [make(name, severity) for name, severity in chosen.items()]
)
_runs = st.lists(st.tuples(_conditions, st.integers(0, 30)), max_size=14)


@given(_runs)
def test_whatever_happens_each_cause_is_opened_before_it_is_closed_and_never_twice(
    runs: Iterable[tuple[list[Condition], int]],
) -> None:
    """A run repeated at once sends nothing, reminders are a day apart, and what is open is what is wrong."""
    state, hours = AlertState(), 0
    opened: dict[str, float] = {}
    for conditions, passed in runs:
        hours += passed
        state, said = run(state, *conditions, hours=hours)
        assert run(state, *conditions, hours=hours)[1] == []
        for title in said:
            verb, _, words = title.partition(": ")
            if verb == "resolved":
                assert words in opened
                del opened[words]
            elif verb == "still":
                assert (hours - opened[words]) * HOUR >= REMINDED_AFTER
                opened[words] = hours
            else:
                assert ("now" in verb) == (words in opened)
                opened[words] = hours
        wrong = {one.words for one in conditions if one.severity > Severity.NOTE}
        assert wrong <= set(opened) <= {one.words for one in conditions}
