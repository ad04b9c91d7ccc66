"""A page of Stack Exchange's lists that always fails: stepped over, named, asked again with growing pauses."""

import re
from collections.abc import Iterator

import pytest

from pipelines.http import waits
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Retriable
from pipelines.sources import stackexchange as source
from tests.pipelines.sources.stackexchange.visits import CHANNEL, Held, collect, keep, told, truth, visited
from tests.upstream import Upstream, faults
from tests.upstream.sites.stackexchange import Site

PAGE = 5


@pytest.fixture
def up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    """A site with some pages of questions."""
    for module in ("client", "search_pages", "items"):
        monkeypatch.setattr(f"pipelines.sources.stackexchange.{module}.PAGE", PAGE)
    monkeypatch.setattr(source, "PAGE", PAGE)
    monkeypatch.setattr(waits, "choose_backoff", lambda attempt: 0.0)
    with Upstream([CHANNEL], threads=900) as running:
        yield running


@pytest.fixture
def site(up: Upstream) -> Site:
    return up.stackexchange.sites["stackoverflow"]


def _find_ends(up: Upstream) -> list[str]:
    """The upper ends of the pages of a backfill."""
    up.forget()
    collect(up)
    asked = [record.path for record in up.requests if "sort=creation" in record.path]
    return [match[1] for path in asked if (match := re.search(r"max=(\d+)&min=", path))]


def test_a_page_that_always_fails_blocks_no_older_question(up: Upstream, site: Site) -> None:
    """It counts as the questions that it would list, and comes once it answers."""
    ends = _find_ends(up)
    assert len(ends) > 5
    rule = up.fail("stackexchange", rf"(?=.*page=1&)(?=.*max={ends[2]}&)", faults.status(500))
    held: Held = {}
    pages = collect(up)
    cursor, passed = keep(pages, held), pages[-1].passed_over
    whole = truth(site)
    assert passed and len(passed) == PAGE and 0 < len(whole.keys() - told(held).keys()) <= PAGE
    assert re.match(
        f"{PAGE} questions are missing, .*: questions by creation from 20.* [(]server error[)]", passed.describe()
    )
    named = f"{PAGE} questions are missing, .*: questions by creation from 20.* [(]server error[)]; asked again from"
    assert re.match(named, passed.describe())
    asked = rule.fitted
    pages = collect(up, cursor)
    cursor = keep(pages, held)
    assert rule.fitted == asked and len(pages[-1].passed_over or ()) == PAGE  # its pause is not over
    up.world.advance(2)
    cursor = keep(collect(up, cursor), held)
    assert rule.fitted > asked and cursor["stretches"]
    rule.stop()
    up.world.advance(5)
    pages = collect(up, cursor)
    keep(pages, held)
    assert not pages[-1].passed_over and told(held) == truth(site)
    assert "stretches" not in pages[-1].cursor


def test_some_pages_in_a_row_are_stepped_over_and_more_end_the_visit(up: Upstream, site: Site) -> None:
    """More are the site's fault; what was read is kept, and the next visit goes on there."""
    end, held = _find_ends(up)[2], dict[str, dict[str, dict[str, object]]]()
    rule = up.fail("stackexchange", rf"page=[12]&.*max={end}&", faults.status(500))
    pages, error = visited(up, None)
    assert error is None and pages[-1].passed_over and len(pages[-1].passed_over) == 2 * PAGE
    rule.stop()
    rule = up.fail("stackexchange", rf"page=[1-9]&.*max={end}&", faults.status(500))
    pages, error = visited(up, None)
    cursor = keep(pages, held)
    assert isinstance(error, Retriable) and not pages[-1].passed_over
    rule.stop()
    keep(collect(up, cursor), held)
    assert told(held) == truth(site)


@pytest.mark.parametrize(("path", "name"), [("sort=activity", source.LATEST), ("order=desc&page=1&", source.NEWEST)])
def test_the_first_page_of_a_list_that_always_fails_does_not_stop_the_others(
    up: Upstream, site: Site, path: str, name: str
) -> None:
    """Older questions wait behind the latest activity and the newest questions."""
    held: Held = {}
    pages, error = visited(up, None, budget=Budget(4))
    assert isinstance(error, BudgetSpent)
    cursor = keep(pages, held)
    assert cursor["low"]
    up.world.advance(24)
    rule = up.fail("stackexchange", path, faults.status(500))
    pages, error = visited(up, cursor)
    cursor = keep(pages, held)
    assert error is None and cursor["low"] is None
    assert pages[-1].passed_over and list(pages[-1].passed_over.items) == [name]
    rule.stop()
    up.world.advance(5)
    pages = collect(up, cursor)
    keep(pages, held)
    assert not pages[-1].passed_over and told(held) == truth(site)


def test_a_site_that_answers_nothing_is_a_failure_and_no_page_passed_over(up: Upstream, site: Site) -> None:
    """Else a visit without any answer would pass for a success."""
    cursor = keep(collect(up), {})
    up.world.advance(24)
    up.fail("stackexchange", "search", faults.status(500))
    pages, error = visited(up, cursor)
    assert isinstance(error, Retriable) and not any(page.passed_over for page in pages)
