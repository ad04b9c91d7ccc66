"""GitHub's rows typed, and brought to the conformed tables."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from pipelines.catalog.mention_rules import make_mention_rows
from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

T = datetime(2026, 11, 1, 12)
HOUR = timedelta(hours=1)
CHANNELS = [
    ("llama.github.acme-kit", "llama", "github", "acme/kit", "sdk", "tracker", True),
    ("_shared.github.free-engine", "_shared", "github", "free/engine", "runtime", "tracker", False),
]
FAMILIES = [one for one in read_catalog([SHIPPED]).families if one.id in ("llama", "qwen", "gpt-oss", "gemma")]


MODELS = select_models("threads", "replies", "changes", "github__repositories", "github__releases")
"""Only the tables in question."""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with two channels and four families."""
    with _open() as connection:
        yield connection


def _open() -> duckdb.DuckDBPyConnection:
    connection = empty_warehouse()
    for known in FAMILIES:
        connection.execute(
            "insert into raw.catalog__families (family_id, title) values (?, ?)", [known.id, known.title]
        )
    for rule in make_mention_rows(FAMILIES):
        connection.execute(
            "insert into raw.catalog__mentions values (?, ?, ?)", [rule["family_id"], rule["kind"], rule["words"]]
        )
    for channel, family, source, target, role, kind, official in CHANNELS:
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, target, role, channel_kind, "
            "is_official, is_enabled, models)"
            " values (?, ?, ?, ?, ?, ?, ?, true, [])",
            [channel, family, source, target, role, kind, official],
        )
    return connection


def issue(number: int, title: str = "It fails", **changes: Any) -> Mapping[str, Any]:
    body = {
        "number": number, "title": title, "url": f"https://github.com/acme/kit/issues/{number}",
        "created_at": "2026-10-01T10:00:00.250000Z", "closed_at": None, "state": "open", "state_reason": None,
        "locked": False,
        "comments": 2, "closed_by_role": None, "actor": "00aa",
        "role": "outsider",
        "words": 12, "has_code": True, "has_patch": False, "has_command": True,
        "reader_version": 1,
    }  # fmt: skip
    return body | changes


def comment(id_: str, number: int, **changes: Any) -> Mapping[str, Any]:
    body = {
        "comment_id": id_, "number": number, "url": "https://x", "created_at": "2026-10-01T12:00:00.000000Z",
        "is_hidden": False,
        "hidden_reason": None, "actor": "00bb", "role": "staff", "words": 5,
        "has_code": False,
        "has_patch": False, "has_command": False, "reader_version": 1,
    }  # fmt: skip
    return body | changes


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


OWN, SHARED = CHANNELS[0][0], CHANNELS[1][0]


def test_an_issue_is_typed_to_the_microsecond(con: duckdb.DuckDBPyConnection) -> None:
    """Text becomes instants, numbers, flags and lists; nothing is lost on the way."""
    fill(con, "github__issues", [(OWN, "7", T, T, issue(7))])
    build_tables(con, MODELS)
    assert rows(
        con,
        "select number, opened_at, closed_at, state, comments_count, actor_id, author_role, has_code"
        " from staging.github__issues",
    ) == [(7, datetime(2026, 10, 1, 10, 0, 0, 250000), None, "open", 2, "00aa", "outsider", True)]


def test_who_was_an_outsider_when_asking_stays_one(con: duckdb.DuckDBPyConnection) -> None:
    """GitHub tells the association of today; what was first seen wins for ever, in whatever order loads come."""
    fill(
        con,
        "github__issues",
        [(OWN, "7", T + HOUR, T + HOUR, issue(7, role="staff", association="MEMBER", title="New title"))],
    )
    build_tables(con, MODELS)
    fill(con, "github__issues", [(OWN, "7", T, T, issue(7, title="Old title"))])
    build_tables(con, MODELS)
    assert rows(con, "select title, author_role from staging.github__issues") == [("New title", "outsider")]


