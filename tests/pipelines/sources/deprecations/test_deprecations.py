"""Deprecations over real HTTP against the emulator: what changed is landed once, what vanished is an event, a burst is
held back."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.run import Plan, collect_plan
from pipelines.contract import Page, Row
from pipelines.http.budget import Budget
from pipelines.http.errors import Fatal, SourceError
from pipelines.sources import deprecations
from pipelines.sources.deprecations import changes
from pipelines.sources.deprecations.changes import Changes, Memory
from pipelines.text.values import format_instant
from tests.paths import RECORDINGS
from tests.upstream.emulator import Upstream
from tests.upstream.faults import Real
from tests.upstream.messages import Request, Response, json_answer, text_answer
from tests.upstream.world.ends import End
from tests.worlds.raw_server import answer, raw_server
from tests.worlds.visits import NOW, make_visit
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models
from warehouse.landing import open_zone, read_newest_manifest
from warehouse.settings import Settings

RECORDED = RECORDINGS / "changelogs" / "openai_deprecations.html"
API = "https://api.github.com/repos/mistralai/platform-docs-public/contents/src/schema/models/models"
PAGES = {
    "openai": "https://developers.example/api/docs/deprecations.md",
    "anthropic": "https://platform.example/docs/model-deprecations.md",
    "gemini": "https://ai.example/docs/deprecations.md.txt", "xai": "https://docs.x.example/migration/models.md",
    "groq": "https://console.example/docs/deprecations.md", "together": "https://docs.t.example/deprecations.md",
    "cohere": "https://docs.c.example/docs/deprecations.md", "bedrock": "https://docs.aws.example/model-lifecycle.html",
    "azure": "https://raw.example/models.md", "vertex": "https://cloud.example/deprecations", "mistral": API,
}  # fmt: skip
CHANNELS = {
    form: Channel(
        source="deprecations", target=f"{form}-models", role="deprecations", format=form, base_url=url, family="x"
    )
    for form, url in PAGES.items()
}
OPENAI, MISTRAL = CHANNELS["openai"], CHANNELS["mistral"]


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream(tuple(CHANNELS.values()), seed=5, threads=10) as running:
        yield running


TOKENS = {"GITHUB_TOKEN": "t"}


def _visit(up: Upstream, channel: Channel, cursor: Any = None, **options: Any) -> list[Page]:
    there = channel.model_copy(update={"base_url": up.url(channel)})
    visit = make_visit(there, json.loads(json.dumps(cursor or {})), now=up.world.clock.at(), **options)
    return list(sources.collect_stream("deprecations", "notices", visit))


def _rows(pages: list[Page], thing: str = "") -> dict[str, dict[str, Any]]:
    return {row.key: dict(row.body) for page in pages for row in page.rows if row.stream == thing}


def _events(pages: list[Page]) -> list[tuple[str, str]]:
    return sorted((body["notice_code"], body["event"]) for body in _rows(pages, "notice_events").values())


def _told(form: str, end: End) -> tuple[str | None, str]:
    """What a form can say of an end: its day, and how exactly."""
    day = str(end.shutdown_on) if end.shutdown_on and not (form == "together" and end.is_redirect) else None
    kinds = {"gemini": "not_before", "mistral": "exact"}
    return day, kinds.get(form, end.kind) if day else "unknown"


@pytest.mark.parametrize("form", PAGES)
def test_each_form_gives_what_the_vendor_said(up: Upstream, form: str) -> None:
    """One world, eleven ways to write it down: names, days and replacements."""
    ends = {end.name: end for end in up.ends[f"{form}-models"].now()}
    found = list(_rows(_visit(up, CHANNELS[form])).values())
    by_name = {body["model"].removesuffix(" (2024-05-13)"): body for body in found if "#fine-tuning" not in body["url"]}
    seen = {
        name
        for name, end in ends.items()
        if end.kind == "exact" or form in ("openai", "anthropic", "gemini", "azure", "mistral")
    }
    expected = seen | {name for name, end in ends.items() if form == "cohere" and end.kind == "unknown"}
    assert by_name.keys() == expected and len(expected) > 10
    dated = {"openai", "cohere", "groq"}
    for name, body in by_name.items():
        end = ends[name]
        assert (body["shutdown_on"], body["shutdown_kind"]) == _told(form, end), name
        assert body["subject_kind"] == end.subject and body["drift"] == [], name
        assert body["announced_on"] == (str(end.announced_on) if form in dated else body["announced_on"])
        if form not in ("xai", "together", "vertex", "anthropic", "bedrock") and not end.is_redirect:
            assert body["replacements"] == list(end.replacements), name
    assert all(body["url"].startswith("http://127.0.0.1") for body in found)


@pytest.mark.parametrize("form", PAGES)
def test_a_visit_to_an_unchanged_page_costs_one_request_and_lands_nothing(up: Upstream, form: str) -> None:
    """By 304; and by the content where the server sends the same once more."""
    cursor = _visit(up, CHANNELS[form])[-1].cursor
    up.forget()
    up.world.clock.now += 3600
    (again,) = _visit(up, CHANNELS[form], cursor, tokens=TOKENS)
    assert again.is_unchanged and not again.rows and [record.status for record in up.requests] == [304]
    assert again.cursor == {**cursor, "seen_at": format_instant(up.world.clock.at())}
    up.forget()
    (same,) = _visit(up, CHANNELS[form], {**cursor, "etag": None, "last_modified": None}, tokens=TOKENS)
    assert same.is_unchanged and not same.rows and [record.status for record in up.requests] == [200]


@pytest.mark.parametrize("form", ["openai", "mistral", "azure"])
def test_what_is_edited_vanishes_and_returns_is_an_event(up: Upstream, form: str) -> None:
    """A vanished notice keeps its row; an edit lands it again."""
    channel, ends = CHANNELS[form], up.ends[f"{form}-models"]
    first = _visit(up, channel)
    assert {event for _, event in _events(first)} == {"first_seen"} and len(_events(first)) == len(_rows(first))
    moved, gone = [end.name for end in ends.now() if end.shutdown_on and end.subject == "model"][:2]
    old = next(end.shutdown_on for end in ends.now() if end.name == moved)
    new = ends.move(moved, -30).shutdown_on
    ends.vanish(gone)
    up.world.clock.now += 86400
    second = _visit(up, channel, first[-1].cursor)
    stated = {body["event"]: body for body in _rows(second, "notice_events").values()}
    assert stated.keys() == {"edited", "vanished"} and [
        row["model"].split(" ")[0] for row in _rows(second).values()
    ] == [moved]
    assert (stated["edited"]["old_shutdown_on"], stated["edited"]["new_shutdown_on"]) == (str(old), str(new))
    assert (
        stated["vanished"]["new_shutdown_on"] is None
        and stated["vanished"]["last_seen_at"] == first[-1].cursor["seen_at"]
    )
    ends.put_back(gone)
    up.world.clock.now += 86400
    third = _visit(up, channel, second[-1].cursor)
    assert [event for _, event in _events(third)] == ["returned"]
    assert [body["event_number"] for body in _rows(third, "notice_events").values()] == [3]


def test_a_page_told_anew_in_another_order_changes_nothing(up: Upstream) -> None:
    """A replayed visit gives the same rows and the same numbered events, so that nothing is reported twice."""
    first = _visit(up, OPENAI)
    up.ends["openai-models"].move(next(end.name for end in up.ends["openai-models"].now() if end.shutdown_on), 10)
    once, twice = (_visit(up, OPENAI, first[-1].cursor) for _ in range(2))
    assert [(row.key, row.body) for row in once[0].rows] == [(row.key, row.body) for row in twice[0].rows]


def _empty_half(up: Upstream, form: str) -> list[str]:
    ends = up.ends[f"{form}-models"]
    names = [end.name for end in ends.now()][::2]
    ends.vanish(*names)
    return names


@pytest.mark.parametrize("form", ["openai", "mistral"])
def test_a_burst_is_held_back_and_believed_a_day_later(up: Upstream, form: str) -> None:
    """Half of a page gone at once is more likely a broken page: the visit fails, says so, and keeps what was known."""
    channel = CHANNELS[form]
    cursor = dict(_visit(up, channel)[-1].cursor)
    gone = _empty_half(up, form)
    visited = _held(up, channel, cursor)
    assert _rows(visited) == {} and [body["event"] for body in _rows(visited, "notice_events").values()] == ["held"]
    held = visited[-1].cursor
    assert held["memory"] == cursor["memory"] and held["held"]["vanished"] == len(gone) and held["held"]["new"] == 0
    up.forget()
    up.world.clock.now += 19 * 3600
    still = _held(up, channel, held)
    assert (still[-1].cursor if still else held)["held"]["since"] == held["held"]["since"]
    assert form == "mistral" or [record.status for record in up.requests] == [304], (
        "while it waits, the page costs one free request"
    )
    up.world.clock.now += 3600
    believed = _visit(up, channel, held)
    assert (
        sorted(event for _, event in _events(believed)) == ["vanished"] * len(gone)
        and "held" not in believed[-1].cursor
    )
    assert [page.is_unchanged for page in _visit(up, channel, believed[-1].cursor)] == [True]


def _held(up: Upstream, channel: Channel, cursor: Any) -> list[Page]:
    """The pages of a visit that ends in being held back."""
    pages: list[Page] = []
    there = channel.model_copy(update={"base_url": up.url(channel)})
    counts = r"held back: \d+ new and \d+ vanished notices out of \d+; accepted if a visit 20 hours or more after"
    with pytest.raises(Fatal, match=counts):
        pages.extend(deprecations.notices(make_visit(there, json.loads(json.dumps(cursor)), now=up.world.clock.at())))
    return pages


def test_a_burst_that_turns_out_to_be_a_mistake_leaves_no_trace_but_a_note(up: Upstream) -> None:
    """The page is whole again before the day is over: nothing was published of it; another burst is counted again."""
    cursor = dict(_visit(up, OPENAI)[-1].cursor)
    gone = _empty_half(up, "openai")
    there = OPENAI.model_copy(update={"base_url": up.url(OPENAI)})
    visit = deprecations.notices(make_visit(there, cursor, now=up.world.clock.at()))
    held = next(visit).cursor
    up.ends["openai-models"].put_back(*gone)
    up.world.clock.now += 3600
    (page,) = _visit(up, OPENAI, held)
    assert page.is_unchanged and "held" not in page.cursor and page.cursor["memory"] == cursor["memory"]


def test_another_burst_starts_the_wait_anew(up: Upstream) -> None:
    """Only the same page is believed, not any page a day later."""
    cursor = dict(_visit(up, OPENAI)[-1].cursor)
    _empty_half(up, "openai")
    there = OPENAI.model_copy(update={"base_url": up.url(OPENAI)})
    held = next(deprecations.notices(make_visit(there, cursor, now=up.world.clock.at()))).cursor
    up.ends["openai-models"].vanish(*[end.name for end in up.ends["openai-models"].now()][:1])
    up.world.clock.now += 25 * 3600
    again = next(deprecations.notices(make_visit(there, held, now=up.world.clock.at()))).cursor
    assert again["held"]["since"] == format_instant(up.world.clock.at())
    assert again["held"]["hash"] != held["held"]["hash"]


def test_a_held_visit_is_failed_in_the_ledger_and_remembered_by_the_next(up: Upstream, tmp_path: Any) -> None:
    """The cursor of a failed visit keeps what was held, and a run a day later resumes from it."""
    settings = Settings(
        HEARTBEAT_HOME=tmp_path,
        HEARTBEAT_NOW=up.world.clock.at(),
        HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1,localhost",
        _env_file=None,
    )
    there = OPENAI.model_copy(update={"base_url": up.url(OPENAI)})
    zone = open_zone(settings.landing_url)

    def collected(hours: float) -> str:
        up.world.clock.now += round(hours * 3600)
        clocked = settings.model_copy(update={"now": up.world.clock.at()})
        (result,) = collect_plan(Plan((there,), NOW, 100), clocked).results
        return result.outcomes["notices"].state

    assert collected(0) == "complete"
    known = read_newest_manifest(zone, there.id)
    _empty_half(up, "openai")
    assert [collected(6), collected(6), collected(14), collected(1)] == ["failed", "failed", "complete", "unchanged"]
    after = read_newest_manifest(zone, there.id)
    assert known and after and len(after.cursors["notices"]["memory"]) == len(known.cursors["notices"]["memory"])


def test_a_first_visit_to_a_folder_goes_on_where_it_stopped(up: Upstream) -> None:
    """Files are landed as they are read: a visit that runs out of requests keeps its part."""
    there = MISTRAL.model_copy(update={"base_url": up.url(MISTRAL)})
    visit = deprecations.notices(make_visit(there, now=up.world.clock.at(), budget=Budget(26)))
    begun = next(visit)
    with pytest.raises(SourceError, match="budget"):
        next(visit)
    assert begun.cursor["etag"] is None and 0 < len(_rows([begun])) < len(up.ends["mistral-models"].now())
    up.forget()
    rest = _visit(up, MISTRAL, begun.cursor, tokens=TOKENS)
    assert _rows([begun]).keys().isdisjoint(_rows(rest)) and len(_rows([begun, *rest])) == len(
        up.ends["mistral-models"].now()
    )
    assert len(up.requests) == 1 + len(up.ends["mistral-models"].now()) + 1 - 25, (
        "the list, and only the files that were not read"
    )


@pytest.mark.parametrize(
    ("form", "text", "kind", "reason"),
    [
        ("openai", "<!DOCTYPE html><div id=root></div>", "text/markdown", "HTML instead of Markdown"),
        ("openai", "# Deprecations\n\nNothing.", "text/markdown", "200, but without any notice"),
        ("bedrock", "<html><body><div id=root></div></body></html>", "text/html", "200, but without any notice"),
        ("mistral", '{"message": "moved"}', "application/json", "not a list of files"),
        ("mistral", "[]", "application/json", "no file that ends in .ts"),
        (
            "mistral",
            json.dumps([{"name": f"{n}.ts", "sha": "a", "type": "file"} for n in range(1000)]),
            "application/json",
            "stops at 1000",
        ),
        (
            "mistral",
            json.dumps([{"name": "a.ts", "sha": "../x", "type": "file"}]),
            "application/json",
            "is not the hash",
        ),
    ],
)
def test_a_page_of_another_shape_is_refused_with_its_reason(
    up: Upstream, form: str, text: str, kind: str, reason: str
) -> None:
    """200 with nothing in it is how a page says that it has changed."""
    up.fail("*", None, text_answer(text, kind))
    with pytest.raises(Fatal, match=reason):
        _visit(up, CHANNELS[form])


def test_a_table_that_was_passed_over_takes_nothing_off_the_list(up: Upstream) -> None:
    """Its header has changed: it is named, the other tables are read, and what is missing is not called vanished."""
    first = _visit(up, OPENAI)

    def renamed(request: Request, real: Real) -> Response:
        answer = real()
        return answer.but(
            body=answer.body.replace(b"Model / system", b"Widget", 1), headers={"content-type": "text/markdown"}
        )

    up.fail("*", None, renamed)
    (page,) = _visit(up, OPENAI, {**first[-1].cursor, "etag": None})
    assert (
        page.is_unchanged and len(page.skipped) == 1 and "no column of models: shutdown date, widget" in page.skipped[0]
    )
    assert page.cursor["memory"] == first[-1].cursor["memory"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_come(up: Upstream) -> None:
    """What it stated before stays; if no file at all can be read, the folder has changed."""
    first = _visit(up, MISTRAL)
    ends = up.ends["mistral-models"]
    broken, moved = [end.name for end in ends.now() if end.shutdown_on and end.subject == "model"][:2]
    ends.move(moved, 5)
    ends.change(replace(next(end for end in ends.now() if end.name == broken), shutdown_on=date(2031, 1, 1)))

    def spoilt(request: Request, real: Real) -> Response:
        answer = real()
        text = base64.b64decode(json.loads(answer.body)["content"]).decode()
        return (
            json_answer({"content": base64.b64encode(text.replace("status:", "standing:").encode()).decode()})
            if broken in text
            else answer
        )

    up.fail("github", "/raw/", text_answer("404: Not Found", "text/plain", 404))
    up.fail("github", "/git/blobs/", spoilt)
    (page,) = _visit(up, MISTRAL, first[-1].cursor, tokens=TOKENS)
    assert [body["model"] for body in _rows([page]).values()] == [moved]
    assert page.skipped == (f"{broken}.ts: a model without a status; the files have changed shape",)
    up.fail(
        "github",
        "/git/blobs/",
        json_answer({"content": base64.b64encode(b"export default { slug: 'a' }").decode()}),
    )
    with pytest.raises(Fatal, match=r"none of \d+ files could be read"):
        _visit(up, MISTRAL, tokens=TOKENS)


def test_a_folder_that_is_none_is_refused_before_it_is_asked_for(up: Upstream) -> None:
    there = MISTRAL.model_copy(update={"base_url": "https://docs.example/model-lifecycle.md"})
    with pytest.raises(Fatal, match="base_url must name a folder"):
        list(deprecations.notices(make_visit(there)))
    assert up.requests == []


KEYS = st.sampled_from("abcdefgh")
BODIES = st.fixed_dictionaries(
    {"shutdown_on": st.sampled_from([None, "2026-01-01", "2027-01-01"]), "shutdown_kind": st.just("exact")}
)


@given(st.lists(st.dictionaries(KEYS, BODIES, max_size=8), min_size=1, max_size=6))
def test_events_rebuild_the_page_and_number_themselves_without_a_gap(pages: list[dict[str, dict[str, Any]]]) -> None:
    """Whatever came and went: what the events leave listed is the last page, each notice's events are 1, 2, 3 …"""
    memory: Memory = {}
    stated: list[dict[str, Any]] = []
    for page in pages:
        seen = changes.compare_notices(memory, page, tuple(memory))
        after = changes.remember_notices(memory, page, seen)
        stated += [dict(body) for body in changes.make_events(memory, after, seen, "now", None)]
        assert changes.compare_notices(after, page, tuple(after)).events == {}, "the same page again is nothing new"
        memory = after
    last = {body["notice_code"]: body for body in stated}
    listed = {key: body["new_shutdown_on"] for key, body in last.items() if body["event"] != "vanished"}
    assert listed == {key: body["shutdown_on"] for key, body in pages[-1].items()}
    for key in last:
        assert [body["event_number"] for body in stated if body["notice_code"] == key] == list(
            range(1, memory[key][1] + 1)
        )


