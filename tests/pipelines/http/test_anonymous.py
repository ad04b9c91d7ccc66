"""What an address may ask without a token: counted before each request, and never exceeded."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipelines.http.anonymous import ASSUMED, AnonymousAllowance, is_counted
from pipelines.http.errors import TokenWanted

NOW = datetime(2026, 11, 24, 16, 20, tzinfo=UTC)
RESET = NOW.replace(minute=0) + timedelta(hours=1)
API = "https://api.github.com"
URL = f"{API}/repos/o/r"


def _headers(remaining: int, reset: datetime = RESET) -> dict[str, str]:
    return {"x-ratelimit-remaining": str(remaining), "x-ratelimit-reset": str(int(reset.timestamp()))}


def _count_taken(allowance: AnonymousAllowance, now: datetime = NOW) -> int:
    taken = 0
    while True:
        try:
            allowance.take(URL, lambda: now)
        except TokenWanted:
            return taken
        taken += 1


@pytest.mark.parametrize(
    ("url", "headers", "counts"),
    [
        (URL, {}, True),
        (f"{API}/repositories/7/issues", {}, True),
        ("https://git.example.com/api/v3/repos/o/r", {}, True),
        (URL, {"authorization": "Bearer t"}, False),
        ("https://github.com/o/r/releases.atom", {}, False),
        ("https://raw.githubusercontent.com/o/r/main/f", {}, False),
        ("https://huggingface.co/api/models", {}, False),
    ],
)
def test_only_the_interface_without_a_token_counts(url: str, headers: dict[str, str], counts: bool) -> None:
    """Feeds, raw files and requests with a token have limits of their own."""
    assert is_counted(url, headers) is counts


def test_sixty_are_assumed_until_an_answer_tells() -> None:
    """Another program of this address may have spent some."""
    assert _count_taken(AnonymousAllowance()) == ASSUMED
    stated = AnonymousAllowance()
    stated.learn(URL, _headers(3), lambda: NOW)
    assert _count_taken(stated) == 3
    stated.learn(URL, _headers(50), lambda: NOW)
    assert _count_taken(stated) == 0, "an answer that was overtaken gives nothing back"


def test_what_the_hour_ends_with_is_whole_again() -> None:
    """The refusal names the end of the hour."""
    allowance = AnonymousAllowance()
    allowance.learn(URL, _headers(0), lambda: NOW)
    with pytest.raises(TokenWanted, match=f"the hour ends at {RESET.astimezone():%H:%M}"):
        allowance.take(URL, lambda: NOW)
    assert _count_taken(allowance, RESET) == ASSUMED


@pytest.mark.parametrize(
    "ahead", [timedelta(hours=-30), timedelta(minutes=-50), timedelta(hours=2), timedelta(days=20)]
)
@pytest.mark.parametrize("tells_its_clock", [True, False])
def test_a_clock_that_is_wrong_starts_no_hour_anew(ahead: timedelta, tells_its_clock: bool) -> None:
    """A reset that is in our past is not one that has happened."""
    allowance, now = AnonymousAllowance(), NOW + ahead
    headers = _headers(0) | ({"date": format_datetime(NOW, usegmt=True)} if tells_its_clock else {})
    allowance.learn(URL, headers, lambda: now)

    assert _count_taken(allowance, now) == 0
    assert not allowance.must_ask(URL, lambda: now)
    assert _count_taken(allowance, now + timedelta(minutes=39)) == 0
    assert _count_taken(allowance, now + timedelta(hours=1)) == ASSUMED


def test_a_reserve_is_kept_for_whom_it_is_meant() -> None:
    """Earlier requests do not starve trackers that are still to come."""
    allowance = AnonymousAllowance(reserved=58)
    assert _count_taken(allowance) == 2
    allowance.release(4)
    allowance.check_left(URL, 4, lambda: NOW)
    with pytest.raises(TokenWanted):
        allowance.check_left(URL, 5, lambda: NOW)
    assert _count_taken(allowance) == 4


@pytest.mark.parametrize("headers", [{}, {"x-ratelimit-remaining": "lots", "x-ratelimit-reset": "soon"}])
def test_answers_that_tell_nothing_change_nothing(headers: dict[str, str]) -> None:
    """An Enterprise server may have no limit at all: sixty are assumed all the same."""
    allowance = AnonymousAllowance()
    allowance.learn(URL, headers, lambda: NOW)
    assert _count_taken(allowance) == ASSUMED
