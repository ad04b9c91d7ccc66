"""The lines of twelve months: broken where a month is missing, and drawn only of what has numbers."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.family import trend
from dashboards.overview import overview
from tests.dashboards.drawn import list_data
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

LAST = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def line(side: str, **values: float) -> list[dict[str, Any]]:
    """A line of months by how many ago they are: `m3=0.5`, the oldest first."""
    months = sorted(((int(name[1:]), value) for name, value in values.items()), reverse=True)
    return [
        {"side": side, "months_ago": ago, "ends_on": LAST - timedelta(days=30 * ago), "value": value}
        for ago, value in months
    ]


def test_a_line_breaks_at_months_without_a_number() -> None:
    """A line across the gap, or down to zero, would state what nobody saw."""
    months = line("open", m0=0.5, m3=0.25, m4=0.75)
    drawn = trend.draw_lines("share", {"open": months}, {"open": "Qwen"}, LIGHT)
    values = {row["ends_on"]: row["value"] for row in drawn["layer"][0]["data"]["values"]}
    assert [values[day] for day in sorted(values)] == [0.75, 0.25, None, None, 0.5]


def test_titles_give_the_last_values_and_the_range_of_a_family() -> None:
    """A line that ended earlier says when."""
    answered, incidents, price = trend.TRENDS
    said = trend.word_title(price, {"open": line("open", m0=2.25, m1=3.06)}, {"open": "Qwen"})
    assert said == r"Price: \$2.25 (\$2.25–\$3.06 by month)"
    assert (
        trend.word_title(incidents, {"open": line("open", m0=4, m1=2)}, {"open": "Qwen"})
        == "Incidents: 4 (2–4 by month)"
    )
    own = line("open", m0=0.5, m1=0.25, m2=0.75)
    said = trend.word_title(answered, {"open": own}, {"open": "Qwen"}).replace(GAP, " ")
    assert said == "Answered within a week: 50 % (25–75 % by month)"
    ended = trend.word_title(incidents, {"open": line("open", m9=4, m10=4)}, {"open": "Qwen"})
    assert ended == "Incidents: 4, by 27 Feb 2026"
    sides = {"open": own, "proprietary": line("proprietary", m0=0.9, m1=0.8)}
    said = trend.word_title(answered, sides, trend.SIDES).replace(GAP, " ")
    assert said == "Answered within a week: Open 50 %, Proprietary 90 %"


def test_words_at_the_ends_of_lines_do_not_touch() -> None:
    """The upper one moves up; its mark stays."""
    sides = {"open": line("open", m0=0.5, m1=0.2), "proprietary": line("proprietary", m0=0.52, m1=0.8)}
    lower, upper = (row for row in list_data(trend.draw_lines("share", sides, trend.SIDES, LIGHT)) if "label" in row)
    assert (lower["label"], upper["value"]) == (0.5, 0.52)
    assert upper["label"] == pytest.approx(0.5 + trend.GAP)


def test_each_family_has_lines_of_what_has_numbers(sample_home: Path) -> None:
    """Months with fewer than five questions have no share, two months make no line, and the price of today is the one
    of the card."""
    page = seen(sample_home)
    counts = []
    for family in page.titles:
        figures = {figure.name: figure for figure in trend.draw_family(seen(sample_home, chosen=(family,)))}
        assert list(figures) == ["trend-answered", "trend-incidents", "trend-price"]
        drawn = [figure for figure in figures.values() if figure.chart is not None]
        assert all(row.get("n", trend.LEAST) >= trend.LEAST for row in figures["trend-answered"].rows)
        assert all(figure.rows in ([], [trend.TOO_SHORT]) for figure in figures.values() if figure not in drawn)
        assert all(len(figure.title.split()) <= 10 for figure in figures.values())
        counts.append(len(drawn))
    assert max(counts) == 2 and min(counts) < 2, "the sample has prices of two months only"
    own = seen(sample_home, chosen=("claude",))
    prices = own.load_metric("price_usd", "prices", "blended", ("median",))
    months = [row for row in own.load_rows(trend.OF_FAMILY, "prices") if row["measure"] == "price"]
    assert round(months[-1]["value"], 10) == prices[0]["value"]


def test_the_first_page_draws_both_sides_unless_families_are_chosen(sample_home: Path) -> None:
    """Each side with the number of its families, which are the same in all months."""
    drawn = [figure for figure in overview.story(seen(sample_home)).figures() if figure.name.startswith("trend")]
    assert [figure.name for figure in drawn] == ["trend-answered", "trend-incidents"]
    assert "mean of 13 open and 6 proprietary families" in drawn[0].subtitle and len(drawn[0].rows) == 24
    chosen = overview.story(seen(sample_home, chosen=("qwen", "claude"))).figures()
    assert not [figure for figure in chosen if figure.name.startswith("trend")]
