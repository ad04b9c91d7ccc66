"""Damaged answers of any kind: no bug, no row that is no JSON, and every item comes once the source answers again."""

import random
from collections.abc import Iterator

import pytest

from pipelines.http import waits
from tests.pipelines.sources.damaged_visits import LISTS, list_rows, name_host, open_upstream, visit
from tests.upstream import Upstream, faults
from tests.upstream.messages import Request, Response
from tests.worlds import damage

SEEDS = range(2)
"""Enough to meet most kinds of damage; ten thousand answers a source were tried once with these same functions."""


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """A few items of each source."""
    with open_upstream() as upstream:
        yield upstream


@pytest.fixture(autouse=True)
def _without_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "choose_backoff", lambda attempt: 0.0)


@pytest.mark.parametrize("thing", LISTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_answers_cost_nothing_once_they_are_whole_again(up: Upstream, thing: str, seed: int) -> None:
    """Whatever was damaged comes by its number or in its list; what came beside it was kept."""
    chance = random.Random(seed)

    def spoil(request: Request, real: faults.Real) -> Response:
        response = real()
        is_spoiled = "access_token" not in request.path and chance.random() < 0.4
        return (
            response.but(body=damage.damage_answer(response.body, chance)) if is_spoiled and response.body else response
        )

    whole = list_rows(visit(up, thing, {}, 0)[0])
    rule = up.fail(name_host(thing), None, spoil)
    held, cursor = set[tuple[str, str]](), dict[str, object]()
    for week in range(6):
        if week == 2:
            rule.stop()
        up.forgive()
        pages, cursor = visit(up, thing, cursor, week * 2)
        held |= list_rows(pages)
    assert len(whole) > 3
    assert whole <= held