def test_a_thread_of_an_own_channel_is_the_family_s_and_knows_how_long_it_was_watched(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Unanswered is censored at the day of the last good visit, not at the moment of the build, and not at a visit that
    failed."""
    fill(con, "github__issues", [(OWN, "7", T, T, issue(7))])
    for run, state, hours in (("a", "complete", 5), ("b", "unchanged", 9), ("c", "failed", 50)):
        con.execute(
            "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state) values (?, "
            "'github', 'issues', ?, 0, ?, ?)",
            [OWN, run, T + hours * HOUR, state],
        )
    build_tables(con, MODELS)
    assert rows(
        con,
        "select thread_id, family_id, channel_kind, channel_role, observed_until_at, replies_count from "
        "staging.threads",
    ) == [(f"{OWN}#7", "llama", "tracker", "sdk", datetime(2026, 11, 1), 2)]


TITLES = [
    ("Support for Llama 3.2", "llama"),
    ("llama3 GGUF conversion", "llama"),
    ("meta-llama/Llama-4-Scout OOM", "llama"),
    ("Qwen2.5-VL crashes", "qwen"),
    ("加载Qwen3模型时崩溃", "qwen"),
    ("gpt_oss 20b is slow", "gpt-oss"),
    ("GPT-OSS-120B", "gpt-oss"),
    ("Gemma 2 and CodeGemma differ", "gemma"),
    ("Problems with templates (Gemma 2, Llama 3.2)", None),
    ("android port of llama.cpp", None),
    ("`llama-server` web UI", None),
    ("llama : improve batching", None),
    ("LLAMA_CUBLAS=1 fails", None),
    ("llama_model_load: error", None),
    ("llama.cpp with Gemma", "gemma"),
    ("ollama cannot pull", None),
    ("gemmation", None),
    ("It fails", None),
    ("", None),
]
"""A title in a shared channel, and whose thread it is."""


@pytest.fixture(scope="module")
def mentioned() -> dict[int, str | None]:
    """The family of the thread of each of these titles, by its number."""
    with _open() as con:
        fill(con, "github__issues", [(SHARED, str(n), T, T, issue(n, title)) for n, (title, _) in enumerate(TITLES)])
        build_tables(con, MODELS)
        return dict(con.execute("select number, family_id from staging.threads").fetchall())


@pytest.mark.parametrize("number", range(len(TITLES)), ids=[title for title, _ in TITLES])
def test_a_thread_of_a_shared_channel_is_the_one_family_s_that_it_mentions(
    mentioned: dict[int, str | None], number: int
) -> None:
    """Several families or none is nobody's; software named after a model is not the model."""
    assert len(mentioned) == len(TITLES) and mentioned[number] == TITLES[number][1]


def test_a_reply_belongs_to_its_thread_and_spam_is_none(con: duckdb.DuckDBPyConnection) -> None:
    """Moderated spam would else be the fastest answer; an answer hidden as outdated was one."""
    fill(con, "github__issues", [(OWN, "7", T, T, issue(7))])
    fill(
        con,
        "github__comments",
        [
            (OWN, "a", T, T, comment("a", 7)),
            (OWN, "b", T, T, comment("b", 7, is_hidden=True, hidden_reason="spam")),
            (OWN, "c", T, T, comment("c", 7, is_hidden=True, hidden_reason="outdated")),
            (OWN, "d", T, T, comment("d", 8)),
        ],
    )
    build_tables(con, MODELS)
    assert rows(
        con,
        "select reply_id, thread_id, author_role from staging.replies order by reply_id",
    ) == [(f"{OWN}/a", f"{OWN}#7", "staff"), (f"{OWN}/c", f"{OWN}#7", "staff")]


def test_changes_releases_and_repositories_come_through(con: duckdb.DuckDBPyConnection) -> None:
    """One row of each, whole, and those of a shared channel are no family's."""
    pull = {
        "number": 3, "title": "Fix", "url": "https://x/3", "created_at": "2026-10-01T10:00:00Z",
        "closed_at": "2026-10-03T10:00:00Z", "merged_at": "2026-10-03T10:00:00Z", "state": "merged", "is_draft": False,
        "actor": "00cc", "role": "outsider",
    }  # fmt: skip
    fill(con, "github__pulls", [(OWN, "3", T, T, pull), (SHARED, "3", T, T, pull)])
    release = {
        "release_id": 9,
        "version": "v2.0",
        "title": "Two",
        "url": "https://x/9",
        "released_at": "2026-10-05T00:00:00Z",
    }
    fill(con, "github__releases", [(OWN, "9", T, T, release | {"is_prerelease": False})])
    day = {"repository_id": 5, "full_name": "acme/old", "day_on": "2026-11-01"}
    fill(
        con,
        "github__repositories",
        [(OWN, "5:2026-11-01", None, T, day), (OWN, "5:2026-11-01", None, T + HOUR, day | {"full_name": "acme/kit"})],
    )
    build_tables(con, MODELS)
    merged = datetime(2026, 10, 3, 10)
    assert rows(con, "select change_id, family_id, channel_role, merged_at from staging.changes order by 1") == [
        (f"{SHARED}#3", None, "runtime", merged), (f"{OWN}#3", "llama", "sdk", merged),
    ]  # fmt: skip
    assert rows(con, "select release_id, version, is_prerelease from staging.github__releases") == [(9, "v2.0", False)]
    assert rows(con, "select channel_id, day_on::varchar, full_name from staging.github__repositories") == [
        (OWN, "2026-11-01", "acme/kit")
    ]


FIX = {
    "fixed_at": "2026-10-03T09:00:00Z",
    "fixed_by": "00ff",
    "fixed_by_role": "outsider",
    "fix_url": "https://github.com/acme/kit/pull/9",
}
TURNS = {"first_closed_at": "2026-10-02T10:00:00Z", "reopened_at": "2026-10-02T12:00:00Z"}


def test_a_thread_knows_its_first_turns_and_its_fix(con: duckdb.DuckDBPyConnection) -> None:
    """Typed; what an older reading did not know is unknown."""
    fill(
        con,
        "github__issues",
        [(OWN, "7", T, T, issue(7, closed_at="2026-10-03T10:00:00Z", **FIX, **TURNS)), (OWN, "8", T, T, issue(8))],
    )
    build_tables(con, MODELS)
    wanted = "number, first_closed_at, reopened_at, fixed_at, fixed_by_id, fixed_by_role, fix_url"
    assert rows(con, f"select {wanted} from staging.threads order by number") == [
        (
            7, datetime(2026, 10, 2, 10), datetime(2026, 10, 2, 12), datetime(2026, 10, 3, 9), "00ff", "outsider",
            "https://github.com/acme/kit/pull/9",
        ),
        (8, None, None, None, None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "settled", "role"), [("outsider", "agent", "agent"), ("agent", None, "agent"), (None, "bot", "bot")]
)
def test_a_part_settled_by_hand_goes_over_what_the_forge_says_of_a_fix(
    con: duckdb.DuckDBPyConnection, stated: str | None, settled: str | None, role: str
) -> None:
    """The rule that holds for askers and answerers."""
    con.execute("insert into raw.catalog__accounts values ('github', '00ff', ?, 'known')", [settled])
    ended: dict[str, Any] = {**FIX, "fixed_by_role": stated, "closed_at": "2026-10-03T10:00:00Z"}
    fill(con, "github__issues", [(OWN, "7", T, T, issue(7, **ended))])
    build_tables(con, MODELS)
    assert rows(con, "select fixed_by_role, author_role from staging.threads") == [(role, "outsider")]


def test_a_fixer_who_answers_like_a_machine_is_a_bot(con: duckdb.DuckDBPyConnection) -> None:
    """Thirty threads of others, each answered within a minute."""
    prompt = {"created_at": "2026-10-01T10:00:20Z", "actor": "00ff", "role": "outsider"}
    fill(con, "github__issues", [(OWN, str(n), T, T, issue(n)) for n in range(1, 31)])
    fill(con, "github__issues", [(OWN, "40", T, T, issue(40, closed_at="2026-10-03T10:00:00Z", **FIX))])
    fill(con, "github__comments", [(OWN, f"c{n}", T, T, comment(f"c{n}", n, **prompt)) for n in range(1, 31)])
    build_tables(con, MODELS)
    assert rows(con, "select distinct fixed_by_role from staging.threads order by 1") == [("bot",), (None,)]


@pytest.mark.parametrize(
    ("state", "known_until", "silent", "clock"),
    [
        ("complete", None, datetime(2026, 11, 9), datetime(2026, 11, 9)),
        ("partial", datetime(2026, 11, 8, 5), datetime(2026, 11, 8), datetime(2026, 11, 8)),
        ("partial", None, T, datetime(2026, 11, 4)),
        ("failed", None, T, datetime(2026, 11, 4)),
    ],
)
def test_silent_threads_are_watched_as_long_as_those_that_are_answered(
    con: duckdb.DuckDBPyConnection, state: str, known_until: datetime | None, silent: datetime, clock: datetime
) -> None:
    """A visit that leaves older threads unread has still read all that changed: the others stayed silent. Without one
    nobody knows what became of a thread since it was seen."""
    con.execute(
        "insert into raw.ledger__runs (channel_id, thing, run_id, part, started_at, state, known_until, rows) "
        "values ($1, 'issues', 'a', 0, $2, $3, $4, 0), ($1, 'issues', 'b', 0, $5, 'partial', null, 2)",
        [OWN, datetime(2026, 11, 9, 3), state, known_until, T + 72 * HOUR],
    )
    fill(con, "github__issues", [(OWN, "1", T, T, issue(1)), (OWN, "2", T, T + 72 * HOUR, issue(2))])
    build_tables(con, MODELS)
    watched = dict(con.execute("select number, observed_until_at from staging.threads").fetchall())
    assert watched == {1: silent, 2: clock}
