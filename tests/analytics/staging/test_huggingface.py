"""The Hub's rows typed: models merged by day and cut down to those of the family, discussions apart from what is
none."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.text.mentions import split_words
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

T = datetime(2026, 11, 1, 12)
BASE = "finetune:google/gemma-3-27b-pt"
GOOGLE, MISTRAL = "gemma.huggingface.google", "mistral.huggingface.mistralai"

MODELS = select_models(
    "models_daily",
    "thread_rows",
    "reply_rows",
    "huggingface__details",
    "huggingface__discussion_events",
    "huggingface__discussions",
    "huggingface__models",
    "huggingface__providers",
)
"""Only the tables in question."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with two organisations."""
    connection = empty_warehouse()
    for family, mentions, channel, named in (
        ("gemma", ["Gemma", "gemma-3", "CodeGemma", "PaliGemma"], GOOGLE, ["google/electra-tracked"]),
        ("mistral", ["Mistral", "Mixtral", "Devstral"], MISTRAL, []),
    ):
        connection.execute(
            "insert into raw.catalog__families (family_id, title, side, vendor, mentions, checked_on)"
            " values (?, ?, 'open', 'x', ?, '2026-11-01')",
            [family, family, mentions],
        )
        connection.execute(
            "insert into raw.catalog__mentions select ?, 'sure', unnest(?)",
            [family, [split_words(m) for m in mentions]],
        )
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, role, models) values (?, ?, "
            "'huggingface', 'hub', ?)",
            [channel, family, named],
        )
    yield connection
    connection.close()


def listed(model: str, day: str = "2026-11-01", **changes: Any) -> Mapping[str, Any]:
    body = {
        "model_id": model, "day_on": day, "created_at": "2026-01-01T00:00:00.000000Z", "downloads": 100,
        "downloads_all_time": 900,
        "gated": "no", "licence": "gemma", "parameters": 27_000_000_000, "base_models": [BASE],
    }  # fmt: skip
    return body | changes


def looked(model: str, day: str = "2026-11-01", **changes: Any) -> Mapping[str, Any]:
    more = {"asked_id": model, "state": "public", "finetunes": 5, "adapters": 4, "quantized": 3, "merges": 0}
    return {**listed(model, day), **more, **changes}


def put(
    con: duckdb.DuckDBPyConnection, thing: str, channel: str, *bodies: Mapping[str, Any], seen: datetime = T
) -> None:
    fill(
        con,
        f"huggingface__{thing}",
        [(channel, f"{body['model_id']}:{body['day_on']}", None, seen, body) for body in bodies],
    )


