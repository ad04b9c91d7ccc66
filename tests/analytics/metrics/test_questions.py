"""What people ask about and in which language, and how long they wait for help with getting it to run."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, left_out, measure, one
from tests.worlds.thread_cells import OLD, SOLVED

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker", "family_id": "family"}


def _asked(counts: Mapping[str, int]) -> Any:
    """The metrics of a family that was asked so many questions of each class; `unread` were not read."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for name, count in counts.items():
        for _ in range(count):
            rows.thread(channel, question_type=None if name == "unread" else name)
    return measure(rows)


def test_the_shares_of_the_classes_add_up() -> None:
    """8, 6, 4 and 2 of 20; what was not read is left out, and of what was never asked there are 0 of 20."""
    con = _asked({"getting it to run": 8, "account and money": 6, "something broke": 4, "other": 2, "unread": 3})
    figures = {row["statistic"]: row for row in found(con, "question_mix_share", **EVERY)}

    assert {name: row["value"] for name, row in figures.items() if row["value"]} == {
        "getting it to run": 0.4,
        "account and money": 0.3,
        "something broke": 0.2,
        "other": 0.1,
    }
    assert sum(row["value"] for row in figures.values()) == pytest.approx(1)
    assert cut(figures["using it"], "n", "n_events", "value") == (20, 0, 0)
    assert left_out(figures["using it"]) == "Left out: 3 of unread topic."


def test_getting_it_to_run_is_a_class_of_its_own() -> None:
    """12 of 24."""
    con = _asked({"getting it to run": 12, "something broke": 12})
    (figure,) = found(con, "setup_question_share", **EVERY)

    assert cut(figure, "statistic", "n", "n_events", "value") == ("any", 24, 12, 0.5)


def test_a_class_has_its_segment_elsewhere() -> None:
    """20 of 50 ask how to use it; of those a quarter is helped, and half of them is never answered."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(5):
        rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, question_type="using it")
        rows.thread(channel, [(1, "staff")], age_hours=OLD, question_type="using it")
        rows.thread(channel, age_hours=OLD, question_type="using it")
        rows.thread(channel, age_hours=OLD, question_type="using it")
    for _ in range(30):
        rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, question_type="something broke")
    con = measure(rows)

    helped = one(con, "helped_share", segment="type:using it", statistic="any", **EVERY)
    assert cut(helped, "n", "value") == (20, 0.25)
    never = one(con, "never_answered_share", segment="type:using it", statistic="in_30d", **EVERY)
    assert cut(never, "n", "value") == (20, 0.5)
    assert cut(one(con, "helped_share", segment="all", statistic="any", **EVERY), "n", "value") == (50, 0.7)


def test_languages_that_are_not_named_are_the_rest() -> None:
    """Twelve in English, six in Chinese, two in others; a text too short to tell is left out, and each has its segment
    elsewhere."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for language in ["en"] * 12 + ["zh"] * 6 + ["fi", "eo", None]:
        rows.thread(channel, age_hours=OLD, question_type="other", language=language)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "language_mix_share", **EVERY)}

    assert {name: row["value"] for name, row in figures.items() if row["value"]} == {"en": 0.6, "zh": 0.3, "other": 0.1}
    assert (figures["de"]["value"], left_out(figures["de"])) == (
        0,
        "Left out: 1 too short or unclear to tell the language.",
    )
    assert cut(
        one(con, "never_answered_share", segment="language:zh", statistic="in_30d", **EVERY), "n", "n_events"
    ) == (6, 6)


def test_help_with_getting_it_to_run_has_its_own_clock() -> None:
    """Twenty are helped after 10, 11 … 29 hours, ten others never: medians 19, and 24 of all."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for place in range(20):
        replies: list[Any] = [(1, "staff"), (10 + place, "asker", SOLVED)]
        rows.thread(channel, replies, age_hours=OLD, question_type="getting it to run")
    for _ in range(10):
        rows.thread(channel, [(1, "staff")], age_hours=OLD, question_type="something broke")
    con = measure(rows)

    def figure(segment: str, statistic: str = "median") -> tuple[Any, ...]:
        return cut(
            one(con, "setup_help_hours", segment=segment, statistic=statistic, **EVERY),
            "value",
            "n",
            "n_censored",
            "state",
        )

    assert figure("type:getting it to run") == (19, 20, 0, "measured")
    assert figure("all") == (24, 30, 10, "measured")
    assert figure("all", "p80") == (None, 30, 10, "measured")


def test_who_is_not_known_to_be_helped_is_not_timed() -> None:
    """What was not read enters no curve, not even as still waiting."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.thread(channel, [(1, "staff", {"reader_version": 1})], age_hours=OLD, question_type="getting it to run")
    rows.thread(channel, [(1, "staff")], age_hours=24, question_type="getting it to run")
    timed = found(measure(rows), "survival_durations", subject="help", segment="type:getting it to run")

    assert sorted(cut(row, "duration_hours", "is_event", "is_excluded") for row in timed) == [
        (24, False, False),
        (800, False, True),
    ]
