"""How long an incident was: what the page states, what its text states, and what nobody knows (golden cases 9, 10 and
11)."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.sources.status import incident
from pipelines.sources.status.incident import Incident, Update
from tests.upstream.world.clock import Clock
from tests.upstream.world.incidents import Page
from tests.worlds.conformed_incidents import OPEN, SEEN, conformed, only, told_row, when


def test_an_end_before_the_beginning_is_no_length() -> None:
    """Golden case 9, with Groq's instants: late-posted and unknown, never negative, never 0."""
    posts = [("2025-12-17T07:11:39Z", "resolved", "Capacity was short.")]
    warehouse = conformed({SEEN: [told_row(None, "2025-12-14T13:30:00Z", posts)]})
    assert only(warehouse, "is_retro, resolved_at, end_state, started_at") == (
        True,
        None,
        "unknown",
        datetime(2025, 12, 14, 13, 30),
    )


def test_an_incident_posted_as_resolved_has_the_length_its_text_states() -> None:
    """Golden case 11: 20:04-20:10 are six minutes, labelled as extracted."""
    posts = [("2026-06-01T21:00:00Z", "resolved", "From 20:04–20:10 UTC some requests failed.")]
    warehouse = conformed({SEEN: [told_row("2026-06-01T21:00:00Z", "2026-06-01T21:00:00Z", posts)]})
    found = only(warehouse, "is_retro, end_state, date_diff('minute', started_at, resolved_at)")
    assert found == (True, "extracted", 6)


def test_an_incident_posted_as_resolved_without_a_window_has_no_length() -> None:
    """Golden case 11: unknown, not 0."""
    posts = [("2026-06-01T21:00:00Z", "resolved", "It was fixed.")]
    warehouse = conformed({SEEN: [told_row("2026-06-01T21:00:00Z", "2026-06-01T21:00:00Z", posts)]})
    assert only(warehouse, "is_retro, is_over, end_state, resolved_at") == (True, True, "unknown", None)


def test_a_late_post_that_states_both_ends_keeps_its_length() -> None:
    """Google posts after the fact with begin and end: late, and known."""
    warehouse = conformed(
        {SEEN: [told_row("2026-06-01T10:00:00Z", "2026-06-01T11:30:00Z", posted_at=when("2026-06-01T15:00:00Z"))]}
    )
    assert only(warehouse, "is_retro, end_state, date_diff('minute', started_at, resolved_at)") == (
        True,
        "resolved",
        90,
    )


STATED = "Between 09:10 and 10:40 UTC requests failed. It was caused by an expired certificate."


@pytest.mark.parametrize(
    ("started", "found"),
    [
        (None, ("09:10", "10:40", "extracted")),
        ("2026-06-01T10:00:20Z", ("09:10", "10:40", "extracted")),
        ("2026-06-01T08:00:00Z", ("08:00", "11:00", "resolved")),
    ],
)
def test_the_text_tells_the_true_stretch_unless_the_page_does(started: str | None, found: tuple[str, str, str]) -> None:
    """First posts come late. A start that the page states apart from its first post wins."""
    posts = [("2026-06-01T10:00:00Z", "investigating", "Errors."), ("2026-06-01T11:00:00Z", "resolved", STATED)]
    warehouse = conformed({SEEN: [told_row(started, "2026-06-01T11:00:00Z" if started else None, posts)]})
    assert only(warehouse, "strftime(started_at, '%H:%M'), strftime(resolved_at, '%H:%M'), end_state") == found
    assert only(warehouse, "has_cause, has_postmortem, strftime(posted_at, '%H:%M')") == (True, False, "10:00")


def test_a_stretch_stated_while_it_goes_on_is_no_end() -> None:
    """A page reported one bad quarter of an hour, and it went on."""
    posts = [("2026-06-01T10:00:00Z", "investigating", "Errors between 09:10 and 09:25 UTC.")]
    warehouse = conformed({SEEN: [told_row(None, None, posts, is_listed_open=True)]})
    assert only(warehouse, "resolved_at, end_state, strftime(started_at, '%H:%M')") == (None, "open", "10:00")


def test_a_page_without_texts_says_nothing_of_causes() -> None:
    """Unknown, never "no"."""
    assert only(conformed({SEEN: [told_row(posts=OPEN)]}), "has_cause, has_postmortem") == (None, None)


