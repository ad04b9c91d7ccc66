"""The one HTTP client: every way a server can misbehave ends in bounded time, in a named error, with no secret
shown."""

import gzip
import logging
import socket
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from pipelines.http import connections, waits
from pipelines.http.answers import Answer, redact_url
from pipelines.http.client import ATTEMPTS, HOPS, Budget, Http
from pipelines.http.errors import BudgetSpent, Fatal, Gone, Retriable, SourceError, TimeSpent, Unreachable
from pipelines.http.patience import Patience
from pipelines.http.requests import Request, redirect_request
from tests.worlds.raw_server import RESET, RawServer, answer, raw_server
from tests.worlds.visits import note_waits
from warehouse.faults import Fault

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LOCAL = frozenset({"127.0.0.1"})
BOTH = LOCAL | {"localhost"}
HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


class Client:
    """Http with its waits written down instead of slept."""

    def __init__(
        self, requests: int = 100, hosts: frozenset[str] = LOCAL, private: frozenset[str] = LOCAL, **options: Any
    ) -> None:
        self.waits: list[float] = []
        self.budget = Budget(requests)
        note_waits(self.waits.append)
        self.http = Http(hosts, private, "heartbeat-test", self.budget, lambda: NOW, sleep=self.waits.append, **options)


def _throttled(status: int = 429, body: bytes = b"slow", **headers: str) -> bytes:
    return answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("refusal", "low", "high"),
    [
        (_throttled(retry_after="7"), 7, 7),
        (_throttled(retry_after="0"), 0, 0),
        (_throttled(retry_after="Tue, 24 Nov 2026 12:00:30 GMT"), 30, 30),
        (_throttled(retry_after="Tue, 24 Nov 2026 12:00:30 GMT", date="Tue, 24 Nov 2026 12:00:20 GMT"), 10, 10),
        (_throttled(retry_after="Tue, 24 Nov 2026 11:00:00 GMT"), 0, 0),
        (_throttled(), 1, 1.5),
        (_throttled(retry_after="-5"), 1, 1.5),
        (_throttled(retry_after="soon"), 1, 1.5),
        (_throttled(ratelimit='"api";r=0;t=55'), 55, 55),
        (_throttled(403, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW.timestamp()) + 40)), 41, 41),
        (_throttled(403, b'{"message":"You have exceeded a secondary rate limit"}'), 60, 60),
        (_throttled(503, retry_after="3"), 3, 3),
    ],
)
def test_waits_as_long_as_the_server_asks_before_the_second_request(
    server: RawServer, refusal: bytes, low: float, high: float
) -> None:
    """B1: obeying the source's own header is what keeps us welcome."""
    server.script["/a"] = [refusal, answer(200, b"fine")]
    client = Client()
    assert client.http.get(server.url("/a")).content == b"fine"
    assert len(client.waits) == 1 and low <= client.waits[0] <= high
    assert server.paths() == ["/a", "/a"] and client.budget.requests == 2


@pytest.mark.parametrize("said", ["1000000000", "121", "Wed, 25 Nov 2026 12:00:00 GMT"])
def test_a_wait_that_is_too_long_ends_the_visit_and_is_not_slept(server: RawServer, said: str) -> None:
    """B1: neither an hour of sleep in a worker nor a request before the time asked for."""
    server.script["/a"] = [_throttled(retry_after=said)]
    client = Client()
    with pytest.raises(Retriable, match="asks to wait"):
        client.http.get(server.url("/a"))
    assert client.waits == [] and len(server.requests) == 1


