"""The folded tables of support, one row per family: what they hold, what is a trial, and that closed ones load none."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.support import cells, helped, waiting
from dashboards.support.questions import LANGUAGES
from dashboards.words import numbers
from tests.dashboards.test_pages import opened, seen, texts
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def table(page: View, name: str) -> Figure:
    """A table of *Helped* or *Waiting*."""
    told = helped.story(page) if name == "resolution" else waiting.story(page)
    return next(figure for figure in told.figures() if figure.name == name)


def cell(figure: Figure, family: str, heading: str) -> str:
    """What a line says below a heading."""
    return str(next(line for line in figure.shown if line["family"] == family)[heading]).replace(GAP, " ")


def test_what_is_resolved_and_lies_open_stands_in_one_line_a_family(state_home: Home) -> None:
    """Open reports whenever they were opened: by the page's window only young ones would be open."""
    page = seen(state_home("sample"), window="90d")
    figure = table(page, "resolution")
    assert {row["metric"] for row in figure.rows} == {
        "resolved_share", "resolution_hours", "defect_resolution_hours", "open_age_days", "open_old_share",
        "backlog_weeks", "change_closure_ratio", "stranger_fix_hours",
    }  # fmt: skip
    windows = {row["metric"]: row["window"] for row in figure.rows}
    assert windows["open_age_days"] == windows["open_old_share"] == "all"
    assert windows["resolved_share"] == windows["backlog_weeks"] == "90d"
    (age,) = [row for row in figure.rows if (row["metric"], row["family_id"]) == ("open_age_days", "gpt")]
    assert cell(figure, "GPT", "age of open reports").startswith(f"{numbers.format_two_digits(age['value'])} d (")
    assert cell(figure, "GPT", "reports resolved within 30 days").endswith("%)")


def test_the_backlog_is_that_of_trackers_wherever_people_ask(state_home: Home) -> None:
    """Forums give no reason for a close; what strangers fix is read where the page looks."""
    figure = table(seen(state_home("sample"), kind="forum"), "resolution")
    kinds = {row["metric"]: row["channel_kind"] for row in figure.rows}
    assert kinds.pop("stranger_fix_hours") == "forum" and set(kinds.values()) == {"tracker"}
    assert figure.subtitle.count("issue trackers, last 12 months") == 1
    assert figure.source == "public issue trackers and forums and discussions"


def test_a_column_that_rests_on_a_weak_reader_is_called_a_trial(state_home: Home) -> None:
    """Nobody opens an info mark to learn that a number ranks nobody."""
    figure = table(seen(state_home("sample")), "resolution")
    assert "wait for a stranger's fix (a trial)" in figure.shown[0] and "backlog" in figure.title
    assert "Trial: do not rank by it, because" in figure.how


def test_what_bots_hide_is_shown_with_both_rules(state_home: Home) -> None:
    """A reader sees whether the rule decides."""
    figure = table(seen(state_home("sample"), kind="tracker"), "bots")
    assert {row["metric"] for row in figure.rows} == {
        "bot_first_share", "bot_masking_hours", "bot_sensitivity_share", "dialogue_share",
    }  # fmt: skip
    assert {row["part"] for row in figure.rows if row["metric"] == "bot_sensitivity_share"} == {
        "lenient", "strict", "differs",
    }  # fmt: skip
    assert "follow-up questions answered within a week (a trial)" in figure.shown[0]
    assert len({len(line) for line in figure.shown}) == 1, "two columns bear one heading"


def test_types_sum_to_all_and_languages_without_a_question_are_left_out(state_home: Home) -> None:
    """In the sample world everybody asks in English; the table says that it looked for others."""
    page = seen(state_home("sample"))
    types, languages = table(page, "types"), table(page, "languages")
    shares: dict[str, list[float]] = {}
    for row in types.rows:
        if row["value"] is not None:
            shares.setdefault(row["family_id"], []).append(row["value"])
    assert shares and all(len(parts) == 5 and sum(parts) == pytest.approx(1, abs=1e-5) for parts in shares.values())
    assert list(languages.shown[0]) == ["family", "English"]
    assert f"Left out: {len(LANGUAGES) - 1} languages in which nobody asked." in languages.how


def test_a_closed_fold_reads_no_table(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most readers never open it."""
    page, asked = seen(state_home("sample")), []
    load = snapshot_reader.load_metric

    def note(snapshot: Any, name: str, *more: Any) -> Sequence[Any]:
        asked.append(name)
        return load(snapshot, name, *more)

    monkeypatch.setattr(snapshot_reader, "load_metric", note)
    told = helped.story(page)
    assert "backlog_weeks" not in asked and "stranger_fix_hours" not in asked
    assert next(figure for figure in told.figures() if figure.name == "resolution").shown
    assert asked.count("backlog_weeks") == asked.count("stranger_fix_hours") == 1


def test_an_age_is_said_in_its_natural_unit() -> None:
    """`310` alone would be a count of something."""
    row = {"state": "measured", "unit": "days", "value": 310.2, "low": 1.5, "high": None}
    assert cells.format_cell(row).replace(GAP, " ") == "310 d (over 36 h)"


@pytest.mark.parametrize("state", ["no rows", "older version", "hostile"])
@pytest.mark.parametrize("page", ["support/helped.py", "support/waiting.py"])
def test_the_tables_open_whatever_a_snapshot_lacks(
    state_home: Home, monkeypatch: pytest.MonkeyPatch, state: str, page: str
) -> None:
    """Without rows they say so."""
    app = opened(monkeypatch, state_home(state), page)
    assert not app.exception and "one row per family" in texts(app)
