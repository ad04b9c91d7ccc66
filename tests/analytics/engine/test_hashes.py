"""Ids that differ in two digits have different numbers."""

import re

import duckdb
import pytest

from analytics.engine.digests import digest_rows
from analytics.engine.models import ROOT

ONE_VALUE = re.compile(r"\bhash\((?!md5\()[^,()]*(?:\([^()]*\)[^,()]*)*\)")
PSEUDONYMS = {"hash(w.actor_id)"}
"""Random letters, which no pattern makes alike."""
ALIKE = ("family13.github.sdk#1.15", "family17.github.sdk#1.19")


def test_a_hash_of_one_id_is_that_of_its_digest() -> None:
    """The engine's own gives one number to texts that differ in two places in the same way."""
    found = {match for path in ROOT.rglob("*.sql") for match in ONE_VALUE.findall(path.read_text(encoding="utf-8"))}
    found |= {match for path in (ROOT / "intermediate").rglob("*.py")
              for match in ONE_VALUE.findall(path.read_text(encoding="utf-8"))}  # fmt: skip

    assert found == PSEUDONYMS


def test_a_million_ids_that_are_alike_stay_apart() -> None:
    """Of these ids the engine's own hash confused 450, and 70,000 of another million."""
    ids = "select 'family' || i % 20 || '.github.sdk#' || i as id from range(1000000) as numbers(i)"
    with duckdb.connect() as connection:
        kinds = connection.execute(f"select count(distinct hash(md5(id))) from ({ids})").fetchall()
        own = connection.execute("select count(distinct hash(md5(id))) from (select unnest(?) as id)", [list(ALIKE)])

        assert kinds == [(1000000,)] and own.fetchall() == [(2,)]


@pytest.mark.parametrize(("value", "is_same"), [(0.1 + 0.2, True), (0.3 + 1e-10, False), (None, False)])
def test_the_last_digits_of_a_sum_are_no_change(value: float | None, is_same: bool) -> None:
    """How a sum of fractions ends depends on where its rows are in memory."""
    with duckdb.connect() as connection:
        connection.execute("create table sums as select 1 as number, 0.3::double as share")
        before = digest_rows(connection, "sums")
        connection.execute("update sums set share = ?", [value])

        assert (digest_rows(connection, "sums") == before) is is_same