@pytest.mark.parametrize("path", ["/a", "/repos/a/b/issues"])
@pytest.mark.parametrize(
    "stated",
    [
        {"retry_after": "9" * 12},
        {"retry_after": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"retry_after": "Fri, 31 Dec 9999 23:59:59 GMT", "date": "Mon, 01 Jan 0001 00:00:00 GMT"},
        {"ratelimit": '"api";r=0;t=999999999'},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "9" * 11},
    ],
)
def test_a_wait_without_end_is_a_month(server: RawServer, stated: dict[str, Any], path: str) -> None:
    """B1: a number that no date can hold is no bug of ours, also where the hour's end is asked to the operator."""
    server.script["/rate_limit"] = [answer(200, b"{}")]
    server.script[path] = [_throttled(**stated)]
    client = Client()
    with pytest.raises(SourceError) as refusal:
        client.http.get(server.url(path))
    assert refusal.value.fault in (Fault.THROTTLED, Fault.CREDENTIALS) and client.waits == []
    headers = {name.replace("_", "-"): value for name, value in stated.items()}
    assert waits.read_requested_wait(headers, NOW) == 31 * 86_400


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
def test_gives_up_after_a_bounded_number_of_growing_waits(server: RawServer, status: int) -> None:
    """B2: 5xx for ever must not hold a worker for ever."""
    server.script["/a"] = [answer(status)]
    client = Client()
    with pytest.raises(Retriable, match=str(status)):
        client.http.get(server.url("/a"))
    assert len(server.requests) == ATTEMPTS
    assert [1 <= wait / 2**place <= 1.5 for place, wait in enumerate(client.waits)] == [True] * (ATTEMPTS - 1)


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (_throttled(), Fault.THROTTLED),
        (answer(503, HTML), Fault.SERVER_ERROR),
        (answer(401, b"no"), Fault.DENIED),
        (answer(403, b"no"), Fault.DENIED),
        (answer(404, b"no"), Fault.GONE),
        (answer(400, b"no"), Fault.UNEXPECTED_SHAPE),
        (answer(200, b""), Fault.EMPTY),
        ([answer(200, b"half", {"content-length": "400"}), RESET], Fault.INCOMPLETE),
        ([5.0], Fault.TIMED_OUT),
    ],
)
def test_each_way_to_fail_names_its_cause(server: RawServer, bad: Any, fault: Fault) -> None:
    """The cause comes of what the server did, so that nobody has to read it out of the message."""
    server.script["/a"] = [bad]
    with pytest.raises(SourceError) as caught:
        Client(attempts=1, deadline_seconds=0.5).http.get(server.url("/a"))
    assert caught.value.fault is fault


def test_a_host_that_no_channel_named_and_one_without_address_have_their_causes(server: RawServer) -> None:
    """The one is the catalog's fault, the other nobody's here."""
    with pytest.raises(Fatal) as refused:
        Client(hosts=frozenset({"other.example"})).http.get(server.url("/a"))
    with pytest.raises(Unreachable) as lost:
        Client(hosts=frozenset({"nowhere.invalid"})).http.get("https://nowhere.invalid/")
    assert (refused.value.fault, lost.value.fault) == (Fault.MISCONFIGURED, Fault.UNREACHABLE)


def test_three_failures_and_then_an_answer_is_an_answer(server: RawServer) -> None:
    """B2: a burst of 5xx is what retries are for."""
    server.script["/a"] = [answer(502), answer(503), answer(500), answer(200, b"fine")]
    assert Client().http.get(server.url("/a")).content == b"fine"


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (answer(401), Fatal),
        (answer(403, b'{"message":"Resource not accessible"}'), Fatal),
        (answer(403, HTML, {"content-type": "text/html"}), Fatal),
        (answer(400), Fatal),
        (answer(422), Fatal),
        (answer(404), Gone),
        (answer(410), Gone),
        (answer(451), Gone),
        (answer(204, b""), Fatal),
        (answer(206, b"x"), Fatal),
        (answer(200, b""), Fatal),
        (answer(304, b""), Fatal),
        (answer(300, b"x"), Fatal),
        (answer(200, HTML, {"content-type": "text/html; charset=utf-8"}), Fatal),
        (answer(200, b"x", {"content-encoding": "br"}), Fatal),
        (answer(200, b"not gzip", {"content-encoding": "gzip"}), Fatal),
    ],
)
def test_what_would_not_get_better_is_asked_for_once(server: RawServer, bad: bytes, error: type[SourceError]) -> None:
    """B2: retrying a refusal is impolite and hides the reason."""
    server.script["/a"] = [bad]
    client = Client()
    with pytest.raises(error):
        client.http.get(server.url("/a"), accept=("application/json",))
    assert len(server.requests) == 1 and client.waits == []


