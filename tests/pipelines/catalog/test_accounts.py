"""Accounts settled by hand, and bots that are known by what they do."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.catalog.accounts import FILE, make_account_rows, read_accounts
from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting.people_key import open_people
from pipelines.collecting.planning import open_catalog
from pipelines.people import People
from pipelines.steps import refresh_warehouse
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models
from warehouse.database import open_warehouse
from warehouse.load import replace_catalog
from warehouse.settings import Settings

PEOPLE = People(b"a key of sixteen bytes or more")
T = datetime(2026, 11, 1, 12)
CHANNEL = "llama.github.acme-kit"
MODELS = select_models("account_roles", "threads", "replies")
ENTRY = '[[account]]\nsource = "{source}"\nlogin = "{login}"\nrole = "{role}"\nwhy = "{why}"\n'


def _write(folder: Path, *entries: tuple[str, str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    text = "".join(
        ENTRY.format(source=source, login=login, role=role, why="said so in public") for source, login, role in entries
    )
    (folder / f"{FILE}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_users_own_word_wins_and_is_no_family(tmp_path: Path) -> None:
    """The file is beside the family files and must not be taken for one."""
    one = _write(tmp_path / "one", ("github", "Ann", "staff"), ("github", "bob", "bot"))
    two = _write(tmp_path / "two", ("github", "ann", "outsider"))
    catalog = read_catalog([SHIPPED, one, two])
    assert {(entry.login, entry.role) for entry in catalog.accounts} == {("ann", "outsider"), ("bob", "bot")}
    assert not any(family.id == FILE for family in catalog.families)
    assert read_accounts([tmp_path]) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            ENTRY.format(source="gihub", login="a", role="bot", why="because"),
            "unknown source 'gihub' (did you mean 'github'?)",
        ),
        (ENTRY.format(source="github", login="a", role="bott", why="because"), "(did you mean 'bot'?)"),
        (ENTRY.format(source="github", login="a", role="asker", why="because"), "'agent'"),
        (ENTRY.format(source="github", login="", role="bot", why="because"), "at least 1 character"),
        (ENTRY.format(source="github", login="a", role="bot", why=""), "at least 5 characters"),
        ('[[acount]]\nlogin = "a"\n', "did you mean 'account'?"),
        ("[[account]\n", "not valid TOML"),
    ],
)
def test_a_slip_is_refused_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    """As in family files: file, line, nearest word."""
    (tmp_path / f"{FILE}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_catalog([SHIPPED, tmp_path])
    assert reason in str(caught.value) and f"{FILE}.toml" in str(caught.value)


def test_only_pseudonyms_are_kept(tmp_path: Path) -> None:
    """The same that the sources make of the login, in any case."""
    rows = make_account_rows(read_accounts([_write(tmp_path, ("github", "Ann", "staff"))]), PEOPLE)
    assert [row["actor_id"] for row in rows] == [PEOPLE.make_pseudonym("github", "ann")]
    assert "ann" not in str(rows).lower()


def _z(time: datetime) -> str:
    return f"{time.isoformat()}Z"


def _warehouse(
    threads: int, replies: Iterable[tuple[int, str, str, float, int]], asker: str = "asker"
) -> duckdb.DuckDBPyConnection:
    """Threads opened an hour apart; replies of (thread, account, role, seconds after it was opened, words)."""
    connection = empty_warehouse()
    connection.execute("insert into raw.catalog__families (family_id, title, side) values ('llama', 'Llama', 'open')")
    connection.execute(
        "insert into raw.catalog__channels"
        " (channel_id, family_id, source, target, role, channel_kind, is_official, is_enabled, models)"
        " values (?, 'llama', 'github', 'acme/kit', 'sdk', 'tracker', true, true, [])",
        [CHANNEL],
    )
    opened, seen_at = [T + timedelta(hours=number) for number in range(threads)], T + timedelta(days=30)
    issues = [
        (
            CHANNEL,
            str(number),
            T,
            seen_at,
            {"number": number, "title": "It fails", "created_at": _z(at), "actor": asker, "role": "outsider"},
        )
        for number, at in enumerate(opened)
    ]
    said = [
        (CHANNEL, f"c{place}", T, T, {"comment_id": f"c{place}", "number": thread, "actor": account, "role": role,
                                      "words": words,
                                      "created_at": _z(opened[thread] + timedelta(seconds=seconds))})
        for place, (thread, account, role, seconds, words) in enumerate(replies)
    ]  # fmt: skip
    fill(connection, "github__issues", issues)
    fill(connection, "github__comments", said)
    return connection


def _bots(connection: duckdb.DuckDBPyConnection) -> list[str]:
    build_tables(connection, MODELS)
    return [
        one
        for (one,) in connection.sql(
            "select actor_id from staging.account_roles where is_bot_by_behaviour order by 1"
        ).fetchall()
    ]


def test_who_answers_forty_threads_within_seconds_in_the_same_words_is_a_bot() -> None:
    """Its replies count as a bot's, so that they are no answer by a person."""
    connection = _warehouse(40, [(number, "machine", "outsider", 5, 30) for number in range(40)])
    assert _bots(connection) == ["machine"]
    assert connection.sql("select distinct author_role from staging.replies").fetchall() == [("bot",)]


