"""From a status page to conformed incidents, and which of them touch the API."""

from datetime import datetime, timedelta

import pytest

from tests.worlds.conformed_incidents import CHANNEL, OPEN, SEEN, conformed, only, told_row, when
from tests.worlds.warehouse_rows import build_conformed


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


@pytest.mark.parametrize(
    ("minutes", "is_automatic", "is_brief"), [(4.99, True, True), (5, True, False), (4.99, False, False)]
)
def test_what_a_monitor_takes_back_within_five_minutes_is_brief(
    minutes: float, is_automatic: bool, is_brief: bool
) -> None:
    """Kept and marked: checks that failed once are no outages."""
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
