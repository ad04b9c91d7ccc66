"""What a warning about a channel does to the figures that rest on it."""

from datetime import timedelta

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, measure, one
from warehouse.warnings import KINDS

SILENT = {"nothing read", "posting stopped"}
"""Silence that looks like calm: no value is right."""
HARMLESS = {"never visited", "family never named", "mention unmatched"}
"""What changes no figure: a channel never visited is not collected, and mentions are no channel."""
COUNTED = {"row rejected", "items skipped", "value excluded"}
ANSWERED = {"channel_kind": "tracker", "channel_role": "all", "segment": "anyone", "window": "all"}
NOTES = {"posting stopped": " since 2026-07-01"}


def _warn(rows: Rows, channel: str, kind: str, thing: str = "issues", count: int = 1) -> None:
    rows.add(
        "warnings", channel_id=channel, thing=thing, warning_kind=kind, about="2026-07-01", seen_names=["7"],
        warning_count=count,
    )  # fmt: skip


def _ask(rows: Rows, family: str, side: str = "open", hours: float = 1) -> str:
    channel = rows.channel(rows.family(family, side))
    for number in range(40):
        replies = [(hours, "staff")] if number % 4 else []
        rows.thread(channel, replies, age_hours=1000 + 168 * number, question_type="using it", has_all_replies=True)
    return channel


@pytest.mark.parametrize("kind", [*KINDS, "unknown word"])
def test_each_kind_of_warning_is_decided(kind: str) -> None:
    """Suspect figures keep their value and say why; a silent list has none."""
    rows = Rows()
    channel = _ask(rows, "family")
    if kind == "unknown word":
        rows.add("unknown_words", channel_id=channel, thing="issues", unknown_word="x", rows_count=40)
    else:
        _warn(rows, channel, kind)
    figure = one(measure(rows), "answered_share", family_id="family", statistic="within_7d", **ANSWERED)
    state = "measured" if kind in HARMLESS else "not observable" if kind in SILENT else "suspect"

    assert cut(figure, "state", "value") == (state, None if kind in SILENT else 0.75)
    assert figure["coverage_share"] == (0 if kind in SILENT else 1)
    assert (f"target-of-{channel} " in (figure["note"] or "")) == (kind not in HARMLESS)
    assert NOTES.get(kind, "") in (figure["note"] or "")


@pytest.mark.parametrize(("count", "state"), [(5, "measured"), (6, "suspect")])
@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_a_few_bad_rows_cost_their_neighbours_nothing(kind: str, count: int, state: str) -> None:
    """Up to a twentieth of the rows that came: the coverage shows them."""
    rows = Rows()
    channel = _ask(rows, "family")
    rows.add("runs", channel_id=channel, thing="issues", rows_count=100)
    _warn(rows, channel, kind, count=count)
    assert one(measure(rows), "answered_share", statistic="within_7d", **ANSWERED)["state"] == state


def test_a_warning_about_one_list_leaves_the_others_of_its_channel_alone() -> None:
    """One about the repository itself concerns all of them."""
    states = {}
    for thing in ("pulls", "repositories"):
        rows = Rows()
        _warn(rows, _ask(rows, "family"), "field emptied", thing)
        states[thing] = one(measure(rows), "answered_share", statistic="within_7d", **ANSWERED)["state"]
    assert states == {"pulls": "measured", "repositories": "suspect"}


def test_a_dead_feed_has_no_uptime_and_no_rate_in_any_window() -> None:
    """Four calm years after a feed ended were "100 % uptime, measured"."""
    rows = Rows()
    page = rows.page(rows.family("dead"))
    _warn(rows, page, "posting stopped", "incidents")
    con = measure(rows)
    for metric in ("uptime_share", "incident_rate", "recovery_hours", "disclosure_share"):
        figures = found(con, metric)
        assert {cut(row, "state", "value", "low", "coverage_share") for row in figures} == {
            ("not observable", None, None, 0)
        }
        assert all("posted nothing since 2026-07-01." in row["note"] for row in figures)


def test_of_two_pages_the_dead_one_adds_no_calm_time() -> None:
    """The figure rests on the other, and is suspect; half of what there is to see is seen."""
    rows = Rows()
    family = rows.family("family")
    dead, live = rows.page(family), rows.page(family)
    rows.tables["status_pages"][0]["observed_until_at"] = NOW - timedelta(days=100)
    rows.incident(live, NOW - timedelta(days=10), 36)
    rows.incident(dead, NOW - timedelta(days=350), 72)
    _warn(rows, dead, "posting stopped", "incidents")
    con, whole = measure(rows), 1 - (36 + 72) / 24 / (400 + 300)
    for statistic, window, value in (
        ("any_severity", "30d", 0.95), ("any_severity", "all", whole), ("as_others_count", "all", whole),
    ):  # fmt: skip
        uptime = one(con, "uptime_share", segment="all", statistic=statistic, window=window)
        assert cut(uptime, "state", "value", "coverage_share") == ("suspect", pytest.approx(value), 0.5)


def test_a_suspect_figure_has_no_rank_and_enters_no_comparison() -> None:
    """It is the best of all."""
    rows = Rows()
    for family, side in (("a", "open"), ("b", "open"), ("c", "proprietary"), ("d", "proprietary")):
        _ask(rows, family, side)
    con = measure(rows)
    whole = {row["family_id"] for row in found(con, "family_ranks", metric="answered_share", window="all")}
    _warn(rows, "a.sdk.0", "volume fallen")
    con = measure(rows)
    ranked = {row["family_id"] for row in found(con, "family_ranks", metric="answered_share", window="all")}
    pairs = found(con, "matched_differences", metric="answered_share", window="all")

    assert (whole, ranked) == ({"a", "b", "c", "d"}, {"b", "c", "d"})
    assert pairs and not [row for row in pairs if "a" in (row["first_id"], row["second_id"])]
