"""Stack Exchange when it asks to wait, has no quota left, refuses, or answers in another shape; and what of secrets is
kept: nothing."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines import sources
from pipelines.http.errors import BudgetSpent, Fatal, Throttled
from pipelines.sources import stackexchange as source
from pipelines.sources.stackexchange.client import LONGEST_BACKOFF as DAY
from tests.pipelines.sources.stackexchange.visits import CHANNEL, channel, collect, keep, visited
from tests.upstream import Upstream, faults
from tests.upstream.messages import json_answer
from tests.worlds.visits import make_visit


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], threads=1500) as running:
        yield running


def test_the_pause_that_an_answer_asks_for_is_kept_before_the_same_method_only(
    up: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also from one visit to the next."""
    monkeypatch.setattr("pipelines.sources.stackexchange.client.PAGE", 30)
    monkeypatch.setattr(source, "PAGE", 30)
    up.stackexchange.backoff = 9
    waits: list[float] = []
    pages = collect(up, waits=waits)
    searches = len(up.requests_to("stackexchange", "/2.3/search"))
    assert searches > 1
    assert waits == [9.0] * (searches - 1)
    cursor = json.loads(json.dumps(pages[-1].cursor))
    later: list[float] = []
    collect(up, cursor, waits=later)
    assert later == [9.0]
    up.stackexchange.backoff = 900
    up.world.advance(24)
    _, error = visited(up, cursor)
    assert isinstance(error, BudgetSpent)
    assert "asks for a pause of 900 s" in str(error)


@pytest.mark.parametrize(
    ("said", "believed"),
    [("1e15", [DAY]), ("1" + "0" * 400, [DAY]), ("1e400", []), ("true", []), ("-1", []), ('"9"', [])],
    ids=lambda value: str(value)[:5],
)
def test_no_pause_silences_a_channel_for_longer_than_a_day(up: Upstream, said: str, believed: list[float]) -> None:
    """Something in the site's place may send any number; a wrong one is no pause."""
    rule = up.fail(
        "stackexchange",
        "/2.3/search",
        lambda _, real: (true := real()).but(body=b'{"backoff": %b, %b' % (said.encode(), true.body[1:])),
    )
    pages, _ = visited(up, None)
    rule.stop()
    cursor = json.loads(json.dumps(pages[-1].cursor))
    assert [until - up.world.now.timestamp() for until in cursor["waits"].values()] == believed
    up.world.advance(25)
    assert visited(up, cursor)[1] is None


def test_a_tenth_of_the_day_s_quota_is_left_for_others(up: Upstream) -> None:
    """A stop and not a failure; what was read is kept."""
    up.stackexchange.quota.spend("", 290)
    pages, error = visited(up, None, tokens={})
    assert isinstance(error, BudgetSpent)
    assert "STACKEXCHANGE_KEY" in str(error)
    assert pages == []
    up.stackexchange.quota.forgive()
    assert visited(up, None, tokens={})[1] is None


def test_a_spent_quota_ends_the_visit_as_told_to_slow_down(up: Upstream) -> None:
    """The API says so with a 400, and for how long in words."""
    up.stackexchange.quota.exhaust("")
    _, error = visited(up, None, tokens={})
    assert isinstance(error, Throttled)
    assert "a later run will resume" in str(error)


def test_a_filter_is_made_once_and_made_anew_only_where_it_is_refused(up: Upstream) -> None:
    """It holds for ever, they say."""
    cursor = keep(collect(up), {})
    assert len(up.requests_to("stackexchange", "/2.3/filters")) == 1
    up.stackexchange.filters.clear()
    up.forget()
    collect(up, cursor)
    assert [record.path.partition("?")[0] for record in up.requests] == [
        "/2.3/search",
        "/2.3/filters/create",
        "/2.3/search",
    ]


def test_neither_the_key_nor_a_name_is_in_any_row_cursor_or_error(up: Upstream) -> None:
    """Names are not even asked for."""
    pages = collect(up)
    kept = json.dumps([[dict(row.body) for row in page.rows] + [dict(page.cursor)] for page in pages])
    names = {up.world.people.person(code).login for code in range(40) if up.world.people.person(code)}  # type: ignore[union-attr]
    assert "canary" not in kept
    assert not any(name in kept for name in names)
    up.fail("stackexchange", "search", faults.status(404))
    _, error = visited(up, None)
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (json_answer([]), "unexpected shape"),
        (json_answer({"questions": []}), "lacks 'items'"),
        (json_answer({"items": {}}), "unexpected shape"),
        (json_answer({"items": [{"question_id": 1}, {}], "has_more": False}), "unexpected shape|lacks"),
        (json_answer({"error_id": 400, "error_name": "bad_parameter"}, 400), "bad_parameter"),
        (faults.html(), "text/html"),
        (faults.html(403), "an HTML page"),
        (faults.truncated(0.4, is_length_told=False), "cut off"),
        (faults.empty(), "empty answer"),
    ],
)
def test_an_answer_of_another_shape_is_an_error_that_says_so(up: Upstream, answer: Any, says: str) -> None:
    """Never an empty success."""
    up.fail("stackexchange", "search", answer)
    _, error = visited(up, None)
    assert error is not None
    assert re.search(says, str(error))


def test_a_tag_that_nobody_uses_is_empty_and_that_is_normal(up: Upstream) -> None:
    """But a channel without tags would be the whole site: refused."""
    up.fail(
        "stackexchange",
        "search",
        json_answer({"items": [], "has_more": False, "total": 0, "quota_max": 300, "quota_remaining": 299}),
    )
    pages, error = visited(up, None)
    assert (error, pages[-1].total) == (None, 0)
    assert source.STREAMS["questions"].empty_is_normal
    with pytest.raises(Fatal, match="sections"):
        list(
            sources.collect_stream(
                "stackexchange", "questions", make_visit(channel(up).model_copy(update={"sections": ()}))
            )
        )
