"""What answers hold: code, source, a version, a cause, the asker's word; whom they send elsewhere; how long they
are."""

from typing import Any

import pytest

from tests.worlds.rows import Row, Rows, cut, found, left_out, measure, one
from tests.worlds.thread_cells import CODE, OLD, SOLVED, THANKS, fixed

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}
DEFLECTION, POINTER = {"is_deflection": True}, {"is_docs_pointer": True, "has_docs_link": True}


def _world(*threads: list[Any], times: int = 5, role: str = "sdk", side: str = "open", **cells: Any) -> Any:
    """The metrics of one family in whose channel each of these threads was asked so many times."""
    rows = Rows()
    channel = rows.channel(rows.family("family", side), role)
    for replies in threads * times:
        rows.thread(channel, replies, age_hours=OLD, **cells)
    return measure(rows)


def test_code_in_any_answer_counts_once() -> None:
    """Of six threads that a person answered in 30 days four got code, one of them two lines; the asker's own, a bot's
    and late code are none."""
    con = _world(
        [(1, "staff"), (2, "outsider", CODE), (3, "outsider", CODE)],
        [(1, "staff", {"has_patch": True})],
        [(1, "unknown"), (720, "maintainer", {"has_command": True})],
        [(1, "staff", {"has_code": True, "code_lines": 2})],
        [(1, "staff"), (2, "asker", CODE), (3, "bot", CODE), (4, "agent", CODE)],
        [(1, "staff"), (721, "staff", CODE)],
        [(1, "bot", CODE)],
        [(721, "staff", CODE)],
        [],
    )

    row = one(con, "code_answer_share", **EVERY)

    assert (*cut(row, "n", "n_events", "value"), left_out(row)) == (30, 20, pytest.approx(2 / 3), "")


def test_an_answer_that_is_held_counts_and_of_what_is_missing_nothing_is_known() -> None:
    """Code that is held was given, whatever else is missing; without it, it may be in what is missing or was not
    read: 2 of 25."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(20):
        rows.thread(channel, [(1, "staff")], age_hours=OLD)
    rows.thread(channel, [(1, "staff", CODE)], age_hours=719)
    rows.thread(channel, [(1, "staff", CODE)], age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(1, "staff", CODE), (2, "staff", {"reader_version": 1})], age_hours=OLD)
    rows.thread(channel, [(1, "staff"), (2, "staff", {"reader_version": 1})], age_hours=OLD)
    rows.thread(channel, age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(1, "staff"), (721, "staff")], age_hours=OLD, has_all_replies=False)
    rows.thread(channel, [(-1, "staff", CODE)], age_hours=OLD)
    row = one(measure(rows), "code_answer_share", **EVERY)

    assert (*cut(row, "n", "n_events", "value"), left_out(row)) == (
        23, 2, None, "Left out: 1 answered before they were asked, 1 observed for less than 30 days.",
    )  # fmt: skip
    assert "2 of 25 were not seen: the share lies between 8.0 and 16.0 %." in row["note"]


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        ({}, 0),
        (CODE | {"has_command": True, "has_patch": True}, 1),
        ({"source_links_count": 1}, 1),
        ({"change_links_count": 2}, 1),
        ({"source_paths_count": 3}, 1),
        ({"docs_links_count": 1, "has_docs_link": True, "has_thanks": True}, 0),
        ({"has_version": True}, 1),
        ({"has_cause": True}, 0),
        ({"is_accepted": True}, 1),
        (CODE | {"source_links_count": 1, "has_version": True, "has_cause": True, "is_accepted": True}, 4),
        ({"reader_version": 1, **CODE}, None),
    ],
)
def test_each_point_of_depth_is_one_that_can_be_read(answer: Row, points: int | None) -> None:
    """One for code, source, version and being verified each; none for documentation or a cause; of what was not read
    nobody knows."""
    con = _world([(1, "staff", answer)], times=20)
    deep = {row["statistic"]: row["value"] for row in found(con, "deep_answer_share", family_id="family", **EVERY)}

    assert {row["depth_points"] for row in found(con, "answer_depth")} == {points}
    assert one(con, "answer_depth_points", **EVERY)["value"] == points
    assert deep == {f"at_least_{least}": None if points is None else float(points >= least) for least in range(1, 5)}


def test_the_deepest_answer_counts_and_the_askers_word_is_a_point() -> None:
    """A shallow answer, then one with code and a version that the asker says worked: three points, for the thread and
    for that answer alone."""
    con = _world([(1, "staff"), (2, "outsider", CODE | {"has_version": True}), (3, "asker", SOLVED | CODE)], times=20)

    assert sorted({cut(row, "wait_hours", "depth_points", "is_verified") for row in found(con, "answer_depth")}) == [
        (1, 0, False),
        (2, 3, True),
    ]
    assert cut(one(con, "answer_depth_points", **EVERY), "value", "low", "high", "n") == (3, 3, 3, 20)


def test_only_the_askers_word_that_it_works_verifies_an_answer() -> None:
    """Thanks do not, nor does what a maintainer says of it."""
    con = _world(
        [(1, "outsider"), (2, "asker", THANKS)],
        [(1, "outsider"), (2, "maintainer", SOLVED)],
        [(1, "outsider"), (2, "asker", SOLVED)],
    )

    assert [row["is_verified"] for row in found(con, "answer_depth", author_role="outsider")].count(True) == 5


@pytest.mark.parametrize(
    ("role", "side", "own", "sdk"),
    [
        ("sdk", "proprietary", "not applicable", "measured"),
        ("sdk", "open", "not applicable", "measured"),
        ("model", "open", "measured", "not applicable"),
        ("model", "proprietary", "not applicable", "not applicable"),
        ("forum", "open", "not applicable", "not applicable"),
    ],
)
def test_the_source_of_closed_weights_cannot_be_shown(role: str, side: str, own: str, sdk: str) -> None:
    """A library's source is apart from a model's, closed weights have none, and a forum belongs to no repository."""
    source: list[Any] = [(1, "staff", {"source_links_count": 1}), (2, "staff")]
    docs: list[Any] = [(1, "staff"), (2, "staff", {"has_docs_link": True})]
    con = _world(source, docs, docs, docs, role=role, side=side)
    figures = {row["statistic"]: row for row in found(con, "source_answer_share", family_id="family", **EVERY)}

    assert (figures["own_source"]["state"], figures["sdk_source"]["state"]) == (own, sdk)
    assert cut(figures["any_source"], "n", "n_events", "value") == (20, 5, 0.25)
    assert cut(figures["docs"], "n", "n_events", "value") == (20, 15, 0.75)
    assert {figures[name]["value"] for name in ("own_source", "sdk_source")} == {
        0.25 if state == "measured" else None for state in (own, sdk)
    }


def test_who_is_only_sent_elsewhere() -> None:
    """First answer: three of four. Every answer: two of four. What the asker or a bot says plays no part."""
    con = _world(
        [(1, "staff", DEFLECTION)],
        [(1, "bot"), (2, "staff", DEFLECTION), (3, "asker"), (4, "outsider", DEFLECTION)],
        [(1, "staff", DEFLECTION), (2, "outsider")],
        [(1, "outsider"), (2, "staff", DEFLECTION)],
    )

    assert cut(one(con, "deflection_share", statistic="first", **EVERY), "n", "n_events") == (20, 15)
    assert cut(one(con, "deflection_share", statistic="every", **EVERY), "n", "n_events") == (20, 10)


def test_documentation_that_is_pointed_to() -> None:
    """Of the answered, those that got nothing else."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(10):
        rows.thread(channel, [(1, "staff", POINTER)], age_hours=OLD)
        rows.thread(channel, [(1, "staff", POINTER), (2, "staff")], age_hours=OLD)
        rows.thread(channel, [], age_hours=OLD)
    con = measure(rows)

    assert cut(one(con, "docs_only_share", statistic="pointed", **EVERY), "n", "n_events") == (20, 10)


