"""From a status page to conformed incidents: recordings of real pages, and lengths that nobody knows."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipelines.http.answers import Answer
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import read_feed
from pipelines.sources.status import incident
from pipelines.sources.status.formats import atom, google
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import read_list
from tests.paths import RECORDINGS
from tests.worlds.conformed_incidents import CHANNEL, OPEN, SEEN, conformed, only, told_row, when
from tests.worlds.warehouse_rows import build_conformed

ANSWERS = RECORDINGS / "status"
recorded = pytest.mark.skipif(not ANSWERS.is_dir(), reason="../shared/recordings/status is not here")


def _read(name: str) -> Answer:
    return Answer(200, {}, (ANSWERS / name).read_bytes(), f"https://{name}", None, None)


@pytest.mark.parametrize(
    ("mapped", "components", "is_api"),
    [
        ([], [("1", "Anything")], True),
        (["Responses"], [("1", "responses")], True),
        (["Responses"], [("1", "Responses API")], False),
        (["Claude API*"], [("k8", "Claude API (api.anthropic.com)")], True),
        (["k8"], [("k8", "Renamed")], True),
        (["k8"], [("k9", "claude.ai"), ("k8", "API")], True),
        (["k8"], [("k9", "claude.ai")], False),
        (["k8"], [], False),
        (["!Website", "!Whisper*"], [("1", "Kimi K3")], True),
        (["!Website", "!Whisper*"], [("1", "Whisper Large V3"), ("2", "website")], False),
        (["!Website", "!Whisper*"], [("1", "Website"), ("2", "GLM 5.3")], True),
        (["!Website", "!Whisper*"], [], False),
    ],
)
def test_only_incidents_of_mapped_components_touch_the_api(
    mapped: list[str], components: list[tuple[str, str]], is_api: bool
) -> None:
    """A page mixes its API with its apps; what names no component is neither."""
    warehouse = conformed({SEEN: [told_row(posts=OPEN, components=tuple(components))]}, mapped=mapped)
    assert only(warehouse, "is_api, has_components, is_unattributed") == (is_api, bool(components), not components)


def test_a_page_is_known_from_its_oldest_incident_and_one_that_posted_once_may_be_calm() -> None:
    """Rates need the time that was observed; nobody knows how often a page posts that did so once."""
    later = SEEN + timedelta(days=3)
    row = told_row("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", [("2026-05-01T00:00:00Z", "resolved", "")])
    warehouse = conformed({SEEN: [row], later: []})
    found = warehouse.execute("select observed_from_at, observed_until_at from staging.status_pages").fetchall()
    assert found == [(datetime(2026, 5, 2), datetime(2026, 7, 4))]


def test_only_visits_that_brought_the_incidents_of_a_page_observe_it() -> None:
    """Neither one that failed, nor one that asked for the days of its monitors."""
    warehouse = conformed({SEEN: []})
    for number, (thing, state) in enumerate([("incidents", "failed"), ("days", "complete")]):
        for days in (-9, 9):
            warehouse.execute(
                "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state) values (?, "
                "'status', ?, ?, 0, ?, ?)",
                [CHANNEL, thing, f"{number} {days}", SEEN + timedelta(days=days), state],
            )
    build_conformed(warehouse, "incidents", "status_pages")
    found = warehouse.execute("select observed_from_at, observed_until_at from staging.status_pages").fetchall()
    assert found == [(SEEN, datetime(2026, 7, 1))]


def test_a_page_never_reached_has_no_observed_time() -> None:
    """Nothing known is not a calm page."""
    found = conformed({}).execute("select observed_from_at, observed_until_at from staging.status_pages").fetchall()
    assert found == [(None, None)]


@recorded
def test_the_recorded_feed_of_github_has_25_incidents_all_resolved() -> None:
    """Counted by another way; days are padded in some entries, and updates share minutes."""
    answer = _read("www.githubstatus.com__history.atom")
    incidents = atom.parse_incidents(read_feed(answer), ItemReader("x"))
    rows = [incident.make_incident_row(one) for one in incidents]
    text = answer.content.decode()
    assert len(rows) == len(re.findall("<entry>", text)) == 25
    assert sum(len(one.updates) for one in incidents) == text.count("&lt;small&gt;")
    warehouse = conformed({datetime(2026, 8, 22): rows})
    shortest, longest, ends = warehouse.execute(
        "select min(resolved_at - started_at), max(resolved_at - started_at), count(resolved_at) from staging.incidents"
    ).fetchall()[0]
    assert ends == 25 and timedelta(minutes=10) < shortest and longest < timedelta(days=1)


@recorded
def test_the_recorded_list_of_google_has_157_incidents_with_their_severities() -> None:
    """Counted by another way; 22 of them were posted after their end."""
    answer = _read("status.cloud.google.com__incidents.json")
    items = json.loads(answer.content)
    rows = [
        incident.make_incident_row(one)
        for one in google.parse_incidents(read_list(answer), ItemReader("x"), "https://status.cloud.google.com", ())
    ]
    assert len(rows) == len(items) == 157
    levels = Counter(
        {"SERVICE_INFORMATION": 0, "SERVICE_DISRUPTION": 2, "SERVICE_OUTAGE": 3}[item["status_impact"]]
        for item in items
    )
    assert Counter(one.body["severity"] for one in rows) == levels
    late = sum(item["created"] > item["end"] for item in items)
    texts = [" ".join(update["text"] for update in item["updates"]) for item in items]
    warehouse = conformed({SEEN: rows}, "google")
    stated = [
        item for item in items if item["id"] != "SDkKgEgDZJCrvutAz3bn"
    ]  # begins with its first post there; its report says when. Another states a start 20 minutes after its post.
    seconds = (
        sum((when(item["end"]) - min(when(item["begin"]), when(item["created"]))).total_seconds() for item in stated)
        + 118 * 60
    )
    assert late == 22 and only(warehouse, "count_if(is_retro), sum(date_diff('second', started_at, resolved_at))") == (
        late,
        seconds,
    )
    reports = sum("incident report" in text.lower() or "**Incident" in text for text in texts)
    assert only(warehouse, "count_if(end_state = 'extracted'), count_if(has_postmortem)") == (1, reports)


def _board(name: str, product: str = "") -> Iterator[Incident]:
    """Somebody's normalised rows, one for each component with a severity of its own, as incidents again."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for item in json.loads((ANSWERS / f"leaderboard_2026-07-01/incidents/{name}.json").read_text())["incidents"]:
        if product in ("", item["product_id"]):
            grouped.setdefault(item["id"].removesuffix(f"-{item['component_id']}"), []).append(item)
    for code, items in grouped.items():
        first, posted, resolved = items[0], when(items[0]["opened_at"]), when(items[0]["resolved_at"])
        last = [Update(resolved, "resolved")] if resolved else []
        yield Incident(
            code, first["title"], None, first["raw_severity"], (*last, Update(posted, "investigating")),
            posted_at=posted, resolved_at=resolved,
            components=tuple((item["component_id"], item["component_name"]) for item in items),
        )  # fmt: skip


