"""Warnings: what was rejected, excluded, skipped or never matched, counted by hand."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

DAY, ON = datetime(2026, 11, 1, 6), "2026-11-01"
PAGE = "grok.status.status.x.ai"


@pytest.fixture
def warehouse() -> Iterable[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def _channel(connection: duckdb.DuckDBPyConnection, *patterns: str) -> None:
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, components, is_enabled, things)"
        " values (?, 'grok', 'status', 'status.x.ai', ?, true, [])",
        [PAGE, list(patterns)],
    )


def _visit(
    connection: duckdb.DuckDBPyConnection, number: int, thing: str = "incidents", state: str = "complete", rows: int = 1
) -> None:
    connection.execute(
        "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows, load_id)"
        " values (?, 'status', ?, ?, 0, ?, ?, ?, 0)",
        [PAGE, thing, f"run-{number}", DAY + timedelta(days=number), state, rows],
    )


def _components(connection: duckdb.DuckDBPyConnection, day: int, *names: str) -> None:
    on = (DAY + timedelta(days=day)).date().isoformat()
    rows = [
        (
            PAGE,
            f"{name}@{on}",
            None,
            DAY + timedelta(days=day),
            {"component_id": f"id {name}", "day_on": on, "name": name},
        )
        for name in names
    ]
    fill(connection, "status__components", rows)


def _incidents(connection: duckdb.DuckDBPyConnection, *components: str) -> None:
    rows = [
        (PAGE, str(number), DAY, DAY, {"incident_id": str(number), "component_names": [name], "component_ids": [""]})
        for number, name in enumerate(components)
    ]
    fill(connection, "status__incidents", rows)


def _warnings(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    build_conformed(
        connection,
        "warnings",
        "set_aside",
        "attributions",
        "thread_rows",
    )
    return connection.execute(
        "select warning_kind, about, seen_names, warning_count from staging.warnings order by all"
    ).fetchall()


@pytest.mark.parametrize("visits", [1, 2, 3, 4])
def test_a_pattern_that_matches_no_listed_component_is_named_with_those_there_after_three_visits(
    visits: int, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Perplexity's patterns matched no part of its page for months: no outage was counted, and all looked well."""
    _channel(warehouse, "API*", "Sonar*", "*app*")
    _components(warehouse, 0, "Website", "App", "Computer")
    for number in range(visits):
        _visit(warehouse, number)

    wanted = [("pattern unmatched", "API*, Sonar*", ["App", "Computer", "Website"], visits)]
    assert _warnings(warehouse) == (wanted if visits >= 3 else [])