def test_words_and_turns_are_those_of_people() -> None:
    """Help at the asker's word: staff twice in a row is one turn, then asker, outsider, asker. Bots and what comes
    later are no part."""
    con = _world(
        [
            (1, "bot", {"words_count": 900}),
            (2, "staff", {"words_count": 10, "actor_id": "staff"}),
            (3, "staff", {"words_count": 20, "actor_id": "staff"}),
            (4, "asker", {"words_count": 500}),
            (5, "outsider", {"words_count": 40}),
            (6, "asker", SOLVED),
            (7, "outsider", {"words_count": 5}),
        ],
        times=20,
    )

    assert cut(one(con, "answer_words_count", statistic="first", **EVERY), "value", "n") == (10, 20)
    assert cut(one(con, "answer_words_count", statistic="all", **EVERY), "value", "n") == (75, 20)
    assert cut(one(con, "answer_turns_count", **EVERY), "value", "n") == (4, 20)


def test_a_silent_fix_is_no_conversation() -> None:
    """Twenty helped by the second turn, and thirty by a fix that was merged without a word, or with a bot's."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(50):
        replies: list[Any] = [(1, "staff"), (2, "asker", SOLVED)] if number < 20 else [(1, "bot")] * (number % 2)
        rows.thread(channel, replies, age_hours=OLD, **({} if number < 20 else fixed(9, "staff")))
    row = one(measure(rows), "answer_turns_count", **EVERY)

    assert (*cut(row, "value", "n"), left_out(row)) == (2, 20, "Left out: 30 helped without a reply by a person.")


def test_depth_is_told_by_what_is_asked_about() -> None:
    """Like is compared with like: the same threads again in the segment of their type, and in no segment of a
    language."""
    con = _world([(1, "staff", CODE)], times=20, question_type="something broke", language="en")
    segments = {
        row["segment"]: row["n"]
        for row in found(con, "code_answer_share", family_id="family", channel_role="all", window="all")
        if row["n"]
    }

    assert segments == {"all": 20, "type:something broke": 20}