def test_an_incident_that_dropped_off_the_page_while_open_has_an_unknown_end() -> None:
    """Golden case 10 for pages that show only the newest."""
    other = incident.make_incident_row(
        Incident("b", "t", None, "minor", (Update(when("2026-06-30T00:00:00Z"), "resolved"),))
    )
    warehouse = conformed({SEEN: [told_row(posts=OPEN)], SEEN + timedelta(days=9): [other]})
    found = dict(warehouse.execute("select incident_id, end_state from staging.incidents").fetchall())
    assert found["a"] == "unknown"


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("visits", "ended_before"),
    [
        ({SEEN: True, SEEN + 6 * HOUR: True, SEEN + 9 * HOUR: False, SEEN + 12 * HOUR: False}, SEEN + 9 * HOUR),
        ({SEEN: True, SEEN + 6 * HOUR: None, SEEN + 9 * HOUR: None}, SEEN + 6 * HOUR),
        ({SEEN: True, SEEN + 6 * HOUR: False, SEEN + 9 * HOUR: True, SEEN + 12 * HOUR: False}, SEEN + 12 * HOUR),
        ({SEEN: False, SEEN + 6 * HOUR: False}, SEEN),
        ({SEEN: True}, None),
    ],
)
def test_an_unknown_end_is_bounded_by_the_first_visit_that_no_longer_found_it_open(
    visits: dict[datetime, bool | None], ended_before: datetime | None
) -> None:
    """Listed as open (True), as not open (False), or not at all (None); in whatever order the visits are loaded."""
    rows = {
        seen: [] if is_open is None else [told_row(posts=OPEN, is_listed_open=is_open)]
        for seen, is_open in visits.items()
    }
    for order in (rows, dict(reversed(rows.items()))):
        end_state = "unknown" if ended_before else "open"
        assert only(conformed(order), "end_state, is_over, ended_before_at, resolved_at") == (
            end_state, False, ended_before, None,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("names", "found"), [(("The API",), (True, False)), (("Chat",), (False, False)), ((), (False, True))]
)
def test_only_a_named_component_makes_an_incident_one_of_the_api(
    names: tuple[str, ...], found: tuple[bool, bool]
) -> None:
    """One that names none is neither: it is counted on its own."""
    visits = {SEEN: [told_row(posts=OPEN, components=tuple((name, name) for name in names))]}
    assert only(conformed(visits, mapped=["*api*"]), "is_api, is_unattributed") == found
    assert only(conformed(visits), "is_api, is_unattributed") == (True, False)


@pytest.mark.parametrize(
    ("title", "names", "mapped", "whole"),
    [
        ("Docs Platform Degraded Performance", (), (False, False), (False, False)),
        ("Docs Platform Degraded Performance", ("The API",), (True, False), (True, False)),
        ("Elevated errors", ("Docs",), (False, False), (False, False)),
        ("Dashboard and API errors", (), (False, True), (True, False)),
    ],
)
def test_trouble_beside_the_product_is_none_of_the_api(
    title: str, names: tuple[str, ...], mapped: tuple[bool, bool], whole: tuple[bool, bool]
) -> None:
    """Neither on a page that is about the API as a whole nor among those of which nobody can tell."""
    row = incident.make_incident_row(
        Incident("a", title, None, "minor", (), posted_at=SEEN, components=tuple((name, name) for name in names))
    )
    assert only(conformed({SEEN: [row]}, mapped=["*api*"]), "is_api, is_unattributed") == mapped
    assert only(conformed({SEEN: [row]}), "is_api, is_unattributed") == whole


def test_pages_of_the_sample_world_say_whose_fault_it_was_and_how_long() -> None:
    """Else its figures would show only half of what is read."""
    clock = Clock(datetime(2026, 10, 1, tzinfo=UTC))
    page = Page(7, "status.x.example", ("API",), clock, clock.now)
    rows = []
    for one in page.until():
        updates = tuple(
            Update(datetime.fromtimestamp(post.shown_at, UTC), post.status, one.words(post.status))
            for post in one.until(clock.now)
        )
        rows.append(incident.make_incident_row(Incident(one.code(), one.name, None, one.impact, updates)))
    warehouse = conformed({datetime(2026, 10, 1): rows})
    assert (
        only(
            warehouse,
            "count_if(kind = 'third-party') > 0, count_if(end_state = 'extracted') > 0, min(resolved_at > started_at)",
        )
        == (True,) * 3
    )
    assert only(warehouse, "count_if(has_cause) > 0, count_if(not has_cause) > count_if(has_cause)") == (True, True)
    early = "count_if(end_state = 'extracted' and date_diff('minute', started_at, posted_at) not in (8, 9)) = 0"
    assert only(warehouse, early) == (True,)