def rows(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    build_tables(con, MODELS)
    return con.execute(f"select {columns} from staging.models_daily order by all").fetchall()


def test_the_closer_look_wins_over_the_list_of_the_same_day(con: duckdb.DuckDBPyConnection) -> None:
    """One row a model and day, with what only one of the two can tell."""
    put(con, "models", GOOGLE, listed("google/gemma-3-27b-it", downloads=100, licence="gemma"))
    put(con, "details", GOOGLE, looked("google/gemma-3-27b-it", downloads=110, licence=None))
    assert rows(
        con,
        "model_id, family_id, day_on::varchar, downloads_30d, downloads_all_time, licence, finetunes, merges, "
        "parameters, base_models",
    ) == [("google/gemma-3-27b-it", "gemma", "2026-11-01", 110, 900, "gemma", 5, 0, 27_000_000_000, [BASE])]


def test_an_organisation_s_other_models_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    """Google lists hundreds of models that are no Gemma; what the catalog names is kept whatever it is called."""
    names = [
        "google/gemma-3-1b",
        "google/codegemma-7b",
        "google/PaliGemma2",
        "google/bert",
        "google/electra-tracked",
        "google/t5-mistral",
    ]
    put(con, "models", GOOGLE, *[listed(name) for name in names])
    put(
        con,
        "models",
        MISTRAL,
        listed("mistralai/Mixtral-8x7B"),
        listed("mistralai/Pixtral-12B"),
        listed("mistralai/Devstral_Small"),
    )
    assert [name for (name,) in rows(con, "model_id")] == [
        "google/PaliGemma2", "google/codegemma-7b", "google/electra-tracked", "google/gemma-3-1b",
        "mistralai/Devstral_Small", "mistralai/Mixtral-8x7B",
    ]  # fmt: skip


def test_a_model_that_could_not_be_read_has_no_figures_but_those_of_the_list(con: duckdb.DuckDBPyConnection) -> None:
    """Gone is not zero: no row is made up for it."""
    note = {"model_id": "google/gemma-gone", "asked_id": "google/gemma-gone", "day_on": "2026-11-01", "state": "gone"}
    put(
        con,
        "details",
        GOOGLE,
        note,
        {**note, "model_id": "google/gemma-2", "asked_id": "google/gemma-2", "state": "denied"},
    )
    put(con, "models", GOOGLE, listed("google/gemma-2", downloads=42))
    assert rows(con, "model_id, downloads_30d, finetunes") == [("google/gemma-2", 42, None)]


def test_a_renamed_model_is_kept_by_the_name_it_was_asked_by(con: duckdb.DuckDBPyConnection) -> None:
    """The catalog may be a name behind, and its maker may go back to the former one."""
    put(con, "details", GOOGLE, looked("google/renamed", asked_id="google/electra-tracked"))
    for on in ("2026-10-31", "2026-11-02"):
        put(con, "models", GOOGLE, listed("google/electra-tracked", on))
    day = date(2026, 11, 1)
    assert rows(con, "model_id, day_on::varchar, family_id, renamed_on, renamed_to") == [
        ("google/electra-tracked", "2026-10-31", "gemma", day, "google/renamed"),
        ("google/electra-tracked", "2026-11-02", "gemma", day, None),
        ("google/renamed", "2026-11-01", "gemma", None, None),
    ]  # fmt: skip


def test_each_day_is_a_row_and_the_last_visit_of_a_day_wins(con: duckdb.DuckDBPyConnection) -> None:
    """Snapshots: a day without a visit is missing, and zero downloads are zero."""
    name = "google/gemma-3-4b"
    put(con, "models", GOOGLE, listed(name, downloads=5), listed(name, "2026-11-03", downloads=0))
    put(con, "models", GOOGLE, listed(name, downloads=6), seen=T + timedelta(hours=6))
    assert rows(con, "day_on::varchar, downloads_30d") == [("2026-11-01", 6), ("2026-11-03", 0)]


def opened(number: int, **changes: Any) -> dict[str, Any]:
    """A discussion as the source keeps it."""
    body = {
        "model_id": "google/gemma-3", "number": number, "title": "A title",
        "url": f"https://huggingface.co/google/gemma-3/discussions/{number}",
        "created_at": "2026-10-01T10:00:00.000000Z", "closed_at": None, "closed_by_role": None, "state": "open",
        "is_pull_request": False,
        "is_report": False, "comments": 1, "actor": "a1", "role": "outsider",
        "words": 3, "has_code": True, "mentions": [], "drift": [],
    }  # fmt: skip
    return body | changes


def said(number: int, event: str, **changes: Any) -> dict[str, Any]:
    """A reply in a discussion."""
    body = {
        "event_id": event, "model_id": "google/gemma-3", "number": number, "url": None, "kind": "comment",
        "created_at": "2026-10-01T12:00:00.000000Z", "is_hidden": False, "hidden_reason": None,
        "actor": "a2", "role": "staff", "words": 5, "has_code": False,
    }  # fmt: skip
    return body | changes


def discuss(
    con: duckdb.DuckDBPyConnection, threads: list[dict[str, Any]], events: list[dict[str, Any]], seen: datetime = T
) -> None:
    """One visit's discussions and events."""
    fill(
        con,
        "huggingface__discussions",
        [(GOOGLE, f"{one['model_id']}#{one['number']}", None, seen, one) for one in threads],
    )
    fill(con, "huggingface__discussion_events", [(GOOGLE, one["event_id"], None, seen, one) for one in events])


def test_a_discussion_knows_its_first_turns_and_no_fix(con: duckdb.DuckDBPyConnection) -> None:
    """The Hub tells who closed it and never by which change."""
    discuss(con, [opened(1, first_closed_at="2026-10-02T10:00:00Z", reopened_at="2026-10-02T12:00:00Z"), opened(2)], [])
    build_tables(con, MODELS)
    wanted = "number, first_closed_at, reopened_at, fixed_at, fix_url"
    assert con.execute(f"select {wanted} from staging.thread_rows order by number").fetchall() == [
        (1, datetime(2026, 10, 2, 10), datetime(2026, 10, 2, 12), None, None), (2, None, None, None, None),
    ]  # fmt: skip


def test_discussions_are_requests_for_help_and_pull_requests_and_reports_are_none(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """All are typed; only the discussions stand among the threads."""
    discuss(con, [opened(1), opened(2, is_pull_request=True), opened(3, is_report=True)], [said(1, "e1")])
    build_tables(con, MODELS)
    assert con.execute("select thread_code from staging.huggingface__discussions order by all").fetchall() == [
        ("google/gemma-3#1",), ("google/gemma-3#2",), ("google/gemma-3#3",),
    ]  # fmt: skip
    wanted = "thing, thread_code, number, state, author_role, has_accepted, replies_count, has_code"
    assert con.execute(f"select {wanted} from staging.thread_rows").fetchall() == [
        ("discussions", "google/gemma-3#1", 1, "open", "outsider", None, 1, True)
    ]


def test_comments_are_replies(con: duckdb.DuckDBPyConnection) -> None:
    """What moderators hid as spam is removed; what they hid as resolved is not."""
    events = [
        said(1, "e1"),
        said(1, "e3", is_hidden=True, hidden_reason="spam"),
        said(1, "e4", is_hidden=True, hidden_reason="resolved"),
    ]  # fmt: skip
    discuss(con, [opened(1)], events)
    build_tables(con, MODELS)
    wanted = "reply_code, thread_code, is_removed, is_accepted"
    assert con.execute(f"select {wanted} from staging.reply_rows order by all").fetchall() == [
        ("e1", "google/gemma-3#1", False, None), ("e3", "google/gemma-3#1", True, None),
        ("e4", "google/gemma-3#1", False, None),
    ]  # fmt: skip


def test_a_later_look_wins_but_a_role_stays_as_it_was_first_seen(con: duckdb.DuckDBPyConnection) -> None:
    """Somebody who joins the organisation later was an outsider when they asked."""
    discuss(con, [opened(1)], [])
    discuss(
        con,
        [opened(1, state="closed", closed_at="2026-11-02T00:00:00.000000Z", role="staff", association="MEMBER")],
        [],
        T + timedelta(1),
    )
    build_tables(con, MODELS)
    assert con.execute("select state, closed_at, author_role from staging.huggingface__discussions").fetchall() == [
        ("closed", datetime(2026, 11, 2), "outsider")
    ]


def test_live_providers_are_counted_and_none_is_not_silence(con: duckdb.DuckDBPyConnection) -> None:
    """Zero where the Hub lists none, empty if it did not say; a licence of one's own has its name."""
    put(
        con,
        "details",
        GOOGLE,
        looked("google/gemma-3", providers=2, licence="other", licence_name="gemma"),
        looked("google/gemma-2", providers=0),
        looked("google/gemma-1"),
    )
    rows_ = [("groq", "live", []), ("newcomer", "unknown", ["paused"])]
    day = {"model_id": "google/gemma-3", "day_on": "2026-11-01"}
    bodies = [day | {"provider": name, "state": state, "drift": drift} for name, state, drift in rows_]
    fill(
        con,
        "huggingface__providers",
        [(GOOGLE, f"google/gemma-3:{one['provider']}:2026-11-01", None, T, one) for one in bodies],
    )
    assert rows(con, "model_id, live_providers_count, licence_name") == [
        ("google/gemma-1", None, None), ("google/gemma-2", 0, None), ("google/gemma-3", 1, "gemma"),
    ]  # fmt: skip
    assert (
        con.execute(
            "select provider, provider_state, drift_words from staging.huggingface__providers order by all"
        ).fetchall()
        == rows_
    )