@pytest.mark.parametrize(
    ("known", "new", "vanished", "is_burst"),
    [
        (0, 90, 0, False),
        (4, 5, 0, False),
        (4, 6, 0, True),
        (100, 30, 0, False),
        (100, 20, 11, True),
        (100, 0, 31, True),
        (10, 3, 3, True),
    ],
)
def test_a_burst_is_more_than_five_and_more_than_three_in_ten(
    known: int, new: int, vanished: int, is_burst: bool
) -> None:
    """Counted together; a first visit knows nothing and is believed."""
    stated = {f"n{number}": "first_seen" for number in range(new)} | {
        f"v{number}": "vanished" for number in range(vanished)
    }
    assert Changes(stated, known).is_burst is is_burst  # type: ignore[arg-type]


CHANNEL = "x.deprecations.openai-models"


MODELS = select_models("notices", "notice_changes")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with one channel of deprecations."""
    connection = empty_warehouse()
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, role) values (?, 'x', 'deprecations', 'd')",
        [CHANNEL],
    )
    yield connection
    connection.close()


def _land(con: duckdb.DuckDBPyConnection, up: Upstream, cursor: Any, state: str = "complete") -> Any:
    """One visit, loaded as the loader would; gives its cursor."""
    pages = _visit(up, OPENAI, cursor)
    now = up.world.clock.at().replace(tzinfo=None)
    for thing in ("", "notice_events"):
        rows: list[Row] = [row for page in pages for row in page.rows if row.stream == thing]
        fill(con, f"deprecations__{thing or 'notices'}", [(CHANNEL, row.key, None, now, row.body) for row in rows])
    con.execute(
        "insert into raw.ledger__runs (channel_id, source, thing, run_id, started_at, state) values (?, "
        "'deprecations', 'notices', ?, ?, ?)",
        [CHANNEL, str(now), now, "unchanged" if pages[-1].is_unchanged else state],
    )
    return pages[-1].cursor


def test_notices_and_their_changes_as_readers_see_them(con: duckdb.DuckDBPyConnection, up: Upstream) -> None:
    """Moved earlier, moved later, vanished, returned: each with its day."""
    ends = up.ends["openai-models"]
    dated = [end for end in ends.now() if end.kind == "exact" and end.subject == "model"]
    earlier, later, gone, without = (end.name for end in dated[:4])
    cursor = _land(con, up, None)
    first = up.world.clock.at().replace(tzinfo=None)
    ends.move(earlier, -7)
    ends.move(later, 30)
    ends.vanish(gone)
    up.world.clock.now += 86400
    cursor = _land(con, up, cursor)
    ends.put_back(gone)
    ends.change(replace(dated[3], shutdown_on=None, kind="unknown"))
    up.world.clock.now += 86400
    cursor = _land(con, up, cursor)
    ends.vanish(gone)
    up.world.clock.now += 86400
    cursor = _land(con, up, cursor)
    up.world.clock.now += 86400
    _land(con, up, cursor)
    build_tables(con, MODELS)
    found = con.execute(
        "select model, change, field, cast(date_diff('day', old_shutdown_on, new_shutdown_on) as integer), "
        "change_seen_at"
        " from staging.notice_changes where change <> 'appeared' order by change_seen_at, model"
    ).fetchall()
    days = [first + timedelta(days=number) for number in range(5)]
    assert sorted(found) == sorted(
        [
            (earlier, "moved earlier", "shutdown_on", -7, days[1]), (later, "moved later", "shutdown_on", 30, days[1]),
            (gone, "vanished", "listing", None, days[1]), (gone, "returned", "listing", 0, days[2]),
            (without, "date withdrawn", "shutdown_on", None, days[2]), (gone, "vanished", "listing", None, days[3]),
        ]
    )  # fmt: skip
    rows = con.execute(
        "select model, is_listed, first_seen_at, last_seen_at, shutdown_kind from staging.notices"
    ).fetchall()
    seen, clock = {model: facts for model, *facts in rows}, days[4].replace(hour=0)
    assert seen[gone] == [False, days[0], days[2], "exact"] and seen[earlier] == [True, days[0], clock, "exact"]
    assert seen[without][3] == "unknown" and len(rows) == len(ends.now()) + 1
    assert con.execute("select count(*) = count(distinct notice_id) from staging.notices").fetchall() == [(True,)]


def test_the_later_announcement_is_the_last_word_and_a_held_page_is_not_among_the_changes(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Of a model announced twice one row is the latest; of a shared channel the family is nobody's."""
    con.execute("update raw.catalog__channels set family_id = '_shared'")
    at = NOW.replace(tzinfo=None)
    base = {
        "model": "a",
        "subject_kind": "model",
        "announced_kind": "exact",
        "shutdown_kind": "exact",
        "replacements": ["b"],
        "drift": [],
    }
    stated = [
        ("a@2023-06-13", "2023-06-13", "2026-09-01"),
        ("a@2025-09-26", "2025-09-26", "2026-03-26"),
        ("a@-", None, "2027-01-01"),
    ]
    fill(
        con,
        "deprecations__notices",
        [
            (CHANNEL, code, None, at, {**base, "notice_code": code, "announced_on": on, "shutdown_on": end})
            for code, on, end in stated
        ],
    )
    events = [
        {"notice_code": code, "event_number": 1, "event": "first_seen", "changed_at": format_instant(NOW)}
        for code, _, _ in stated
    ]
    fill(con, "deprecations__notice_events", [(CHANNEL, f"{one['notice_code']}#1", None, at, one) for one in events])
    build_tables(con, MODELS)
    assert con.execute(
        "select announced_on, shutdown_on, family_id, replacement from staging.notices where is_latest"
    ).fetchall() == [(date(2025, 9, 26), date(2026, 3, 26), None, ["b"])]
    assert con.execute("select count(*), count(distinct change) from staging.notice_changes").fetchall() == [(3, 1)]


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (("2026-05-22", "not_before"), ("2026-12-15", "exact"), "kind changed"),
        (("2026-12-01", "month"), ("2026-12-16", "exact"), "kind changed"),
        (("2026-12-15", "exact"), ("2026-12-01", "month"), "kind changed"),
        (("2026-12-01", "month"), ("2027-01-01", "month"), "moved later"),
        (("2026-05-22", "not_before"), ("2026-04-22", "not_before"), "edited"),
        (("2026-12-15", "exact"), ("2026-12-15", "exact"), "edited"),
    ],
)
def test_only_a_date_that_stays_of_its_kind_is_moved(
    con: duckdb.DuckDBPyConnection, old: tuple[str, str], new: tuple[str, str], change: str
) -> None:
    """A floor or a month that is made exact is more exact, and not later; and a floor is no promise."""
    at = NOW.replace(tzinfo=None)
    fill(con, "deprecations__notices", [(CHANNEL, "a", None, at, {"notice_code": "a", "model": "a", "drift": []})])
    stated = {"notice_code": "a", "event_number": 2, "event": "edited", "changed_at": format_instant(NOW)}
    days = {f"{when}_shutdown_{part}": cell for when, cells in (("old", old), ("new", new))
            for part, cell in zip(("on", "kind"), cells, strict=True)}  # fmt: skip
    fill(con, "deprecations__notice_events", [(CHANNEL, "a#2", None, at, stated | days)])
    build_tables(con, MODELS)
    assert con.execute("select change from staging.notice_changes").fetchall() == [(change,)]


