"""The emulator's world: the same for the same seed, alive by its clock, changed by hand, of any size."""

import time
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.people import People as Roles
from tests.upstream import NOW, Upstream
from tests.upstream.catalogs import families_of
from tests.upstream.examples import CHANNELS, MODEL, RUNTIME, SDK
from tests.upstream.github.nodes import thread_node
from tests.upstream.world.draws import HOUR
from tests.upstream.world.people import Person
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Thread
from tests.upstream.world.world import World


def world(seed: int = 1, threads: int = 400) -> World:
    """A world of the example catalog."""
    return World(families_of(CHANNELS), seed, threads, NOW)


class Told(NamedTuple):
    """What one thread shows."""

    number: int
    title: str
    body: str
    created: int
    updated: int
    is_open: bool
    reason: str | None
    replies: list[tuple[int, Person | None, str]]


def told(made: World, name: str = SDK) -> list[Told]:
    """All that a repository shows, thread by thread."""
    repository = made.repository(name)
    threads = [Thread(repository, index) for index in range(repository.tracker.size)]
    return [
        Told(
            one.number,
            one.title,
            one.body,
            one.created,
            one.updated,
            one.is_open,
            one.reason,
            [(r.id, r.author, r.body) for r in one.replies()],
        )
        for one in threads
    ]


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    """Else no failure could be repeated."""
    assert told(world()) == told(world()) != told(world(seed=2))
    assert world().model(MODEL).downloads == world().model(MODEL).downloads


def test_it_does_not_matter_in_which_order_things_are_looked_at_or_in_which_steps_time_goes() -> None:
    """A day is a day, in one step or in twenty-four."""
    one, many = world(), world()
    one.advance(240)
    for _ in range(240):
        many.advance(1)
        many.repository(RUNTIME)
    assert told(one) == told(many) and told(one, RUNTIME) == told(many, RUNTIME)
    assert [incident.name for incident in one.pages["status.example.com"].until()] == [
        incident.name for incident in many.pages["status.example.com"].until()
    ]


def test_time_brings_questions_answers_and_closings_and_takes_nothing_back() -> None:
    """What was written stays as it was."""
    made = world()
    before = {row.number: row for row in told(made)}
    made.advance(24 * 30)
    after = {row.number: row for row in told(made)}
    assert set(before) < set(after)
    assert all(after[number][:4] == row[:4] for number, row in before.items())
    assert all(after[number].replies[: len(row.replies)] == row.replies for number, row in before.items())
    assert sum(len(row.replies) for row in after.values()) > sum(len(row.replies) for row in before.values())
    assert any(row.is_open and not after[number].is_open for number, row in before.items())


def test_nothing_is_visible_before_it_happens() -> None:
    """No answer before its question, nothing later than the clock."""
    made = world()
    repository = made.repository(SDK)
    for index in range(repository.tracker.size):
        thread = Thread(repository, index)
        instants = [at for at, _ in thread.comments]
        assert thread.created <= thread.updated <= made.clock.now
        assert instants == sorted(instants) and all(thread.created < at <= made.clock.now for at in instants)
        assert thread.closed is None or thread.created <= thread.closed <= made.clock.now


def test_a_change_by_hand_touches_that_share_and_nothing_else() -> None:
    """For tests of what an unchanged or a hardly changed world costs."""
    made = world()
    made.advance(1)
    repository = made.repository(SDK)
    before = repository.tracker.updated().copy()
    many = made.change(0.05)
    changed = repository.tracker.updated() != before
    assert changed.sum() == round(0.05 * repository.tracker.size)
    assert many == sum(round(0.05 * one.tracker.size) for one in made.repositories)
    assert set(repository.tracker.updated()[changed].tolist()) == {made.clock.now}


def test_a_thread_opened_by_hand_gets_the_next_number_and_time_goes_on_behind_it() -> None:
    """Threads of its own life that come later count on from there."""
    made = world()
    repository = made.repository(SDK)
    size = repository.tracker.size
    assert repository.open_thread("By hand", "A body") == size + 1
    made.advance(24 * 10)
    rows = told(made)
    assert (rows[size].title, rows[size].body) == ("By hand", "A body") and len(rows) > size + 1
    assert [row.created for row in rows] == sorted(row.created for row in rows)
    for index in range(repository.tracker.size):
        assert all(
            repository.tracker.owner(comment_id) == index for _, comment_id in repository.tracker.comments(index)
        )


