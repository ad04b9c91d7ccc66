"""Each fault that the emulator can show looks on the wire as it does when a real server has it."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.upstream import Upstream, faults
from tests.upstream.examples import ISSUES, MODEL, SDK, ask, get, pages, upstream
from tests.upstream.faults import When

REPO = f"/repos/{SDK}"
LIST = f"{REPO}/issues?state=all&per_page=20"


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream(100) as started:
        yield started


def raw(up: Upstream, path: str = LIST, **headers: str) -> HTTPResponse:
    """One GET without any client's comfort."""
    connection = HTTPConnection(urlsplit(up.base("github")).netloc, timeout=5)
    connection.request("GET", path, headers={"user-agent": "t", "authorization": "token t"} | headers)
    return connection.getresponse()


def drained(connection: socket.socket) -> None:
    """Reads to the end."""
    while connection.recv(1 << 16):
        pass


@pytest.mark.parametrize("code", [401, 403, 404, 410, 451, 500, 502, 503])
def test_any_status_can_stand_in_for_the_answer(up: Upstream, code: int) -> None:
    """With the message that a client will show."""
    up.fail("github", answer=faults.status(code, "No."))
    answer = get(up, "github", REPO)
    assert answer.status_code == code and answer.json()["message"] == "No."


def test_a_fault_meets_the_requests_that_fit_and_no_others(up: Upstream) -> None:
    """By host, path, body and number; 401 from page 3 on."""
    up.fail("github", When(path=r"/graphql", body="issues", nth=range(3, 99)), faults.status(401))
    codes = [ask(up, ISSUES, o="example", n="example-python", first=1, direction="ASC").status_code for _ in range(4)]
    assert codes == [200, 200, 401, 401]
    assert ask(up, "{rateLimit{cost}}").status_code == 200
    assert get(up, "github", REPO).status_code == 200 and get(up, "hub", f"/api/models/{MODEL}").status_code == 200


def test_a_burst_ends_and_a_stopped_fault_is_gone(up: Upstream) -> None:
    """Three times 503, then as if nothing had been."""
    up.fail("hub", When(nth={1, 2, 3}), faults.status(503))
    assert [get(up, "hub", f"/api/models/{MODEL}").status_code for _ in range(4)] == [503, 503, 503, 200]
    rule = up.fail("*", answer=faults.status(500))
    assert get(up, "hub", f"/api/models/{MODEL}").status_code == 500
    rule.stop()
    assert get(up, "hub", f"/api/models/{MODEL}").status_code == 200


@pytest.mark.parametrize("told", ["5", "Tue, 24 Nov 2026 16:00:30 GMT", "1000000000", "-1", None])
def test_slow_down_is_said_in_every_way(up: Upstream, told: str | None) -> None:
    """Seconds, a date, absurd, or nothing."""
    up.fail("github", answer=faults.throttled(told))
    answer = get(up, "github", REPO)
    assert answer.status_code == 429 and answer.headers.get("retry-after") == told


def test_the_limits_of_github_are_told_as_github_tells_them(up: Upstream) -> None:
    """Primary by headers, secondary by its message, GraphQL's within a 200."""
    up.fail("github", "/repos/", faults.primary(up.world.clock.now + 60))
    assert get(up, "github", REPO).headers["x-ratelimit-remaining"] == "0"
    up.fail("github", "/repos/", faults.secondary("60"))
    assert "secondary rate limit" in get(up, "github", REPO).json()["message"]
    up.fail("github", "/graphql", faults.graphql_error("RATE_LIMITED", "Wait."))
    assert ask(up, "{rateLimit{cost}}").json()["errors"][0]["type"] == "RATE_LIMITED"


def test_a_body_that_ends_early_is_short_of_its_told_length(up: Upstream) -> None:
    """The client can notice."""
    up.fail("github", answer=faults.truncated(0.5))
    with pytest.raises(IncompleteRead):
        raw(up).read()