def test_a_name_kept_for_older_incidents_is_no_warning(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A page renames its components, and its older incidents keep the old names: both patterns are right."""
    _channel(warehouse, "API (*", "* (api.x.ai)", "id website")
    _components(warehouse, 0, "Global (api.x.ai)", "Website")
    _incidents(warehouse, "API (us-east-1)")
    for number in range(3):
        _visit(warehouse, number)

    assert _warnings(warehouse) == []


def test_patterns_that_match_only_what_the_page_no_longer_lists_are_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    """After a renaming none of today's components matches: the next outage would not count."""
    _channel(warehouse, "API*")
    _components(warehouse, 0, "API", "Website")
    _components(warehouse, 5, "Global (api.x.ai)", "Website")
    for number in range(3):
        _visit(warehouse, number)

    assert _warnings(warehouse) == [("pattern lost", "API*", ["Global (api.x.ai)", "Website"], 3)]


@pytest.mark.parametrize(
    ("components", "is_told"),
    [
        (["Global (api.x.ai)"] * 3, True),
        (["Global (api.x.ai)"] * 2, False),
        (["Global (api.x.ai)", "API", "Web"], False),
    ],
)
def test_a_feed_shows_only_the_components_of_its_incidents(
    components: list[str], is_told: bool, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """That some part never failed says nothing against its pattern; that none of three incidents matches any does."""
    _channel(warehouse, "API", "API (*")
    _incidents(warehouse, *components)
    for number in range(3):
        _visit(warehouse, number)

    wanted = [("pattern unmatched", "API, API (*", ["Global (api.x.ai)"], 3)]
    assert _warnings(warehouse) == (wanted if is_told else [])


@pytest.mark.parametrize(
    ("visits", "is_told"),
    [
        ([("complete", 0)], True),
        ([("complete", 0), ("unchanged", 0)], True),
        ([("complete", 5), ("complete", 0)], False),
        ([("failed", 0)], False),
        ([("skipped", 0)], False),
    ],
)
def test_a_list_that_never_brought_a_row_is_told_from_its_first_visit_on(
    visits: list[tuple[str, int]], is_told: bool, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A page whose form nobody reads looks like a calm one."""
    for number, (state, rows) in enumerate(visits):
        _visit(warehouse, number, "incidents", state, rows)
        _visit(warehouse, number, "days", state, rows)

    assert _warnings(warehouse) == ([("nothing read", "incidents", [], len(visits))] if is_told else [])


def test_a_list_that_brings_far_less_than_usual_is_told_with_both_numbers(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Its former rows stay, so that no figure shows it."""
    for number in range(13):
        _visit(warehouse, number, rows=500 if number < 12 else 3)

    assert _warnings(warehouse) == [("volume fallen", "2026-11-13 06:00", ["3"], 500)]


def test_a_list_to_which_nothing_is_added_is_told_until_something_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A page that the vendor gave up, or that moved, would be taken for months without an incident."""
    _visit(warehouse, 130)
    rows = [
        (PAGE, str(week), DAY, DAY, {"incident_id": str(week), "posted_at": (DAY - timedelta(weeks=week)).isoformat()})
        for week in range(10)
    ]
    fill(warehouse, "status__incidents", rows)
    assert _warnings(warehouse) == [("posting stopped", ON, ["7"], 10)]
    posted = (DAY + timedelta(days=125)).isoformat()
    fill(warehouse, "status__incidents", [(PAGE, "new", DAY, DAY, {"incident_id": "new", "posted_at": posted})])
    assert _warnings(warehouse) == []


def test_notes_of_the_newest_visit_that_read_the_page_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    """An unchanged page was not read again, so what was skipped still is."""

    def note(number: int, kind: str, about: str) -> None:
        warehouse.execute(
            "insert into raw.ledger__notes values (?, 'notices', ?, 0, 0, ?, ?, ['Model', 'End'], 2)",
            [PAGE, f"run-{number}", kind, about],
        )

    for number, state in enumerate(["complete", "complete", "unchanged", "failed"]):
        _visit(warehouse, number, "notices", state)
    note(0, "value excluded", "old")
    note(1, "table skipped", "Audio")
    note(1, "value excluded", "count")
    assert _warnings(warehouse) == [
        ("table skipped", "Audio", ["Model", "End"], 2), ("value excluded", "count", ["Model", "End"], 2),
    ]  # fmt: skip
    _visit(warehouse, 9, "notices")
    assert _warnings(warehouse) == []


def test_a_place_that_is_in_the_catalog_under_two_names_is_told_until_one_is_removed(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """C7: a repository and a model were renamed, and their new names were added beside the old ones: all counts twice.

    Two families may share a repository, and another of the family's is another place.
    """
    channels = {
        "a.github.acme-kit": ("a", 7), "a.github.acme-kit-two": ("a", 7), "a.github.other": ("a", 8),
        "b.github.acme-kit": ("b", 7), "a.huggingface.acme": ("a", None),
    }  # fmt: skip
    for channel, (family, number) in channels.items():
        models = ["acme/old", "acme/new", "acme/else"] if number is None else []
        warehouse.execute(
            "insert into raw.catalog__channels (channel_id, family_id, models) values (?, ?, ?)",
            [channel, family, models],
        )
    repositories = [
        (channel, ON, DAY, DAY, {"day_on": ON, "repository_id": number, "full_name": f"acme/{number}"})
        for channel, (_, number) in channels.items()
        if number
    ]
    fill(warehouse, "github__repositories", repositories)
    details = [
        ("a.huggingface.acme", asked, DAY, DAY, {"day_on": ON, "asked_id": asked, "model_id": found})
        for asked, found in (("acme/old", "acme/new"), ("acme/else", "acme/else"), ("acme/gone", "acme/else"))
    ]
    fill(warehouse, "huggingface__details", details)

    assert _warnings(warehouse)[-2:] == [
        ("same place", "acme/7", ["a.github.acme-kit", "a.github.acme-kit-two"], 2),
        ("same place", "acme/new", ["acme/new", "acme/old"], 2),
    ]
    warehouse.execute("delete from raw.catalog__channels where channel_id = 'a.github.acme-kit'")
    warehouse.execute("update raw.catalog__channels set models = ['acme/new'] where models <> []")
    assert [row for row in _warnings(warehouse) if row[0] == "same place"] == []


def test_models_that_the_hub_does_not_give_are_told_until_they_come_back(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """C4: the others of the organisation were read, so the visit was complete and nobody noticed."""
    warehouse.execute(
        "insert into raw.catalog__channels (channel_id, family_id, models) values ('a.huggingface.acme', 'a', ?)",
        [["acme/one", "acme/two", "acme/three"]],
    )

    def look(day: int, **states: str) -> None:
        on = (DAY + timedelta(days=day)).date().isoformat()
        rows = [
            ("a.huggingface.acme", f"{name}:{on}", DAY, DAY + timedelta(days=day),
             {"day_on": on, "asked_id": f"acme/{name}", "model_id": f"acme/{name}", "state": state})
            for name, state in states.items()
        ]  # fmt: skip
        fill(warehouse, "huggingface__details", rows)

    look(0, one="public", two="denied", three="gone", removed="gone")
    look(1, one="denied", two="denied", three="public")
    assert _warnings(warehouse) == [("model not read", "denied", ["acme/one", "acme/two"], 2)]
    look(2, one="public", two="disabled")
    assert _warnings(warehouse) == []


@pytest.mark.parametrize("threads", [999, 1000])
def test_families_and_mentions_that_no_thread_names_are_told_with_their_words(
    threads: int, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Its mentions may be misspelt: no thread of a shared channel would ever count for it."""
    channel = "_shared.github.o-r"
    warehouse.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, is_enabled) values (?, '_shared',"
        " 'github', 'o/r', true)",
        [channel],
    )
    for family, words in (("llama", ["llama"]), ("qwen", ["qwen"]), ("kimi", ["kimmi", "k"]), ("kimi", ["moonshoot"])):
        warehouse.execute("insert into raw.catalog__families (family_id) values (?)", [family])
        warehouse.execute("insert into raw.catalog__mentions values (?, 'sure', ?)", [family, words])
    titles = ["Llama does not answer", *["Something else"] * (threads - 1)]
    rows = [
        (
            channel,
            str(number),
            DAY,
            DAY,
            {"number": number, "title": title, "mentions": ["qwen"] if number == 5 else []},
        )
        for number, title in enumerate(titles)
    ]
    fill(warehouse, "github__issues", rows)

    # Qwen is named in a text only.
    wanted = [
        ("family never named", "kimi", ["kimmi k", "moonshoot"], 1000), ("mention unmatched", "qwen", ["qwen"], 1000),
    ]  # fmt: skip
    found = [warning for warning in _warnings(warehouse) if warning[0] != "never visited"]
    assert found == (wanted if threads == 1000 else [])


def test_items_passed_over_and_channels_never_visited_are_told_until_they_come(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Both warnings end once the items are read."""
    _channel(warehouse)
    assert _warnings(warehouse) == [("never visited", "status", [PAGE], 1)]
    _visit(warehouse, 0, "topics")
    report = "1 topic is missing, since the source does not return it in full: 7 (server error); asked again later"
    warehouse.execute("update raw.ledger__runs set passed_over = 1, fault = 'items skipped', error = ?", [report])
    assert _warnings(warehouse) == [("items skipped", report, [], 1)]
    _visit(warehouse, 1, "topics")
    assert _warnings(warehouse) == []
