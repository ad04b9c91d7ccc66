"""What changes under you: what ends next, the reader's own ids, and the vendors' record."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.reliability import changes, record, sentences_ends
from dashboards.words import numbers
from tests.dashboards.test_pages import opened, seen, texts
from tests.worlds.hostile import HOSTILE
from tests.worlds.page_worlds import NOW
from warehouse import notices
from warehouse.ends import model_ids, states
from warehouse.receipts.receipt import make_receipt

PAGE = "reliability/changes.py"
Home = Callable[[str], Path]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the sample world stands still."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def sample(state_home: Home, state: str = "sample", **filters: Any) -> View:
    """The view of a world."""
    return seen(state_home(state), **filters)


def first_end(page: View) -> dict[str, Any]:
    """The soonest end that has a day."""
    rows = [row for row in page.load_notices() if row["shutdown_kind"] == "exact" and row["shutdown_on"] >= NOW.date()]
    return rows[0]


def test_the_example_has_ids_that_the_open_snapshot_knows(state_home: Home) -> None:
    """Well-known ones if they are known, so that the example always works; else those that end next."""
    page = sample(state_home)
    rows = notices.load_notices(page.snapshot)
    names = model_ids.index_names(rows)
    ids = changes.give_example(page).split(", ")
    assert len(ids) == 3 and all(model_ids.find_rows(model_id, names) for model_id in ids)
    is_known = all(model_ids.find_rows(model_id, names) for model_id in changes.EXAMPLE.split(", "))
    assert (", ".join(ids) == changes.EXAMPLE) == is_known
    assert changes.give_example(sample(state_home, "no rows")) == changes.EXAMPLE


def test_the_answer_names_the_next_end_and_counts_the_year(state_home: Home) -> None:
    """What breaks in my app next year: the sentence, the lines and the table say the same."""
    page = sample(state_home)
    story = changes.story(page)
    first, today = first_end(page), NOW.date()
    gantt, year = story.figures()[:2]
    assert (
        f"The first is {numbers.escape_markdown(first['model'])} (" in story.answer
        and f"on {sentences_ends.format_day(first['shutdown_on'])}" in story.answer
    )
    assert gantt.name == "ends" and gantt.chart is not None and len(gantt.rows) == changes.MOST
    ahead = [row for row in page.load_notices() if states.judge_state(row, today) == states.AHEAD]
    within = [row for row in ahead if row["shutdown_on"] <= today + timedelta(days=365)]
    assert len(year.shown) == len(within) and year.title.startswith(f"{len(within)} end or may end, ")
    sure = sum(row["shutdown_kind"] == "exact" for row in within)
    assert story.answer.startswith(f"**{sure} ends have a known day within 12 months**, the first ")
    assert f" For {len(within) - sure} more, only a month" in story.answer
    assert [row["shutdown_on"] for row in gantt.rows] == sorted(row["shutdown_on"] for row in gantt.rows)


def test_weights_have_no_page_of_ends_and_need_none(state_home: Home) -> None:
    """The answer says so."""
    story = changes.story(sample(state_home, chosen=("qwen", "llama")))
    assert story.answer == changes.NOTHING
    assert [figure.name for figure in story.figures()] == ["record"], "Qwen's host promises a notice"


def test_pasted_ids_are_answered_under_the_sentence_whatever_is_chosen(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a link that carries them: what ends, what replaces it, and what nobody knows."""
    first = first_end(sample(state_home, chosen=("command",)))
    app = opened(monkeypatch, state_home("sample"), PAGE, family="Qwen")
    app.text_area[0].set_value(f"model: 'vendor/{first['model']}'\nnever-heard-of-9, sk-secret0").run()
    assert not app.exception
    shown = app.dataframe[0].value.to_dict("records")
    assert shown[0]["your id"] == f"vendor/{first['model']}" and shown[0]["listed as"] == first["model"]
    assert shown[0]["what happens"].startswith(f"ends {sentences_ends.format_day(first['shutdown_on'])} (in ")
    assert [line["what happens"][:8] for line in shown if line["your id"] == "never-heard-of-9"] == ["unknown:"]
    ending, unknown = app.title[0].value.replace("\\", "").split("; ")
    assert ending == f"vendor/{first['model']} ends {sentences_ends.format_day(first['shutdown_on'])}"
    assert unknown == "never-heard-of-9 is not known to be safe"
    assert "a known day within 12 months" not in texts(app), "the answer is about the ids"
    assert "Hidden because it looks like a key: 1" in texts(app)
    assert app.query_params["models"] == f"vendor/{first['model']},never-heard-of-9"


