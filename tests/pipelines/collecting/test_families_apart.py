"""No figure of a family depends on what other families do, nor one of a kind of channel on another kind, unless it says
so."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.claim_worlds import CLOSED, OPEN, PRICES, Kind, add_family
from tests.worlds.figures import PUBLIC
from tests.worlds.rows import NOW, Rows, cut, found, measure

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
Figures = dict[tuple[Any, ...], tuple[Any, ...]]
RELATIVE = {"relative_adoption_ratio", "like_price_ratio"}
"""Those that set a family against others."""
POOLED = {"answerer_absence_factor"}
"""Those that count what people do in several kinds of channels."""

COUNTED = {
    "answered_share", "answerer_absence_factor", "bot_share", "change_closure_ratio", "closed_unhelped_share",
    "closure_gap_share", "code_answer_share", "contributor_absence_factor", "disclosure_share",
    "first_response_by_share", "first_response_hours", "gated_share", "helped_share", "hosts_count", "incident_rate",
    "licence_class",
    "model_downloads",
    "outsider_merge_share",
    "package_downloads", "price_usd", "question_mix_share", "recovery_hours",
    "resolution_hours",
    "resolved_share", "smallest_memory_gib",
    "staff_answer_share", "stranger_fix_share", "tuning_offers_count",
    "uptime_share",
    "weight_freedom_points",
}  # fmt: skip
"""Those that are measured in these worlds, whichever of the two kinds the family is."""


def _world(*families: tuple[str, Kind, int]) -> Rows:
    """Families of two kinds with threads, models, prices, packages, incidents, releases and changes; each its
    own number."""
    rows = Rows()
    rows.channel("_shared", "prices", "prices")
    rows.tables["channels"][-1]["channel_id"] = rows.tables["collections"][-1]["channel_id"] = PRICES
    for family, kind, number in families:
        add_family(rows, family, "open" if kind is OPEN else "proprietary", kind, 25 + number)
        _add_upkeep(rows, family, number)
    return rows


def _add_upkeep(rows: Rows, family: str, number: int) -> None:
    page = rows.page(family, NOW - (300 + number) * DAY)
    tracker = next(
        row["channel_id"]
        for row in rows.tables["channels"]
        if row["family_id"] == family and row["channel_kind"] == "tracker"
    )
    common = {"channel_id": tracker, "family_id": family, "channel_role": "sdk"}
    for place in range(24 + number):
        at = NOW - (3 + number + 5 * place) * DAY
        rows.thread(tracker, age_hours=24 * (120.0 + place), actor_id=f"{family}-asked-once-{place}")
        rows.incident(
            page, at, 1 + (place + number) % 4, 1 + place % 3, title=f"Part {place % 2} fails", has_cause=place % 2 == 0
        )
        rows.add(
            "releases", release_id=f"{family}-{place}", released_at=at, is_prerelease=place % 3 == number % 3, **common
        )
        rows.add(
            "changes", change_id=f"{family}-{place}", actor_id=f"{family}-maker-{place % (3 + number)}",
            author_role="outsider",
            opened_at=at, merged_at=at + DAY, closed_at=at + DAY, seen_at=NOW,
            **common,
        )  # fmt: skip


def _figures(rows: Rows) -> Figures:
    """Of the first family, by metric and grain."""
    con = measure(rows)
    grain = ("channel_kind", "channel_role", "segment", "statistic", "window")
    return {
        (metric, *cut(row, *grain)): cut(row, "value", "low", "high", "n", "n_events", "n_censored", "state", "note")
        for metric in PUBLIC
        for row in found(con, metric, family_id="first")
    }


@pytest.mark.parametrize(("kind", "other"), [(OPEN, CLOSED), (CLOSED, OPEN)])
def test_what_other_families_do_changes_no_figure(kind: Kind, other: Kind) -> None:
    """Two more families, one of each kind, with other numbers of everything."""
    alone = _figures(_world(("first", kind, 0)))
    together = _figures(_world(("first", kind, 0), ("second", other, 4), ("third", kind, 9)))

    assert {key[0] for key in alone if alone[key] != together.get(key)} <= RELATIVE
    assert {key[0] for key, figure in alone.items() if figure[-2] == "measured"} >= COUNTED


def test_what_is_asked_in_a_forum_changes_no_figure_of_the_tracker() -> None:
    """The same people ask there, and others answer."""
    rows, more = (_world(("first", OPEN, 0)) for _ in range(2))
    forum = more.channel("first", "forum", "forum")
    for number in range(30):
        replies = [(number % 5, "staff", {"words_count": 9, "actor_id": "clerk"})] if number % 3 else []
        more.thread(
            forum,
            replies,
            age_hours=100 + number,
            thing="topics",
            channel_kind="forum",
            question_type="account and money",
            language="de",
        )
    alone, together = _figures(rows), _figures(more)

    assert {key[0] for key in alone if key[1] != "forum" and alone[key] != together.get(key)} <= POOLED
    assert sum(key[1] == "forum" and figure[3] > 0 for key, figure in together.items()) > 20