def test_a_condition_is_sent_and_304_carries_it_on(server: RawServer) -> None:
    """Unchanged pages cost nobody anything, and the next visit still has its condition."""
    server.script["/a"] = [
        answer(200, b"x", {"etag": 'W/"1"', "last-modified": "Tue, 24 Nov 2026 10:00:00 GMT"}),
        answer(304, b""),
    ]
    http = Client().http
    first = http.get(server.url("/a"))
    again = http.get(server.url("/a"), etag=first.etag, last_modified=first.last_modified)
    assert (again.status, again.content, again.etag, again.last_modified) == (304, b"", first.etag, first.last_modified)
    sent = server.requests[1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == (first.etag, first.last_modified)


def test_names_itself_and_keeps_no_cookies(server: RawServer) -> None:
    """One descriptive user agent, and no identity between requests."""
    server.script["/a"] = [answer(200, b"x", {"set-cookie": "id=1; Path=/"})]
    http = Client().http
    for _ in range(2):
        http.get(server.url("/a"))
    sent = server.requests[1][1]
    assert sent["user-agent"] == "heartbeat-test" and sent["accept-encoding"] == "gzip" and "cookie" not in sent


@pytest.mark.parametrize(
    "broken",
    [
        answer(200, b"half", {"content-length": "400"}),
        answer(200, gzip.compress(b"x" * 5000, mtime=0)[:-12], {"content-encoding": "gzip"}),
        answer(200, gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0), {"content-encoding": "gzip"}),
        answer(200, gzip.compress(b"a", mtime=0)[:10], {"content-encoding": "gzip"}),
        b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n40\r\nshort",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_a_cut_off_answer_is_asked_for_again(server: RawServer, broken: bytes) -> None:
    """B3: half a page must not be read as a whole one."""
    server.script["/a"] = [broken, answer(200, b"whole")]
    client = Client()
    assert client.http.get(server.url("/a")).content == b"whole"
    assert len(client.waits) == 1


def test_a_reset_in_the_middle_is_asked_for_again(server: RawServer) -> None:
    """B4: resets happen; they are no verdict on the page."""
    server.script["/a"] = [[answer(200, b"half", {"content-length": "400"}), RESET], answer(200, b"whole")]
    client = Client()
    assert client.http.get(server.url("/a")).content == b"whole"
    assert len(client.waits) == 1


@pytest.mark.parametrize(
    "drip", [[b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n", *([b"x", 0.05] * 100)], [*([b"H", 0.05] * 100)], [5.0]]
)
def test_a_slow_drip_ends_at_the_deadline(server: RawServer, drip: list[bytes | float]) -> None:
    """B4: a time-out between bytes is no limit; the deadline is for the whole request, head included."""
    server.script["/a"] = [drip]
    client = Client(deadline_seconds=0.3)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="2 requests in a row got no answer") as end:
        client.http.get(server.url("/a"))
    assert 0.6 <= time.monotonic() - began < 2.1
    assert (end.value.fault, len(server.requests)) == (Fault.TIMED_OUT, 2)


def test_an_answer_between_two_time_outs_keeps_a_host_open(server: RawServer) -> None:
    """A host that is slow at times is not one that hangs."""
    server.script["/a"] = [[5.0], answer(200, b"late"), [5.0], answer(200, b"late again")]
    client = Client(deadline_seconds=0.3)
    assert [client.http.get(server.url("/a")).content for _ in range(2)] == [b"late", b"late again"]


def test_a_channel_without_progress_ends_and_progress_renews_its_time(server: RawServer) -> None:
    """Neither a wait nor many short answers that bring no page may hold a run for ever."""
    passed = [0.0]
    server.script["/a"] = [answer()]
    client = Client(patience=Patience(15, lambda: passed[0]))
    for _ in range(2):
        passed[0] += 899
        assert client.http.get(server.url("/a")).status == 200
        client.http.patience.renew()
    passed[0] += 901
    with pytest.raises(TimeSpent, match="nothing came for 15 minutes"):
        client.http.get(server.url("/a"))


def test_pages_renew_no_time_of_the_run(server: RawServer) -> None:
    """A host that brings a page now and then, after three waits each, held a run for ten hours."""
    passed = [0.0]
    patience = Patience(15, lambda: passed[0], end=3600.0, run_minutes=60)

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    paths = [f"/{number}" for number in range(20)]
    server.script |= {path: [*[_throttled(retry_after="120")] * 3, answer()] for path in paths}
    pages: list[str] = []

    def read(http: Http) -> None:
        for path in paths:
            http.get(server.url(path))
            http.patience.renew()
            pages.append(path)

    over = r"the run's 60 minutes \(HEARTBEAT_RUN_MINUTES\) are over; the next run resumes"
    note_waits(sleep)
    http = Http(LOCAL, LOCAL, "x", Budget(400), lambda: NOW, patience=patience)
    with http, pytest.raises(TimeSpent, match=over):
        read(http)
    assert len(pages) == 9 and 3600 <= passed[0] <= 3720


@pytest.mark.parametrize(("packer", "encoding"), [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (bytes, "")])
def test_a_bomb_is_let_out_only_to_the_cap(server: RawServer, packer: Any, encoding: str) -> None:
    """B5: 200 kB on the wire must not become 210 MB in memory."""
    server.script["/a"] = [answer(200, packer(b"\0" * 50_000_000), {"content-encoding": encoding})]
    client = Client(max_bytes=1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Fatal, match="larger than 1000000 bytes"):
            client.http.get(server.url("/a"))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert len(server.requests) == 1


def test_exactly_the_cap_is_taken(server: RawServer) -> None:
    server.script["/a"] = [answer(200, gzip.compress(b"x" * 1000), {"content-encoding": "gzip"})]
    assert len(Client(max_bytes=1000).http.get(server.url("/a")).content) == 1000


def _to(place: str, status: int = 302) -> bytes:
    return answer(status, b"", {"location": place})


def test_follows_within_the_host_with_its_headers(server: RawServer) -> None:
    """B6: an ordinary redirect is ordinary."""
    server.script |= {"/a": [_to("/b")], "/b": [_to("/c?x=1", 307)], "/c": [answer(200, b"there")]}
    found = Client().http.get(server.url("/a"), headers={"X-Api-Key": "canary"})
    assert found.content == b"there" and found.url == server.url("/c?x=1")
    assert [headers.get("x-api-key") for _, headers in server.requests] == ["canary"] * 3


@pytest.mark.parametrize(
    ("status", "asked"), [(301, ["/a", "/b", "/b"]), (308, ["/a", "/b", "/b"]), (302, ["/a", "/b", "/a", "/b"])]
)
def test_remembers_what_has_moved_for_good(server: RawServer, status: int, asked: list[str]) -> None:
    """B6: 301 is an answer for next time, 302 is not."""
    server.script |= {"/a": [_to("/b", status)], "/b": [answer()]}
    http = Client().http
    for _ in range(2):
        http.get(server.url("/a"))
    assert server.paths() == asked


def test_a_loop_of_redirects_ends(server: RawServer) -> None:
    server.script |= {"/a": [_to("/b", 301)], "/b": [_to("/a", 302)]}
    client = Client()
    with pytest.raises(Fatal, match=f"more than {HOPS} redirects"):
        client.http.get(server.url("/a"))
    assert client.budget.requests == HOPS + 1


SECRET_HEADERS = {
    "Authorization": "Bearer canary",
    "X-Api-Key": "canary",
    "Cookie": "canary",
    "Private-Token": "canary",
}


@pytest.mark.parametrize("target", ["https://b.example/x", "https://a.example:8443/x", "http://a.example/x"])
def test_no_secret_header_goes_to_another_origin(target: str) -> None:
    """S3: libraries drop Authorization only; X-Api-Key would have gone on."""
    ask = Request("https://a.example/x", {"user-agent": "heartbeat-test", **lowered(SECRET_HEADERS)}, ())

    assert redirect_request(ask, target).headers == {"user-agent": "heartbeat-test"}
    assert redirect_request(ask, "https://a.example:443/y").headers == ask.headers


def lowered(headers: dict[str, str]) -> dict[str, str]:
    """Headers as the client holds them."""
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_an_allowed_private_host_cannot_send_the_collector_to_another_port_of_the_machine(name: str) -> None:
    """One program of the machine was named, not all of them: databases and schedulers listen there, too."""
    with raw_server() as first, raw_server() as second:
        target = second.url("/b").replace("127.0.0.1", name)
        first.script["/a"] = [_to(target)]
        second.script["/b"] = [answer(200, b"there")]
        with pytest.raises(Fatal, match="another port of a private host"):
            Client(hosts=BOTH, private=BOTH).http.get(first.url("/a"))
        assert second.requests == []


@pytest.mark.parametrize(
    "place",
    [
        "http://status.example/x",
        "https://other.example/x",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/x",
        "https://[::1]/x",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "//other.example/x",
        "https://127.0.0.1@other.example/x",
        "https:///x",
        "javascript:alert(1)",
    ],
)
def test_goes_nowhere_that_the_channel_did_not_name(server: RawServer, place: str) -> None:
    """B6, S10: a redirect is somebody else's text."""
    server.script["/a"] = [_to(place)]
    client = Client(hosts=LOCAL | {"status.example"})
    with pytest.raises(Fatal, match=r"only https|not a host of this channel"):
        client.http.get(server.url("/a"))
    assert client.budget.requests == 1


ADDRESSES = [
    ("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.0.1", False),
    ("192.168.1.1", False),
    ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.1", False), ("224.0.0.1", False),
    ("255.255.255.255", False), ("::1", False),
    ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True),
    ("64:ff9b::a00:1", False),
    ("64:ff9b::808:808", True), ("2002:a00:1::", False), ("ff02::1", False), ("::10.0.0.1", False),
    ("2001:0:a00:1::1", False), ("fec0::1", False), ("feff:ffff::1", False),
]  # fmt: skip


@pytest.mark.parametrize(("address", "is_public"), ADDRESSES)
def test_an_address_is_public_or_refused(address: str, is_public: bool) -> None:
    """S10: also when a private one is wrapped into another form."""
    assert connections.is_public(address) == is_public


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_form_of_a_private_address_is_public(address: Any) -> None:
    """The wrappings are a rule, not a list of examples."""
    assert not any(connections.is_public(form) for form in (str(address), f"::ffff:{address}", f"::{address}"))


def test_a_name_that_leads_inside_is_refused_before_any_connection(server: RawServer) -> None:
    """S10: the host is allowed, its address is not; one bad address among good ones is enough."""
    client = Client(
        hosts=frozenset({"status.example"}), private=frozenset(), resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"]
    )
    with pytest.raises(Fatal, match=r"resolves to 10\.0\.0\.1.*HEARTBEAT_ALLOW_PRIVATE_HOSTS"):
        client.http.get("https://status.example/x")


def test_a_resolver_that_changes_its_answer_is_asked_once_and_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """S10: DNS rebinding gives a public address to the check and a private one to the connection."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    dialled: list[str] = []

    def dial(self: object, host: str, *_: object) -> None:
        dialled.append(host)
        raise httpcore2.ConnectError("no internet in a test")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", dial)
    client = Client(hosts=frozenset({"status.example"}), resolve=lambda host, port: next(answers))
    with pytest.raises(Unreachable):
        client.http.get("https://status.example/x")
    assert dialled == ["8.8.8.8"] and next(answers) == ["127.0.0.1"]


def test_a_private_name_is_reached_only_where_it_is_meant(server: RawServer) -> None:
    """A mirror inside a company is the user's own choice."""
    server.script["/a"] = [answer(200, b"inside")]
    name = frozenset({"mirror.example"})
    client = Client(hosts=name, private=name, resolve=lambda host, port: ["127.0.0.1"])
    assert client.http.get(server.url("/a", "mirror.example")).content == b"inside"
    assert server.requests[0][1]["host"] == f"mirror.example:{server.port}"


def test_a_host_without_connection_is_asked_once_in_a_run() -> None:
    """B4: a dead host must not cost every channel its time-outs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = Client()
    with pytest.raises(Unreachable, match="no connection"):
        client.http.get(f"http://127.0.0.1:{port}/a")
    with pytest.raises(Unreachable, match="not asked again in this run"):
        client.http.get(f"http://127.0.0.1:{port}/b")
    assert client.budget.requests == 1 and client.waits == []


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"nowhere\.invalid: no address"):
        Client(hosts=frozenset({"nowhere.invalid"})).http.get("https://nowhere.invalid/")


def test_a_resolver_that_hangs_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """B4: the system's resolver knows no time-out of its own."""

    def hang(*_: object, **__: object) -> list[object]:
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    with connections.limit_time(0.2), pytest.raises(Unreachable):
        connections.resolve_host("slow.example", 443)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("days", "trusted", "fault"), [(-1, True, "expired"), (1, False, "verify failed"), (1, True, None)]
)
def test_only_a_valid_certificate_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, trusted: bool, fault: str | None
) -> None:
    """B4: the pinned address does not weaken the check of the name."""
    certificate = _certificate(tmp_path, days)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with raw_server(certificate) as server:
        server.script["/a"] = [answer(200, b"fine")]
        name = frozenset({"status.example"})
        http = Client(hosts=name, private=name, resolve=lambda host, port: ["127.0.0.1"]).http
        url = f"https://status.example:{server.port}/a"
        if fault is None:
            assert http.get(url).content == b"fine"
        else:
            with pytest.raises(Fatal, match=rf"certificate.*{fault}"):
                http.get(url)


