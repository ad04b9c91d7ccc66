"""Is it used: what is said of known counts, and never more than counts of requests carry."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.story import Figure, Words
from dashboards.openness import model_days
from dashboards.openness import use as pages_use
from dashboards.openness.sentences import use as sentences_use
from tests.dashboards.test_pages import figures, opened, seen, texts
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "openness/use.py"
TITLES = {"qwen": "Qwen", "phi": "Phi", "gpt": "GPT*", "grok": "Grok", "groq": "Groq"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(family: str, value: float | None, side: str = "open", state: str = "measured", n: int = 4) -> dict[str, Any]:
    """A published count."""
    return {
        "family_id": family,
        "side": side,
        "value": value,
        "low": value,
        "high": value,
        "n": n,
        "state": state,
        "note": None,
    }


def test_the_answer_names_the_most_fetched_and_says_that_requests_are_not_people() -> None:
    """Hosts have packages, too, and are no side; where there is nothing to fetch is not zero use."""
    models = [row("qwen", 2_000_000), row("phi", 900, n=9), row("gpt", None, "proprietary", "not applicable", 0)]
    packages = [row("gpt", 41_000, "proprietary"), row("groq", 9_000_000, "host")]
    text = sentences_use.answer_page(models, packages, TITLES).replace(GAP, " ")
    assert "models of Qwen **2.0 million** times and Phi **900** times" in text
    assert "times; of proprietary families' client packages, those of GPT\\* **41,000** times." in text
    assert "Groq" not in text
    assert "1 family has no weights to download." in text
    assert "Requests are counted, not people, so there is no interval." in text
    assert text.endswith("n = 4 to 9 models a family.")


def test_without_counts_there_is_no_answer() -> None:
    """A state is not a count."""
    assert "give no answer" in sentences_use.answer_page([], [], TITLES)
    assert "give no answer" in sentences_use.answer_page([row("qwen", None, state="not collected", n=0)], [], TITLES)
    only = sentences_use.answer_page([], [row("gpt", 10, "proprietary")], TITLES)
    assert "models of" not in only and "downloaded, of proprietary families' client packages, those of GPT" in only


QWEN, PHI = row("qwen", 2_000_000), row("phi", 900)
MAKERS = [row("gpt", 41_000, "proprietary"), row("grok", 5, "proprietary")]


@pytest.mark.parametrize(
    ("models", "packages", "verdict"),
    [
        ([QWEN, PHI], MAKERS, "**Qwen's models are downloaded most**; of proprietary packages, GPT\\*'s"),
        ([QWEN, PHI], MAKERS[:1], "**Qwen's models are downloaded most**; GPT\\*'s client packages: 41,000 downloads"),
        ([QWEN], MAKERS, "**Qwen's models: 2.0 M downloads**; of proprietary packages, GPT\\*'s are downloaded most"),
        ([QWEN], [], "**Qwen's models: 2.0 M downloads**"),
        ([], MAKERS, "**Of proprietary packages, GPT\\*'s are downloaded most**"),
        ([], [MAKERS[0], row("groq", 9, "host")], "**GPT\\*'s client packages: 41,000 downloads**"),
    ],
)
def test_the_verdict_ranks_where_there_are_several_and_counts_where_there_is_one(
    models: list[Any], packages: list[Any], verdict: str
) -> None:
    """Of one family alone none is downloaded most."""
    said = sentences_use.judge_page(models, packages, TITLES)
    assert said.replace(GAP, " ") == f"{verdict}. How many people use them is not observable."
    assert len(said.split()) <= 20


@pytest.mark.parametrize(("values", "said"), [([5.0], ""), ([5.0, 9e6], ", on a logarithmic scale")])
def test_the_caption_names_the_scale_that_is_drawn(values: list[float], said: str) -> None:
    """Of one family, and of several alike, it is even."""
    rows: Any = [row(str(number), value) for number, value in enumerate(values)]
    assert pages_use.name_scale(rows) == said


def test_gaps_and_falls_are_counted_in_the_title_by_day() -> None:
    """A sum over them would hide both."""
    days: list[dict[str, Any]] = [
        {"day_on": date(2026, 10, 1), "previous_on": None, "is_anomaly": False},
        {"day_on": date(2026, 10, 2), "previous_on": date(2026, 10, 1), "is_anomaly": True},
        {"day_on": date(2026, 10, 6), "previous_on": date(2026, 10, 2), "is_anomaly": False},
    ]
    assert sentences_use.describe_falls([days[1]], days).endswith("a counter fell once and 1 gap")
    assert sentences_use.describe_falls([], days[:2]).endswith("no counter fell and no gaps")
    assert sentences_use.describe_falls([], []) == "Downloads per day: no model has two readings yet"


def test_a_line_breaks_before_a_day_that_comes_after_days_without_a_look() -> None:
    """And a fall says that it is none."""
    day: dict[str, Any] = {"downloads_per_day": 5.0, "is_anomaly": False}
    rows = [
        day | {"day_on": date(2026, 10, 2), "previous_on": date(2026, 10, 1)},
        day | {"day_on": date(2026, 10, 6), "previous_on": date(2026, 10, 2)},
        day
        | {
            "day_on": date(2026, 10, 7),
            "previous_on": date(2026, 10, 6),
            "downloads_per_day": None,
            "is_anomaly": True,
        },
    ]
    drawn = model_days.insert_gaps(rows)
    assert [(one["day_on"].day, one["downloads_per_day"]) for one in drawn] == [
        (2, 5.0),
        (5, None),
        (6, 5.0),
        (7, None),
    ]
    assert drawn[-1]["said"] == "none: the counter fell"


def test_models_that_nobody_watched_at_an_age_are_counted_once() -> None:
    """A model has up to four ages."""
    ages = [{"model_id": "a"}, {"model_id": "a"}, {"model_id": "b"}]
    assert "and 2 models were." in sentences_use.explain_unwatched(
        ages
    ) and "and 1 model was." in sentences_use.explain_unwatched(ages[:2])
    assert "and none was." in sentences_use.explain_unwatched([])


def test_the_page_is_short_and_each_figure_stands_on_rows(state_home: Home) -> None:
    """Models and packages first, then what they are; stars and likes as context at the end."""
    found = {figure.name: figure for figure in figures(state_home("sample"), PAGE)}
    assert list(found) == ["downloads", "packages", "ages", "days", "made", "changed", "asked", "liked"]
    assert [figure.name for figure in found.values() if not figure.rows or not (figure.chart or figure.shown)] == []
    assert {row["segment"] for row in found["made"].rows} == {"finetune", "adapter", "quantized", "merge"}
    assert found["changed"].metric == "changed_derivative_share" and ", as last seen; " in found["changed"].subtitle
    assert {row["side"] for row in found["packages"].rows if row["state"] == "measured"} == {"proprietary", "host"}
    assert set(found["liked"].shown[0]) == {"family", "stars of its repositories", "likes of its models"}
    assert "the last 30 days may still change" in found["days"].subtitle


def test_an_older_snapshot_says_what_it_lacks(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other figures stay."""
    app = opened(monkeypatch, state_home("older version"), PAGE)
    assert not app.exception and "This snapshot was published without this measure." in texts(app)
    assert "How many people use them is not observable" in texts(app)


def test_a_chosen_family_is_alone_on_the_page(state_home: Home) -> None:
    """In charts, tables and sentences."""
    story = pages_use.story(seen(state_home("sample"), chosen=("qwen",)))
    found = [
        part
        for parts in story.parts
        for part in (parts if isinstance(parts, tuple) else (parts,))
        if isinstance(part, Figure)
    ]
    assert {row["family_id"] for figure in found for row in figure.rows} == {"qwen"}
    assert "Qwen" in story.answer and "client packages" not in story.answer
    assert any(isinstance(part, Words) and "not people" in part.text for part in story.parts)
