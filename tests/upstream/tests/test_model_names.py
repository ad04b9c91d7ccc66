"""The sample world speaks of models by their real names, so that a reader's own ids are found in it."""

from datetime import timedelta

from dashboards.reliability.changes import EXAMPLE
from tests.upstream.planted import model_names
from tests.upstream.planted.manner import Planted
from tests.upstream.ready import NOW
from tests.upstream.sample import DAYS, SEED
from tests.upstream.world.clock import Clock
from tests.upstream.world.ends import Ends
from warehouse.ends import model_ids


def name_ends() -> dict[str, list[str]]:
    """What each page of ends has stated by the day at which the sample stands still."""
    clock = Clock(NOW - timedelta(days=DAYS))
    pages = {page: Ends(SEED, page, clock, Planted(SEED)) for page in model_names.ENDED}
    clock.now += DAYS * 86_400
    return {page: [end.name for end in ends.now()] for page, ends in pages.items()}


def test_every_real_name_is_told_by_now_and_so_is_the_example() -> None:
    """None of them is announced only after the sample's last day."""
    stated = name_ends()
    assert {page: set(names) - set(stated[page]) for page, (_, names) in model_names.ENDED.items()} == {
        page: set() for page in stated
    }
    names = model_ids.index_names([{"model": name} for page in stated.values() for name in page])
    assert all(model_ids.find_rows(model_id, names) for model_id in EXAMPLE.split(", "))