def _certificate(folder: Path, days: int) -> Path:
    """A self-signed certificate of status.example with its key, valid until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "status.example")])
    end = datetime.now(UTC) + timedelta(days=days)
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    )
    builder = builder.not_valid_before(end - timedelta(days=9)).not_valid_after(end)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("status.example")]), False)
    path = folder / "certificate.pem"
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(encoded + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


def test_the_budget_stops_before_the_request_that_is_too_much(server: RawServer) -> None:
    server.script["/a"] = [answer(500)]
    client = Client(requests=2)
    with pytest.raises(BudgetSpent, match="2 requests"):
        client.http.get(server.url("/a"))
    assert len(server.requests) == 2 and client.budget.requests == 2


def test_points_are_counted_beside_requests() -> None:
    budget = Budget(3)
    budget.spend(points=12)
    budget.spend(requests=2, points=1)
    assert (budget.requests, budget.points) == (3, 13)
    with pytest.raises(BudgetSpent):
        budget.spend()


@pytest.mark.parametrize(
    "script",
    [
        answer(401), answer(403), answer(500), answer(200, b"{"), answer(200, HTML, {"content-type": "text/html"}), b"",
        _to("https://x.example/?k=canary2"),
    ],
)  # fmt: skip
def test_no_secret_is_in_an_error_a_traceback_or_a_log(
    server: RawServer, script: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """S1: a key in a URL or header must not reach logs, states or screens."""
    caplog.set_level(logging.DEBUG)
    server.script["/a"] = [script]
    url = server.url("/a?site=x&key=canary1").replace("//", "//user:canary3@")
    with pytest.raises(SourceError) as caught:
        Client().http.get(url, headers=SECRET_HEADERS, accept=("application/json",)).json()
    text = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "canary" not in text


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://u:p@h.example:8/a?key=k&b#f", "https://h.example:8/a?key=…&b=…"),
        ("https://h.example/a", "https://h.example/a"),
    ],
)
def test_a_shown_address_has_no_values(url: str, safe: str) -> None:
    """Names of parameters help; their values may be keys."""
    assert redact_url(url) == safe


def _json(content: bytes) -> Any:
    return Answer(200, {}, content, "https://h.example/a", None, None).json()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b'{"a": [1, 2', Retriable), (b'{"a": "abc', Retriable), (b"", Retriable), (b"<html>", Fatal),
        (b'{"a": NaN}', Fatal),
        (b'{"a": 1, "a": 2}', Fatal), (b"\xff\xfe{}", Fatal), (b"[" * 200_000, Fatal),
    ],
)  # fmt: skip
def test_json_that_is_not_json_is_refused(content: bytes, error: type[SourceError]) -> None:
    """B3: Python is more lenient than the database that the values go to."""
    with pytest.raises(error):
        _json(content)


def test_json_with_a_byte_order_mark_is_read() -> None:
    """B3: some servers write one."""
    assert _json(b"\xef\xbb\xbf" + '{"a": "é"}'.encode()) == {"a": "é"}


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_header_value_breaks_the_reading_of_waits(said: str, limit: str) -> None:
    wait = waits.read_requested_wait({"retry-after": said, "ratelimit": limit, "date": limit}, NOW)
    assert wait is None or wait >= 0
