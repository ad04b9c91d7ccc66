"""Posts that their authors delete upstream: after the visit that sees it, the next build, night and backup, no byte of
home, published versions and backup reports them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.catalog.entries import Channel
from pipelines.people import People
from pipelines.sources.reddit import TERMS
from tests.pipelines.commands.conftest import NOW, Run
from tests.pipelines.commands.forgetting.marks import find_marks, make_marks
from tests.upstream.emulator import Upstream
from warehouse.snapshot import list_versions

CHANNELS = [
    Channel(source="reddit", target="KitAI", role="subreddit", official=False, family="gpt", terms=TERMS),
]
PEOPLE, AUTHOR = People(b"the same for all runs"), 4_321
"""Somebody who writes what is deleted, and nothing else."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world of a subreddit."""
    with Upstream(CHANNELS, seed=4, threads=40, now=NOW) as up:
        yield up


@pytest.fixture
def refresh(world: Upstream, home: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Collects, builds and publishes, some hours later."""
    for name, value in {
        "REDDIT_CLIENT_ID": "app",
        "REDDIT_CLIENT_SECRET": "secret",
        "HEARTBEAT_TERMS": "reddit",
    }.items():
        monkeypatch.setenv(name, value)

    def run(hours: float) -> None:
        world.world.advance(hours)
        monkeypatch.setenv("HEARTBEAT_NOW", world.world.now.isoformat())
        assert [heartbeat(step)[0] for step in ("collect", "build", "publish")] == [0, 0, 0]

    return run


def test_no_byte_tells_of_deleted_posts_after_the_next_night_and_backup(
    world: Upstream, home: Path, heartbeat: Run, refresh: Callable[[float], None], tmp_path: Path
) -> None:
    """A post on Reddit; it is there before, also in the backup."""
    sub, kept = world.reddit.subreddit("KitAI"), tmp_path / "kept"
    post = sub.submit(AUTHOR)
    author = world.world.people.person(AUTHOR)
    assert author is not None
    marks = make_marks(
        post=f"reddit.com/comments/{post.id}",
        reddit_author=PEOPLE.make_pseudonym("reddit", author.login) or "",
    )  # fmt: skip
    refresh(1)
    assert heartbeat("backup", str(kept))[0] == 0
    assert find_marks(marks, home).keys() == find_marks(marks, kept).keys() == marks.keys()

    post.gone = "deleted"
    refresh(25)
    held = {path for paths in find_marks(marks, home).values() for path in paths}
    assert held and all(path.endswith(".duckdb") for path in held), held
    code, said = heartbeat("tidy")
    assert code == 0 and "bytes of deleted rows: gone from the warehouse" in said, said
    assert find_marks(marks, home) == {} and len(list_versions(home / "published")) == 1
    assert heartbeat("backup", str(kept))[0] == 0 and find_marks(marks, kept) == {}
    # What is kept builds as before, and a night on which nothing was deleted copies nothing.
    assert heartbeat("status", "--json")[0] in (0, 1) and "bytes of deleted rows" not in heartbeat("tidy")[1]
