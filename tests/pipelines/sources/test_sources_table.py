"""The table of sources: complete, and its promises of cost are kept."""

import pytest

from pipelines import sources
from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.tools.sources_table import COSTLIER, HEAD, Line, measure, table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    """The shipped catalog, collected twice from a small world."""
    return measure(read_catalog([SHIPPED]), threads=150)


def test_every_thing_of_every_source_of_the_catalog_has_its_line(lines: list[Line]) -> None:
    """With every cell filled."""
    collected = {channel.source for channel in read_catalog([SHIPPED]).channels}
    assert [(line.source, line.thing) for line in lines] == sorted(
        (source, thing) for source in collected for thing in sources.get_streams(source)
    )
    printed = table(lines).splitlines()
    assert len(printed) == len(lines) + 2 and {row.count("|") for row in printed} == {len(HEAD) + 1}
    assert all(cell.strip() for row in printed for cell in row.strip("|").split("|"))


def test_nothing_failed_and_every_thing_but_the_empty_ones_brought_rows(lines: list[Line]) -> None:
    """A cost of what failed would be no cost. A repository that nothing was ever pushed to answers 409: small worlds
    have some."""
    faults = {
        (line.source, line.thing): {fault for fault in line.faults if not fault.endswith("/commits?per_page=…: 409")}
        for line in lines
    }
    assert {key: said for key, said in faults.items() if said} == {}
    empty = {(line.source, line.thing) for line in lines if not line.full[2]}
    assert all(sources.get_streams(source)[thing].empty_is_normal for source, thing in empty)


def test_an_unchanged_run_costs_at_most_one_request_a_channel_and_thing(lines: list[Line]) -> None:
    """Where it must cost more, the table says why."""
    assert {(line.source, line.thing) for line in lines if line.unchanged[2] > 1} == COSTLIER.keys()


def test_an_unchanged_run_costs_no_points_where_there_is_a_condition_to_ask_by(lines: list[Line]) -> None:
    """Discussions are in GraphQL only, which knows no conditions, as Stack Exchange does not: there the one question
    costs its one point."""
    costs = {(line.source, line.thing): line.unchanged[1] / line.channels for line in lines if line.unchanged[1]}
    assert costs == {("github", "discussions"): 1.0, ("stackexchange", "questions"): 1.0}