def test_a_body_that_ends_early_without_a_length_looks_complete(up: Upstream) -> None:
    """Only the JSON tells."""
    up.fail("github", answer=faults.truncated(0.5, is_length_told=False))
    body = raw(up).read()
    assert body.startswith(b"[{")
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_gzip_that_ends_early_cannot_be_unpacked(up: Upstream) -> None:
    """Without a length it is the unpacker that notices."""
    up.fail("github", answer=faults.truncated(0.7, is_length_told=False, is_coded=True))
    answer = raw(up)
    assert answer.headers["content-encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(answer.read())


def test_bytes_that_are_no_text_are_in_the_body(up: Upstream) -> None:
    """Invalid UTF-8."""
    up.fail("github", answer=faults.invalid_utf8())
    with pytest.raises(UnicodeDecodeError):
        raw(up).read().decode()


def test_html_empty_and_falsely_named_bodies_come_with_a_200(up: Upstream) -> None:
    """A gateway's page, nothing at all, and JSON called text."""
    up.fail("github", answer=faults.html())
    assert get(up, "github", REPO).text.startswith("<!DOCTYPE html>")
    up.fail("github", answer=faults.empty())
    assert get(up, "github", REPO).content == b""
    up.fail("github", answer=faults.empty(204))
    assert get(up, "github", REPO).status_code == 204
    up.fail("github", answer=faults.content_type("text/html"))
    answer = get(up, "github", REPO)
    assert answer.headers["content-type"] == "text/html" and answer.json()["full_name"] == SDK


def test_a_reset_is_a_reset_on_the_wire(up: Upstream) -> None:
    """In the middle of the body, not a tidy end."""
    up.fail("github", answer=faults.reset(0.3))
    place = urlsplit(up.base("github"))
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.sendall(
            f"GET {LIST} HTTP/1.1\r\nhost: x\r\nuser-agent: t\r\nauthorization: token t\r\n\r\n".encode()
        )
        with pytest.raises(ConnectionResetError):
            drained(connection)


def test_a_hanging_server_says_nothing_and_ends_with_the_emulator(up: Upstream) -> None:
    """The client's own time-out must end it; our stop does not wait for it."""
    up.fail("github", answer=faults.hang())
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(f"{up.base('github')}{REPO}", timeout=0.2)
    assert up.requests[-1].status == 0


def test_a_dripping_server_never_lets_a_read_time_out(up: Upstream) -> None:
    """Only a deadline for the whole request ends it."""
    up.fail("github", answer=faults.drip(0.02))
    begun, read = time.monotonic(), 0
    with httpx2.stream("GET", f"{up.base('github')}{REPO}", timeout=1) as answer:
        for piece in answer.iter_raw():
            read += len(piece)
            if time.monotonic() - begun > 0.4:
                break
    assert 3 < read < 60


def test_a_small_body_unpacks_to_very_much(up: Upstream) -> None:
    """A gzip bomb."""
    up.fail("github", answer=faults.gzip_bomb(64))
    body = raw(up, **{"accept-encoding": "gzip"}).read()
    assert len(body) < 200_000 and len(gzip.decompress(body)) > 64 * 1024 * 1024


def test_redirects_lead_anywhere_and_in_circles(up: Upstream) -> None:
    """Across hosts, to plain http, to private addresses."""
    up.fail("github", answer=faults.redirect("http://169.254.169.254/latest/meta-data", 301))
    assert get(up, "github", REPO).headers["location"] == "http://169.254.169.254/latest/meta-data"
    up.fail("github", answer=faults.redirect_loop())
    with pytest.raises(httpx2.TooManyRedirects):
        httpx2.get(f"{up.base('github')}{REPO}", follow_redirects=True)


def test_pages_can_point_to_themselves_or_repeat(up: Upstream) -> None:
    """A loop that only the client can break."""
    up.fail("github", "/issues", faults.next_to_itself())
    assert get(up, "github", LIST).links["next"]["url"] == f"{up.base('github')}{LIST}"
    up.fail("github", "/graphql", faults.repeats())
    first, again = (
        ask(up, ISSUES, o="example", n="example-python", first=size, direction="ASC").json() for size in (3, 9)
    )
    assert first == again


def test_data_can_be_partial_with_an_error_that_says_where(up: Upstream) -> None:
    """As when GitHub runs out of time for one of fifty."""
    path: list[str | int] = ["repository", "issues", "nodes", 1]
    up.fail("github", "/graphql", faults.partial(path))
    answer = ask(up, ISSUES, o="example", n="example-python", first=3, direction="ASC").json()
    assert [node is None for node in answer["data"]["repository"]["issues"]["nodes"]] == [False, True, False]
    assert answer["errors"][0]["path"] == path


def test_the_world_can_change_between_two_pages(up: Upstream) -> None:
    """Inserted, updated, deleted: whatever a function does."""
    repository = up.world.repository(SDK)
    up.fail(
        "github", When(path="/graphql", nth={1}), faults.meanwhile(lambda: repository.open_thread("Between two pages"))
    )
    titles = [node["title"] for page in pages(up, 30) for node in page]
    assert titles[-1] == "Between two pages"


def test_json_can_lose_a_field(up: Upstream) -> None:
    """Drift of the schema."""
    up.fail("hub", answer=faults.edited(lambda body: {name: value for name, value in body.items() if name != "likes"}))  # type: ignore[attr-defined]
    assert "likes" not in get(up, "hub", f"/api/models/{MODEL}").json()


def test_every_request_is_recorded_with_what_it_got(up: Upstream) -> None:
    """So that a test can count and look."""
    threads = [threading.Thread(target=get, args=(up, "github", REPO)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    get(up, "hub", f"/api/models/{MODEL}?expand=likes")
    assert len(up.requests_to("github", REPO)) == 8
    record = up.requests[-1]
    assert (record.method, record.host, record.path, record.status) == (
        "GET",
        "hub",
        f"/api/models/{MODEL}?expand=likes",
        200,
    )
    assert record.headers["authorization"] == "Bearer t" and record.at <= time.monotonic()
    up.forget()
    assert not up.requests and up.points == 0


def test_a_mistake_of_the_emulator_itself_fails_the_test() -> None:
    """It must never pass for a fault of an upstream."""
    with pytest.raises(AssertionError, match="the emulator itself failed"):
        ask_a_broken_emulator()


def ask_a_broken_emulator() -> None:
    """A request that the emulator cannot answer for a reason of its own."""
    with upstream(100) as up:
        up.fail("github", answer=faults.edited(lambda body: 1 / 0))
        assert get(up, "github", REPO).status_code == 500