def test_a_link_with_ids_opens_with_their_answer(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTBEAT_HOME", str(state_home("sample")))
    first = first_end(sample(state_home))
    app = opened(monkeypatch, state_home("sample"), PAGE, models=first["model"])
    if not app.text_area[0].value:
        app.query_params["models"] = first["model"]
        app.run()
    assert app.text_area[0].value == first["model"]
    assert f"ends {sentences_ends.format_day(first['shutdown_on'])}" in texts(app)
    app.query_params["models"] = "another-9"
    app.run()
    assert app.text_area[0].value == "another-9", (
        "another link on the same page is not answered with the ids of the last"
    )
    app.text_area[0].set_value("").run()
    assert "models" not in app.query_params and not app.exception


def test_an_example_fills_the_field_and_is_answered(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader without an id at hand sees what the page does; empty columns are hidden."""
    app = opened(monkeypatch, state_home("sample"), PAGE)
    assert app.button(key="check-ids").label == "Check these ids"
    app.button(key="try-ids").click().run()
    assert not app.exception and app.text_area[0].value == changes.give_example(sample(state_home))
    table = app.dataframe[0].value
    assert len(table) >= 3 and all(any(table[name]) for name in table.columns)


def test_whatever_is_pasted_is_text(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes back in the table, escaped in sentences, or not at all."""
    app = opened(monkeypatch, state_home("sample"), PAGE)
    many = ", ".join(f"a-{place}" for place in range(101))
    for text in (*HOSTILE, "x" * 5_001, many):
        app.text_area[0].set_value(text).run()
        assert not app.exception
        said = "\n".join(str(element.value) for kind in (app.markdown, app.caption, app.warning) for element in kind)
        assert text == HOSTILE[4] or text not in said
        assert "![" not in said and "](javascript" not in said
        assert ("Nothing was looked up" in said) == (text in ("x" * 5_001, many))


def draw_record(page: View) -> Figure:
    """The vendors' record of a page."""
    (figure,) = record.make_record(page)
    return figure


def test_a_promise_stands_beside_what_was_given(state_home: Home) -> None:
    """The words of the promise, the days that were given, and the share that kept it, each with its receipt."""
    figure = draw_record(sample(state_home))
    lines = {row["of"]: row for row in figure.shown}
    assert lines["Claude"]["promised"] == "At least 60 days before a model is retired"
    assert lines["Claude"]["promise kept"].startswith("88") and lines["Claude"]["days of notice"][0].isdigit()
    assert lines["Nova"]["promised"].startswith("At least 6 months for models launched before")
    assert lines["Kimi"]["promised"] == "no promise known"
    assert figure.has_receipts
    assert {row["metric"] for row in figure.rows} == {metric for metric, _, _ in record.COLUMNS.values()}


def test_who_kept_a_promise_is_counted_over_two_years(state_home: Home) -> None:
    """A share of all time says nothing of a vendor today; the counts are those of the receipt's items."""
    page = sample(state_home)
    key = {"kind": "deprecations", "role": "all", "segment": "all", "statistic": "last_read", "window": "all"}
    items = make_receipt(page.snapshot, "promise_kept_share", {"family": "claude", **key}, 1_000).items
    own = [item["is_yes"] for item in items if item["age_days"] <= 730]
    line = next(row for row in draw_record(page).shown if row["of"] == "Claude")
    assert 0 < len(own) < len(items) and line["kept in two years"] == f"{sum(own)} of {len(own)}"
    kept = {"claude": {"kept": 17, "models": 18}, "gpt": {"kept": 13, "models": 19}}
    assert record.name_kept(kept, page) == "Promise kept most often: Claude, 17 of 18"
    kept["gpt"]["kept"] = 19
    assert record.name_kept(kept, page) == "Promise always kept in two years: GPT"


def test_each_promise_is_told_with_the_models_that_it_is_for(state_home: Home) -> None:
    """A preview ends sooner than a finished model: one number for both would be wrong for one of them."""
    stated = {"family_id": "claude", "is_stale": False, "as_of_on": date(2026, 11, 20), "until_on": None}
    facts: list[dict[str, Any]] = [
        stated | {"fact_words": "90 days", "applies_to": "", "url": "https://a.example/ends"},
        stated | {"fact_words": "2 weeks", "applies_to": "previews", "url": "", "until_on": date(2027, 1, 31)},
    ]
    line = record.describe_record(sample(state_home), "claude", [], facts)
    assert line["promised"] == "90 days; previews: 2 weeks (until 31 Jan 2027)"
    assert (line["promise kept"], line["page"]) == ("not known", "https://a.example/ends")


def test_a_window_without_numbers_takes_all_time(state_home: Home) -> None:
    """Ends are rare: a year may hold too few."""
    given = record.load_or_all_time(sample(state_home), "notice_days", ("days",))
    assert {row["window"] for row in given} == {"all"}