DOWN_SQL = """
with clipped as (
    select greatest(started_at, timestamp '{since}') as a, least(resolved_at, timestamp '{until}') as b
    from staging.incidents where is_api and {which} and resolved_at > timestamp '{since}'
), ordered as (
    select a, b, max(b) over (order by a, b rows between unbounded preceding and 1 preceding) as reached from clipped
)
select sum(greatest(0, date_diff('millisecond', greatest(a, coalesce(reached, a)), b))) / 1000 from ordered
"""


@recorded
@pytest.mark.parametrize(
    ("which", "uptime"),
    [("true", 34.1), ("kind <> 'suspension'", 92.3), ("kind <> 'suspension' and severity >= 2", 97.9)],
)
def test_a_suspension_stands_apart_from_outages(which: str, uptime: float) -> None:
    """Golden case 8, on the real month of Claude's API: 34.1, 92.3 or 97.9 % by what one counts."""
    warehouse = conformed({SEEN: [incident.make_incident_row(one) for one in _board("anthropic", "anthropic-api")]})
    until = datetime(2026, 7, 1, 19, 40)
    sql = DOWN_SQL.format(since=until - timedelta(days=30), until=until, which=which)
    ((seconds,),) = warehouse.execute(sql).fetchall()
    assert round(100 * (1 - seconds / (30 * 86400)), 1) == uptime


@recorded
@pytest.mark.parametrize(("name", "bad"), [("groq", 1), ("cohere", 2), ("deepseek", 2), ("perplexity", 1)])
def test_real_rows_without_a_usable_end_have_none(name: str, bad: int) -> None:
    """Golden cases 9 and 10 on real rows: no end if it is missing, before the beginning, or at it."""
    items = list(_board(name))
    warehouse = conformed({SEEN: [incident.make_incident_row(one) for one in items]})
    usable = sum(
        one.resolved_at is not None and one.posted_at is not None and one.resolved_at > one.posted_at for one in items
    )
    sql = "select count(*), count(resolved_at), coalesce(count_if(resolved_at <= started_at), 0) from staging.incidents"
    found = warehouse.execute(sql).fetchall()
    assert found == [(len(items), usable, 0)] and len(items) - usable >= bad


def test_an_incident_that_left_a_page_which_then_shows_nothing_has_an_unknown_end() -> None:
    """A list of what goes on is empty on a calm day: the visit itself says that it is gone."""
    listed = told_row(posts=OPEN, is_listed_open=True)
    assert only(conformed({SEEN: [listed]}, "aws"), "end_state") == ("open",)
    assert only(conformed({SEEN: [listed], SEEN + timedelta(hours=1): []}, "aws"), "end_state, resolved_at") == (
        "unknown",
        None,
    )


@pytest.mark.parametrize(
    ("minutes", "is_automatic", "is_brief"), [(4.99, True, True), (5, True, False), (4.99, False, False)]
)
def test_what_a_monitor_takes_back_within_five_minutes_is_brief(
    minutes: float, is_automatic: bool, is_brief: bool
) -> None:
    """Kept as it was posted, and marked: checks that failed once are no outages."""
    end = (when("2026-06-25T07:42:17Z") + timedelta(minutes=minutes)).isoformat()
    stated = told_row(posts=[(end, "resolved", ""), *OPEN], is_automatic=is_automatic)
    assert only(conformed({SEEN: [stated]}, "betterstack"), "is_brief, end_state") == (
        is_brief,
        "resolved",
    )


def test_what_is_still_open_or_of_unknown_length_is_not_brief() -> None:
    """Nobody knows that it was short."""
    assert only(conformed({SEEN: [told_row(posts=OPEN, is_automatic=True)]}, "betterstack"), "is_brief") == (False,)
    alone = [("2026-06-25T07:42:17Z", "resolved", "")]
    listed = conformed({SEEN: [told_row(posts=alone, is_automatic=True)]}, "betterstack")
    assert only(listed, "is_brief, end_state") == (False, "unknown")


def test_a_failed_check_of_the_same_second_is_brief() -> None:
    """It has no length that could be drawn, and need not have one."""
    at_once = [("2026-06-25T07:42:17Z", "resolved", ""), *OPEN]
    assert only(
        conformed({SEEN: [told_row(posts=at_once, is_automatic=True)]}, "betterstack"), "is_brief, resolved_at"
    ) == (True, None)
