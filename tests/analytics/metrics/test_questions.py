"""What people ask about and in which language, and how long they wait for help with getting it to run."""

from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, left_out, measure, one
from tests.worlds.thread_cells import OLD, SOLVED

EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker", "family_id": "family"}


def _asked(**counts: int) -> Any:
    """The metrics of a family that was asked so many questions of each type; `_` stands for what was not read."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for question_type, count in counts.items():
        for _ in range(count):
            rows.thread(channel, question_type=None if question_type == "unread" else question_type.replace("_", "-"))
    return measure(rows)


def test_the_shares_of_the_types_add_up() -> None:
    """8, 6, 4 and 2 of 20; what was not read is left out, and of what was never asked there are 0 of 20."""
    con = _asked(set_up=8, billing=6, refusal=4, other=2, unread=3)
    figures = {row["statistic"]: row for row in found(con, "question_mix_share", **EVERY)}

    assert {name: row["value"] for name, row in figures.items() if row["value"]} == {
        "set-up": 0.4,
        "billing": 0.3,
        "refusal": 0.2,
        "other": 0.1,
    }
    assert sum(row["value"] for row in figures.values()) == pytest.approx(1)
    assert cut(figures["docs"], "n", "n_events", "value") == (20, 0, 0)
    assert left_out(figures["docs"]) == "Left out: 3 of unread topic."


def test_getting_it_to_run_is_set_up_or_hardware() -> None:
    """5 and 7 of 24, together 12."""
    con = _asked(set_up=5, hardware=7, quality=12)

    assert {row["statistic"]: row["n_events"] for row in found(con, "setup_question_share", **EVERY)} == {
        "any": 12,
        "set-up": 5,
        "hardware": 7,
    }
    assert one(con, "setup_question_share", statistic="any", **EVERY)["value"] == 0.5


def test_fine_tuning_has_its_share_and_its_segment() -> None:
    """20 of 50 ask about it; of those a quarter is helped, and half of them is never answered."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(5):
        rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, question_type="fine-tuning")
        rows.thread(channel, [(1, "staff")], age_hours=OLD, question_type="fine-tuning")
        rows.thread(channel, age_hours=OLD, question_type="fine-tuning")
        rows.thread(channel, age_hours=OLD, question_type="fine-tuning")
    for _ in range(30):
        rows.thread(channel, [(1, "staff"), (2, "asker", SOLVED)], age_hours=OLD, question_type="quality")
    con = measure(rows)

    assert cut(one(con, "tuning_question_share", **EVERY), "n", "n_events", "value") == (50, 20, 0.4)
    assert cut(one(con, "helped_share", segment="type:fine-tuning", statistic="any", **EVERY), "n", "value") == (
        20,
        0.25,
    )
    assert cut(
        one(con, "never_answered_share", segment="type:fine-tuning", statistic="in_30d", **EVERY), "n", "value"
    ) == (20, 0.5)
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


def test_help_with_setting_up_has_its_own_clock() -> None:
    """Ten on set-up and ten on hardware are helped after 10, 11 … 29 hours, ten others never: medians 19, and 24 of
    all."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for place in range(20):
        replies: list[Any] = [(1, "staff"), (10 + place, "asker", SOLVED)]
        rows.thread(channel, replies, age_hours=OLD, question_type="set-up" if place < 10 else "hardware")
    for _ in range(10):
        rows.thread(channel, [(1, "staff")], age_hours=OLD, question_type="quality")
    con = measure(rows)

    def figure(segment: str, statistic: str = "median") -> tuple[Any, ...]:
        return cut(
            one(con, "setup_help_hours", segment=segment, statistic=statistic, **EVERY),
            "value",
            "n",
            "n_censored",
            "state",
        )

    assert figure("do-it-yourself") == (19, 20, 0, "measured")
    assert figure("all") == (24, 30, 10, "measured")
    assert figure("all", "p80") == (None, 30, 10, "measured")
    assert figure("type:set-up") == (None, 10, 0, "not enough data")


def test_who_is_not_known_to_be_helped_is_not_timed() -> None:
    """What was not read enters no curve, not even as still waiting."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.thread(channel, [(1, "staff", {"reader_version": 1})], age_hours=OLD, question_type="set-up")
    rows.thread(channel, [(1, "staff")], age_hours=24, question_type="set-up")
    timed = found(measure(rows), "survival_durations", subject="help", segment="do-it-yourself")

    assert sorted(cut(row, "duration_hours", "is_event", "is_excluded") for row in timed) == [
        (24, False, False),
        (800, False, True),
    ]