def test_a_language_model_under_a_human_name_does_not_count_as_a_person() -> None:
    """One account answers 55 of 55 threads of 275 within 50 seconds, each at another length; people answer 72."""
    people = [(number, f"person-{number}", "outsider", 7200, 30) for number in range(72)]
    model = [(number, "helper", "outsider", number % 51, number) for number in range(100, 155)]
    connection = _warehouse(275, [*people, *model])
    assert _bots(connection) == ["helper"]

    answered = connection.sql(
        "select count(distinct r.thread_id) from staging.replies as r join staging.threads as t using (thread_id)"
        " where r.author_role = 'outsider' and r.replied_at <= t.opened_at + interval 24 hours"
    ).fetchall()
    assert answered == [(72,)]


def test_an_account_is_counted_over_all_channels_of_its_source() -> None:
    """Twenty threads in one channel are too few, and forty in two are not: a bot is one everywhere."""
    connection = _warehouse(40, [(number, "machine", "outsider", 5, 30) for number in range(40)])
    connection.execute(
        "insert into raw.catalog__channels by name select * replace ('other' as channel_id) from raw.catalog__channels"
        f" where channel_id = '{CHANNEL}'"
    )
    for table in ("issues", "comments"):
        key = "number % 2 = 0"
        connection.execute(f"update raw.github__{table} set channel_id = 'other' where {key}")

    assert _bots(connection) == ["machine"]


@pytest.mark.parametrize(
    ("threads", "seconds", "words"),
    [
        (29, lambda number: 5, lambda number: 30),
        (40, lambda number: 90, lambda number: 30),
        (40, lambda number: 5 if number % 5 else 3600, lambda number: 30),
        (40, lambda number: -5, lambda number: 30),
    ],
    ids=["too few", "not at once", "often at once", "before the question"],
)
def test_whoever_is_in_doubt_is_a_person(threads: int, seconds: object, words: object) -> None:
    """A quick helper is hidden by no rule."""
    assert callable(seconds) and callable(words)
    connection = _warehouse(
        threads, [(number, "eager", "outsider", seconds(number), words(number)) for number in range(threads)]
    )
    assert _bots(connection) == []
    assert connection.sql("select distinct author_role from staging.replies").fetchall() == [("outsider",)]


def test_an_askers_own_words_are_not_answers() -> None:
    """Somebody who adds a line to each of his forty threads at once is not answering."""
    assert _bots(_warehouse(40, [(number, "asker", "asker", 5, 30) for number in range(40)])) == []


def test_what_is_settled_by_hand_goes_over_everything_and_survives_a_full_build() -> None:
    """Also over what an account does; but an asker stays the asker, unless it is no person."""
    replies = [(number, "machine", "outsider", 5, 30) for number in range(40)]
    connection = _warehouse(41, [*replies, (40, "ann", "outsider", 9, 1), (40, "asker", "asker", 10, 1)])
    accounts = [("machine", "maintainer"), ("ann", "staff"), ("asker", "staff")]
    replace_catalog(
        connection,
        {"accounts": [{"source": "github", "actor_id": one, "role": role, "why": "x"} for one, role in accounts]},
    )
    for full in (False, True):
        build_tables(connection, MODELS, full)
        assert connection.sql("select distinct actor_id, author_role from staging.replies order by all").fetchall() == [
            ("ann", "staff"), ("asker", "asker"), ("machine", "maintainer"),
        ]  # fmt: skip
        assert connection.sql("select distinct author_role from staging.threads").fetchall() == [("staff",)]
    replace_catalog(connection, {"accounts": [{"source": "github", "actor_id": "asker", "role": "bot", "why": "x"}]})
    build_tables(connection, MODELS)
    assert connection.sql("select author_role from staging.replies where actor_id = 'asker'").fetchall() == [("bot",)]
    assert connection.sql("select author_role from staging.replies where actor_id = 'ann'").fetchall() == [
        ("outsider",)
    ]


@pytest.mark.slow
def test_a_build_brings_what_the_users_folder_says(tmp_path: Path) -> None:
    """With the key of the home, so that it is the pseudonym that was landed; without a word on anybody no key is
    made."""
    settings = Settings(HEARTBEAT_HOME=tmp_path / "home", HEARTBEAT_CATALOG=_write(tmp_path / "own"), _env_file=None)
    refresh_warehouse(settings, open_catalog(settings), publishes=False)
    assert not (settings.home / "people.key").exists()

    _write(tmp_path / "own", ("github", "Ann", "staff"))
    refresh_warehouse(settings, open_catalog(settings), publishes=False)
    found = open_warehouse(settings.home).execute("select source, actor_id, role from raw.catalog__accounts").fetchall()
    assert found == [("github", open_people(settings).make_pseudonym("github", "ann"), "staff")]
