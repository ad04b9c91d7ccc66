"""The page of one family: the state by its printed rule, titles from marks, and empty parts as lines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.family import family, sentences_family, trend
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from tests.dashboards.test_pages import opened, seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "family/family.py"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


@pytest.mark.parametrize(
    ("late", "early", "state"), [(0, 5, "Silent"), (2, 5, "Slowing"), (2.5, 5, "Maintained"), (9, 5, "Maintained")]
)
def test_a_state_follows_the_printed_rule(late: float, early: float, state: str) -> None:
    """Half of what was done before is still maintained."""
    assert trend.judge_pace(late, early) == state


def row(name: str, value: float | None, **columns: Any) -> dict[str, Any]:
    """A published figure."""
    ends = {"low": value, "high": value, "state": "measured", "n": 20, "note": ""}
    return {"family_id": name, "side": "open", "statistic": "median", "value": value} | ends | columns


def test_the_headline_says_what_is_not_known() -> None:
    """Of a family without a wait, its ends are still stated."""
    known = [row("x", 5.0)]
    year = [row("x", None, shutdown_kind=kind) for kind in ("exact", "not_before", "not_before")]
    assert sentences_family.count_ends(year) == "1 model ends, 2 more may"
    assert sentences_family.judge_page(known, year, "X") == (
        f"**Half of X's users hear back within 5.0{GAP}h; 1 model ends within a year.**"
    )
    assert "; 2 models may end within a year" in sentences_family.judge_page(known, year[1:], "X")
    assert sentences_family.judge_page([row("x", None, state="not enough data")], [], "X") == (
        "**Too little is known of how long X's users wait.**"
    )


def charts(figures: list[Figure]) -> list[str]:
    """The names of figures that are drawn as charts."""
    return [figure.name for figure in figures if figure.chart is not None]


def test_what_has_no_number_is_a_line_with_its_reason(sample_home: Path) -> None:
    """An empty axis was drawn for each figure of a family of which little is known."""
    page = seen(sample_home)
    for name in page.titles:
        figures = family.story(seen(sample_home, chosen=(name,))).figures()
        lists = {figure.name: figure for figure in figures if figure.is_list}
        assert [figure.name for figure in figures] == [*charts(figures), *lists], name
        assert list(lists) == ["record", *(["terms"] if lists.get("terms") else []), "asking", "changed", "unseen"]
        unseen = " ".join(line["what"] for line in lists["unseen"].shown).lower()
        assert "account and billing" in unseen
        missing = {"waiting", "gap"} - {*charts(figures)}
        has_reason = "questions in issue trackers" in unseen
        assert all(has_reason or sentences_family.LABELS[one] in unseen for one in missing), (name, missing)
        assert all(len(figure.title.split()) <= 10 for figure in figures), [figure.title for figure in figures]


def test_one_family_is_picked_and_shown_by_itself(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several in the address the first is shown; without any, the one with most figures."""
    app = opened(monkeypatch, sample_home, PAGE)
    assert not app.exception
    fullest = snapshot_reader.find_fullest_family(seen(sample_home).snapshot)
    assert app.selectbox(key="family").value == fullest
    app.selectbox(key="family").set_value("qwen").run()
    assert app.query_params["family"] in ("qwen", ["qwen"])
    assert "Qwen" in app.title[0].value
    app = opened(monkeypatch, sample_home, PAGE, family=["claude", "qwen"])
    assert app.selectbox(key="family").value == "claude" and "Claude" in app.title[0].value


@pytest.mark.parametrize("world", ["no rows", "one family", "older version"])
def test_a_world_with_hardly_any_data_has_a_page(state_home: Home, monkeypatch: pytest.MonkeyPatch, world: str) -> None:
    """Nothing fails where nothing was collected."""
    app = opened(monkeypatch, state_home(world), PAGE)
    assert not app.exception
    assert "Too little is known" in app.title[0].value or "hear back" in app.title[0].value