def test_waiting_follows_each_repositorys_own_mixture() -> None:
    """The share answered by a person, and how soon, are the drawn parameters: a known truth to measure against."""
    made = world(threads=20_000)
    repository = made.repository(SDK)
    tracker, habits = repository.tracker, repository.habits
    first = np.full(tracker.size, np.inf)
    is_person = (tracker.codes < 3 << 26) & (tracker.owners < tracker.size)
    by_other = is_person & (tracker.codes != tracker.threads["author"][np.minimum(tracker.owners, tracker.size - 1)])
    np.minimum.at(first, tracker.owners[by_other], tracker.times[by_other])
    waits = (first - tracker.threads["created"][: tracker.size]) / HOUR
    assert np.isfinite(waits).mean() == pytest.approx(habits.answered_share, abs=0.03)
    quick = np.quantile(waits[np.isfinite(waits)], habits.fast_share / 2)
    assert habits.fast_median / 3 < quick < habits.fast_median * 3


def test_everybody_who_matters_takes_part() -> None:
    """Staff, maintainers, outsiders, bots, agents, accounts that are gone, and staff known by the catalog only."""
    made, roles = world(threads=3000), Roles(b"0123456789abcdef")
    seen: dict[str, int] = {}
    for name in (SDK, RUNTIME):
        repository = made.repository(name)
        for index in range(repository.tracker.size):
            for reply in Thread(repository, index).replies():
                person = reply.author
                login, kind = (person.login, person.typename) if person else (None, "User")
                role = roles.determine_role(
                    login,
                    typename=kind,
                    association=reply.association,
                    is_official=name == SDK,
                    staff=("hinted-person",),
                )
                seen[role] = seen.get(role, 0) + 1
    assert {"staff", "maintainer", "outsider", "bot", "unknown"} <= set(seen)
    assert made.people.find("hinted-person") is not None and made.people.find("dosubot") is not None


def test_the_size_of_the_world_is_one_number_and_a_large_one_is_made_in_moments() -> None:
    """State is arrays; texts are written when a page shows them."""
    begun = time.monotonic()
    made = world(threads=100_000)
    issues = sum(
        int((~one.tracker.threads["is_pull"][: one.tracker.size]).sum()) for one in map(made.ready, made.repositories)
    )
    page, _, total = made.repository(SDK).tracker.page("issue", "updated", descending=True, limit=50)
    assert issues == pytest.approx(100_000, rel=0.02) and total > 1000
    assert all(thread_node(Thread(made.repository(SDK), index)).title for _, index in page)
    assert time.monotonic() - begun < 20


def test_the_written_families_read_back_as_the_given_ones_but_for_where_they_lead(tmp_path: Path) -> None:
    """The collectors run over the emulator with the very catalog that is shipped."""
    given = read_catalog([SHIPPED])
    with Upstream(given, threads=50) as up:
        written = read_catalog([up.catalog(tmp_path)], frozenset({"127.0.0.1"}))
        bare = [one.model_copy(update={"base_url": ""}) for one in written.channels]
        assert bare == [one.model_copy(update={"base_url": ""}) for one in given.channels]
        assert [one.model_copy(update={"channels": ()}) for one in written.families] == [
            one.model_copy(update={"channels": ()}) for one in given.families
        ]
        assert all(one.base_url == up.url(given.channels[place]) for place, one in enumerate(written.channels))


def test_a_name_leads_to_its_repository_whatever_its_letters_case_and_through_renaming() -> None:
    """As a forge has it."""
    made = world()
    repository: Repository = made.repository(SDK.upper())
    repository.rename("example/new")
    assert made.repository(SDK) is made.repository("Example/New") is repository
    with pytest.raises(LookupError):
        made.repository("example/none")
    with pytest.raises(ValueError, match="forward"):
        made.advance(-1)
    assert made.now == NOW + timedelta(0)
