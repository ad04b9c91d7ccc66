"""The monthly brief: the answers of the pages, what changed, and which models end soon."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dashboards.frame.view import View
from dashboards.site import brief
from tests.dashboards.site.test_site import make_sheets, view
from tests.worlds.page_worlds import NOW

StateHome = Callable[[str], Path]


class Rows(View):
    """A view whose rows are given."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        everyone = [{"family_id": name, "title": name.upper(), "side": "open"} for name in ("qwen", "glm")]
        super().__init__(SimpleNamespace(is_sample=False), NOW, everyone)  # type: ignore[arg-type]
        object.__setattr__(self, "given", rows)

    def load_rows(self, sql: str, *params: Any) -> list[dict[str, Any]]:
        """The rows as they are."""
        return list(self.given)  # type: ignore[attr-defined]


def test_the_brief_gives_the_verdict_of_each_page_with_a_link_to_it(sample_home: Path) -> None:
    """The same sentence as on the page, and that the numbers are made up."""
    sheets = make_sheets(sample_home)
    stated = brief.render_brief(view(sample_home), sheets)

    assert stated.startswith("# Heartbeat, the month to 1 December 2026") and "**Sample data.**" in stated
    assert all(f"- [{sheet.question}]({sheet.name}.html) {sheet.verdict}" in stated for sheet in sheets)


def test_what_changed_at_the_sources_is_listed_and_what_we_changed_is_not(state_home: StateHome) -> None:
    """The news of 30 days, as the page tells them."""
    stated = brief.list_news(view(state_home("live")))

    assert stated[0] == "- GPT: model-29 ends on 3 Mar 2027." and stated[8:] == ["- … and 18 more."]


def test_models_that_end_are_counted_and_named_by_family_with_the_kind_of_their_date() -> None:
    """A day before which a model does not end is not a day on which it ends; a name is code, in which nothing acts."""
    end = {"family_id": "qwen", "model": "a`b", "shutdown_on": datetime(2026, 12, 1).date(), "shutdown_kind": "exact"}
    rows = [end, end | {"shutdown_kind": "not_before"}, end | {"family_id": "glm", "model": "c"}]

    assert list(brief.list_ends(Rows(rows))) == [
        "- **QWEN: 1 model ends**: `a'b` 1 Dec 2026.",
        "- **GLM: 1 model ends**: `c` 1 Dec 2026.",
        "- **QWEN: 1 model may end**: `a'b` not before 1 Dec 2026.",
    ]


def test_a_model_that_ends_this_month_is_listed_until_the_month_is_over() -> None:
    """A month is dated by its first day, which has passed on most days of the month."""
    end = {"family_id": "qwen", "model": "a", "shutdown_on": date(2026, 12, 1), "shutdown_kind": "month"}
    rows = [end, end | {"model": "b", "shutdown_on": date(2026, 11, 1)}, end | {"model": "c", "shutdown_kind": "exact"}]
    page = Rows(rows)
    object.__setattr__(page, "now", NOW.replace(day=10))

    assert list(brief.list_ends(page)) == ["- **QWEN: 1 model ends**: `a` December 2026."]


def test_text_from_elsewhere_is_no_markup() -> None:
    """Headlines quote names of models from pages of others."""
    assert brief.escape_plain("GPT-4.1: a_b [x](y) <b>") == "GPT-4.1: a\\_b \\[x\\](y) \\<b\\>"
