"""The ledger of news: whatever is published in whatever order, nothing is told twice, lost, or told of nothing."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.news.states import SCOPES, end, observe, offer, verdict
from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.database import open_warehouse
from warehouse.news import ledger
from warehouse.news.changes import Ledger, report_news
from warehouse.news.items import NewsItem
from warehouse.news.ledger import keep_news
from warehouse.news.reader import load_news
from warehouse.news.states import Observation, State
from warehouse.publish import publish_snapshot
from warehouse.snapshot import published_folder, query, read_current

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
HOSTILE = "<script>\x00\u202ealert(1)</script>\n[x](javascript:1) ]]> & '\""
STATES = st.lists(
    st.one_of(
        st.builds(end, st.sampled_from(["appeared", "moved later", "date withdrawn", "vanished"]),
                  st.sampled_from([None, "2027-05-14", "2027-09-01"]), model=st.sampled_from(["a", "b", HOSTILE])),
        st.builds(verdict, st.sampled_from(["holds", "mixed", "too few data"]), st.sampled_from("mn")),
        st.builds(offer, st.sampled_from([1.0, 1.25]), st.sampled_from([10.0, 12.0]),
                  first_seen_at=st.sampled_from(["2026-10-01T06:00:00", "2026-11-07T06:00:00"]),
                  model=st.sampled_from(["a", HOSTILE])),
    ),
    max_size=6,
)  # fmt: skip
Drawn = Sequence[tuple[list[State], set[tuple[str, str]]]]
VERSIONS = st.lists(st.tuples(STATES, st.sets(st.sampled_from(SCOPES))), min_size=1, max_size=5)


def _make(versions: Drawn) -> list[Observation]:
    """Versions a week apart; what is in a scope that is not read is not there either."""
    return [
        observe(*(one for one in states if (one.kind, one.scope) not in without), days=7 * number,
                scopes=set(SCOPES) - without)
        for number, (states, without) in enumerate(versions)
    ]  # fmt: skip


@given(VERSIONS)
def test_whatever_is_published_each_item_has_one_id(versions: Drawn) -> None:
    """Readers, feeds and messages go by these ids and numbers."""
    told = Ledger()
    for now in _make(versions):
        before, told = told, report_news(told, now)
        assert list(told.items[: len(before.items)]) == list(before.items), "what was told stays as it was"
    ids = [item.news_id for item in told.items]

    assert [item.number for item in told.items] == list(range(1, len(ids) + 1))
    assert len(set(ids)) == len(ids)


@given(VERSIONS, st.randoms())
def test_publishing_again_or_reading_rows_in_another_order_tells_nothing_more(
    versions: Drawn, chance: random.Random
) -> None:
    """A replay repeats nothing."""
    told = shuffled = Ledger()
    for now in _make(versions):
        keys = list(now.states)
        chance.shuffle(keys)
        other = Observation(now.as_of_at, {key: now.states[key] for key in keys}, now.scopes, now.kinds)
        told, shuffled = report_news(report_news(told, now), now), report_news(shuffled, other)

    assert told.items == shuffled.items


@settings(max_examples=30)
@given(VERSIONS)
def test_the_tables_of_the_ledger_keep_all_that_the_next_version_is_compared_with(versions: Drawn) -> None:
    """A restart between two versions changes nothing of what is told."""
    told, connection = Ledger(), empty_warehouse()
    for now in _make(versions):
        told = report_news(told, now)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ledger, "observe_states", lambda *_, now=now: now)
            keep_news(connection)

    assert _read(connection) == list(told.items)
    connection.close()


def _read(connection: duckdb.DuckDBPyConnection) -> list[NewsItem]:
    return list(ledger._read_ledger(connection).items)


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> list[Observation]:
    """The versions that a warehouse comes to, one a publish; the last one stays."""
    held = _make([([verdict("mixed")], set()), ([verdict("holds")], set()), ([verdict("holds"), end()], set())])
    monkeypatch.setattr(ledger, "observe_states", lambda *_: held.pop(0) if len(held) > 1 else held[0])
    return held


def _publish(home: Path, number: int) -> list[str]:
    """Publishes build `number` of a home, and reads the news as readers do."""
    with open_warehouse(home) as connection:
        connection.execute("create or replace table metrics.numbers as select 1 as value")
        connection.execute("delete from ledger.settings where name = 'build_id'")
        connection.execute("insert into ledger.settings values ('build_id', ?)", [str(number)])
        publish_snapshot(connection, home, NOW, "1")
    snapshot = read_current(home)
    assert snapshot is not None
    return [item.headline for item in load_news(snapshot) or []]


BEGAN = "News begins here."
FLIPPED = "Claim H1, Open costs less: holds (before: mixed)."
ENDS = "GPT: gpt-4-0613 ends on 14 May 2027; replacement: gpt-5."


@pytest.mark.usefixtures("versions")
def test_readers_find_the_news_of_all_versions_in_the_newest_one(tmp_path: Path) -> None:
    """Page, feed and messages read these rows."""
    assert [_publish(tmp_path, number) for number in (1, 2, 3, 4)] == [
        [BEGAN], [FLIPPED, BEGAN], [ENDS, FLIPPED, BEGAN], [ENDS, FLIPPED, BEGAN]
    ]  # fmt: skip


@pytest.mark.usefixtures("versions")
def test_a_publish_that_was_killed_after_its_news_was_kept_tells_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger has them, and the next publish carries them."""
    _publish(tmp_path, 1)
    with monkeypatch.context() as killed:
        killed.setattr("warehouse.publish._write_snapshot", _die)
        with pytest.raises(KeyboardInterrupt):
            _publish(tmp_path, 2)

    assert _publish(tmp_path, 3) == [ENDS, FLIPPED, BEGAN]


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("versions")
def test_a_sample_world_makes_no_news(tmp_path: Path) -> None:
    """It is made up."""
    with open_warehouse(tmp_path) as connection:
        connection.execute("insert into ledger.settings values ('is_sample', 'true')")

    assert [_publish(tmp_path, number) for number in (1, 2)] == [[], []]


@pytest.mark.usefixtures("versions")
def test_the_same_versions_give_the_same_rows_in_another_home(tmp_path: Path) -> None:
    """Dated by the data, not by the clock."""
    rows = []
    held = _make([([verdict("mixed")], set()), ([verdict("holds"), end(), offer()], set())])
    for home in (tmp_path / "a", tmp_path / "b"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ledger, "observe_states", lambda *_, left=list(held): left.pop(0))
            _publish(home, 1)
            _publish(home, 2)
        snapshot = read_current(home)
        assert snapshot is not None and published_folder(home).is_dir()
        rows.append([query(snapshot, f"from meta.{table} order by all").to_pylist() for table in ledger.TABLES])

    assert rows[0] == rows[1]
