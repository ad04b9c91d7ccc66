"""How far back each thing was read decides what is known of it, and of nothing else: counted by hand."""

from datetime import date, timedelta

from tests.worlds.rows import NOW, Rows, cut, found, measure, one

DAY = timedelta(days=1)


def _read(rows: Rows, channel: str, **days: timedelta) -> None:
    """The channel's things were read back for so long."""
    for visit in rows.tables["collections"]:
        if visit["channel_id"] == channel and visit["thing"] in days:
            visit["reach_at"] = visit["as_of_at"] - days[visit["thing"]]


def test_who_is_new_is_known_by_what_each_activity_leaves() -> None:
    """Questions were read for 1,000 days and changes for 500: who asks first is known for 635 days, who proposes first
    for 135."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    _read(rows, channel, issues=1000 * DAY, pulls=500 * DAY)
    rows.thread(channel, [(1, "outsider", {"actor_id": "ann"})], age_hours=24 * 600, actor_id="bob")
    for who, days in (("cyd", 300), ("dan", 20)):
        rows.add(
            "changes", change_id=who, channel_id=channel, family_id="family", channel_role="sdk", actor_id=who,
            opened_at=NOW - days * DAY,
            seen_at=NOW, author_role="outsider",
        )  # fmt: skip
    counts = found(measure(rows), "event_counts", window="all", channel_role="all", channel_kind="tracker")

    assert {row["segment"]: cut(row, "observed_days", "events_count", "left_out_count") for row in counts} == {
        "askers": (635, 1, 0),
        "answerers": (635, 1, 0),
        "contributors": (135, 1, 1),
    }


def test_what_was_read_by_hand_was_read_whole() -> None:
    """A fact is as old as the one that was read longest ago."""
    rows = Rows()
    rows.family("family")
    for day in (3, 9):
        rows.add(
            "facts",
            family_id="family",
            fact_kind="fine-tuning",
            as_of_on=date(2026, 11, day),
            fact_words=f"Words {day}",
        )
    row = one(measure(rows), "channel_coverage", subject="tuning", family_id="family", channel_role="all")

    assert cut(row, "coverage_share", "channels_count") == (1, 1)
    assert f"{row['as_of_at']:%Y-%m-%d}" == "2026-11-03"
