"""The threads of places that are no repositories: a forum's topics, a site's questions, drawn as a repository's issues
are."""

from dataclasses import replace

from tests.upstream.world.repositories import Repository, repository
from tests.upstream.world.world import HORIZON_DAYS, World

FIRST_PLACE = 1000
"""Repositories of the world come before, so that no two things share a number."""


def threads_of(
    world: World,
    name: str,
    place: int,
    size: int,
    *,
    is_official: bool,
    mentions: tuple[str, ...] = (),
    family: str = "",
) -> Repository:
    """The threads of a place of this name, `size` at the beginning; it can be changed by hand as any repository."""
    made = repository(
        world.seed, name, FIRST_PLACE + place, world.clock, world.people, is_official=is_official, mentions=mentions,
        mention_share=0.3,
        staff=(), start=world.start, horizon_days=HORIZON_DAYS, manner=world.manner, family=family,
    )  # fmt: skip
    made.habits = replace(made.habits, pull_share=0.0, stale_days=0, age_days=min(made.habits.age_days, 500))
    made.first_threads = size
    return made
