"""Words that we do not know are where a user can see them, and nowhere taken for a good sign."""

from datetime import datetime

from pipelines.sources.status import incident
from pipelines.sources.status.incident import Incident
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

SEEN = datetime(2026, 11, 24, 12)


def test_unknown_words_of_a_page_are_counted_by_channel_thing_and_word() -> None:
    """Two incidents with the same new word, and one without."""
    connection = empty_warehouse()
    rows = [
        incident.make_incident_row(Incident(name, "t", None, word, (), status_word="resolved"))
        for name, word in (("a", "dire"), ("b", "dire"), ("c", "minor"))
    ]
    fill(connection, "status__incidents", [("x.status.s", row.key, None, SEEN, row.body) for row in rows])
    build_conformed(connection, "unknown_words")
    found = connection.execute(
        "select channel_id, thing, unknown_word, rows_count, seen_at from staging.unknown_words order by thing"
    )
    assert found.fetchall() == [("x.status.s", "incidents", "impact: dire", 2, SEEN)]
    severities = connection.execute("select severity from staging.status__incidents order by incident_id").fetchall()
    assert severities == [(None,), (None,), (1,)]


def test_where_all_words_are_known_nothing_is_listed() -> None:
    """An empty warehouse builds, and has nothing to report."""
    connection = empty_warehouse()
    build_conformed(connection)
    assert connection.execute("select count(*) from staging.unknown_words").fetchall() == [(0,)]