@pytest.mark.parametrize(
    ("vanished", "last"), [((), "a@2025-09-26"), (("a@2025-09-26",), "a@-"), (("a@2025-09-26", "a@-"), "a@2025-09-26")]
)
def test_a_notice_that_vanished_is_the_last_word_only_where_none_is_listed(
    con: duckdb.DuckDBPyConnection, vanished: tuple[str, ...], last: str
) -> None:
    """A page that drops its day of announcement lists the same model again, undated; one that drops the model itself
    has said its last."""
    at, stated = NOW.replace(tzinfo=None), {"a@2025-09-26": "2025-09-26", "a@-": None}
    base = {"model": "a", "subject_kind": "model", "shutdown_on": "2026-03-26", "shutdown_kind": "exact", "drift": []}
    rows = [(CHANNEL, code, None, at, base | {"notice_code": code, "announced_on": on}) for code, on in stated.items()]
    fill(con, "deprecations__notices", rows)
    events = [
        {"notice_code": code, "event_number": number, "event": event, "changed_at": format_instant(NOW)}
        for number, event, codes in ((1, "first_seen", stated), (2, "vanished", vanished))
        for code in codes
    ]
    landed = [(CHANNEL, f"{one['notice_code']}#{one['event_number']}", None, at, one) for one in events]
    fill(con, "deprecations__notice_events", landed)
    build_tables(con, MODELS)
    found = con.execute("select notice_id, is_listed from staging.notices where is_latest").fetchall()
    assert found == [(f"{CHANNEL}#{last}", last not in vanished)]


