"""Homes that are kept between runs: never half of one, never one of other files, never too many."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.worlds import kept_worlds
from tests.worlds.kept_worlds import MOST, copy_world, digest_files


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one file to make worlds from."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "first.sql").write_text("select 1")
    monkeypatch.setattr(kept_worlds, "ROOT", tmp_path)
    return tmp_path


class _Made:
    """Writes worlds and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, home: Path) -> None:
        self.count += 1
        (home / "number").write_text(str(self.count))


def _copy(checkout: Path, made: _Made, home: str) -> str:
    digest_files.cache_clear()
    folder = copy_world("toy", ["rules"], made, checkout / home, checkout / "kept")
    return (folder / "number").read_text()


def test_a_world_is_made_once_as_long_as_nothing_changes(checkout: Path) -> None:
    """Each test has a copy of its own, which it may write to."""
    made = _Made()
    assert _copy(checkout, made, "one") == "1"
    (checkout / "one" / "number").write_text("spoiled")

    assert _copy(checkout, made, "two") == "1"
    assert made.count == 1


def test_workers_that_need_it_at_once_wait_for_the_one_that_makes_it(checkout: Path) -> None:
    """Otherwise each of them would spend the same twenty seconds."""
    made = _Made()
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda number: _copy(checkout, made, f"home-{number}"), range(4)))

    assert (numbers, made.count) == (["1"] * 4, 1)


def test_a_changed_or_renamed_file_gives_another_world_and_old_ones_go(checkout: Path) -> None:
    """A branch that one returns to finds its world again, unless there were too many others."""
    made, rules = _Made(), checkout / "rules"
    for number in range(MOST + 2):
        (rules / "first.sql").write_text(f"select {number}")
        assert _copy(checkout, made, f"home-{number}") == str(number + 1)
        newest = max((checkout / "kept").glob("toy-*"), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (number, number))
    assert len(list((checkout / "kept").glob("toy-*"))) == MOST
    assert _copy(checkout, made, "again") == str(MOST + 2)

    (rules / "first.sql").rename(rules / "second.sql")
    assert _copy(checkout, made, "renamed") == str(MOST + 3)


def test_a_run_that_dies_leaves_no_half_world(checkout: Path) -> None:
    """The next one makes it anew, and what was left aside is gone."""

    def die(home: Path) -> None:
        (home / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_world("toy", ["rules"], die, checkout / "home", checkout / "kept")
    assert _copy(checkout, _Made(), "home") == "1"
    assert sorted(path.name for path in (checkout / "home").iterdir()) == ["number"]
    assert not list((checkout / "kept").glob(".*.aside"))
