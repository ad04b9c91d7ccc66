"""The table of sources: complete, and its promises of cost are kept."""

import pytest

from pipelines import sources
from pipelines.catalog import SHIPPED, read_catalog
from tests.sources_table import COSTLIER, HEAD, Line, measure, table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    """The shipped catalog, collected twice from a small world."""
    return measure(read_catalog([SHIPPED]), threads=150)


def test_every_thing_of_every_source_of_the_catalog_has_its_line(lines: list[Line]) -> None:
    """With every cell filled."""
    collected = {channel.source for channel in read_catalog([SHIPPED]).channels}
    assert [(line.source, line.thing) for line in lines] == sorted(
        (source, thing) for source in collected for thing in sources.things(source)
    )
    printed = table(lines).splitlines()
    assert len(printed) == len(lines) + 2 and {row.count("|") for row in printed} == {len(HEAD) + 1}
    assert all(cell.strip() for row in printed for cell in row.strip("|").split("|"))


def test_nothing_failed_and_every_thing_but_the_empty_ones_brought_rows(lines: list[Line]) -> None:
    """A cost of what failed would be no cost."""
    assert {(line.source, line.thing): line.faults for line in lines if line.faults} == {}
    assert {
        (line.source, line.thing) for line in lines if not line.full[2] and not sources.things(line.source)[line.thing].empty_is_normal
    } == set()


def test_an_unchanged_run_costs_at_most_one_request_a_channel_and_thing_and_no_points(lines: list[Line]) -> None:
    """Where it must cost more, the table says why."""
    dear = {(line.source, line.thing) for line in lines if line.unchanged[2] > 1}
    assert dear <= COSTLIER.keys()
    assert {
        (line.source, line.thing) for line in lines if line.unchanged[1] and (line.source, line.thing) != ("github", "discussions")
    } == set()


def test_the_live_check_of_each_thing_is_bounded(lines: list[Line]) -> None:
    """A doctor asks little."""
    assert all(line.asked and max(line.asked) <= 12 for line in lines)