@pytest.mark.skipif(not RECORDED.is_file(), reason="../shared/recordings/changelogs is not here")
def test_the_recorded_page_of_openai_from_http_to_the_conformed_table(con: duckdb.DuckDBPyConnection) -> None:
    """78 notices; 77 with both days known. From 3 days (Codex, 2023) to 724 (gpt-4-32k-0314); the same model twice has
    one last word."""
    with raw_server() as server:
        server.script["/docs/deprecations"] = [
            answer(200, RECORDED.read_bytes(), {"content-type": "text/html; charset=utf-8"})
        ]
        (page,) = deprecations.notices(
            make_visit(OPENAI.model_copy(update={"base_url": server.url("/docs/deprecations")}))
        )
    at = NOW.replace(tzinfo=None)
    for thing in ("", "notice_events"):
        rows = [(CHANNEL, row.key, None, at, row.body) for row in page.rows if row.stream == thing]
        fill(con, f"deprecations__{thing or 'notices'}", rows)
    build_tables(con, MODELS)
    found = con.execute(
        "select count(*), min(days), max(days) from (select date_diff('day', announced_on, shutdown_on) as days from "
        "staging.notices"
        " where announced_kind = 'exact' and shutdown_kind = 'exact')"
    ).fetchall()
    assert found == [(77, 3, 724)] and con.execute("select count(*) from staging.notices").fetchall() == [(78,)]
    twice = "select announced_on::varchar, is_latest from staging.notices where model = 'gpt-4-0314' order by 1"
    assert con.execute(twice).fetchall() == [("2023-06-13", False), ("2025-09-26", True)]


def test_of_a_hosts_page_only_the_models_that_are_named_are_the_familys(con: duckdb.DuckDBPyConnection) -> None:
    """Bedrock ends models of many makers: Claude's end there is no end of Nova's."""
    con.execute("update raw.catalog__channels set models = ['amazon.nova*']")
    at = NOW.replace(tzinfo=None)
    base = {
        "subject_kind": "model",
        "shutdown_kind": "exact",
        "shutdown_on": "2026-09-01",
        "replacements": [],
        "drift": [],
    }
    models = ["amazon.nova-pro-v1:0", "anthropic.claude-3-sonnet"]
    fill(
        con,
        "deprecations__notices",
        [(CHANNEL, one, None, at, {**base, "model": one, "notice_code": one}) for one in models],
    )
    events = [
        {"notice_code": one, "event_number": 1, "event": "first_seen", "changed_at": format_instant(NOW)}
        for one in models
    ]
    fill(con, "deprecations__notice_events", [(CHANNEL, f"{one['notice_code']}#1", None, at, one) for one in events])
    build_tables(con, MODELS)

    assert con.execute("select model, family_id from staging.notices order by model").fetchall() == [
        (models[0], "x"),
        (models[1], None),
    ]
