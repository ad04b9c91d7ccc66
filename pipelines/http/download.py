"""Downloads from any public host: HTTPS only, pinned at every hop, bounded in time, and passed on piece by piece."""

import ssl
from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx2

from pipelines.http.answers import redact_url
from pipelines.http.connections import CONNECT_SECONDS, PinnedTransport, Resolve, limit_time, resolve_host
from pipelines.http.errors import Denied, Fatal, Gone, Retriable, Throttled, Unreachable
from warehouse.faults import Fault

HOPS = 5
READ_SECONDS = 30.0
DOWNLOAD_SECONDS = 1800.0
"""Longest that a whole download may take."""
PIECE_BYTES = 1024 * 1024
Keep = Callable[[bytes], object]


class PublicTransport(PinnedTransport):
    """The transport to hosts that no catalog names: a redirect may lead anywhere on the public internet, never to a
    private host that is not allowed by name, and never off HTTPS."""

    def __init__(self, private_hosts: frozenset[str], resolve: Resolve = resolve_host) -> None:
        super().__init__(private_hosts, resolve)
        self._private_hosts = private_hosts
        self._began_at: tuple[bool, int] | None = None
        """Whether the first host was private, and its port."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request; each redirect comes here again."""
        if request.url.scheme != "https" and not (
            request.url.scheme == "http" and request.url.host in self._private_hosts
        ):
            raise Fatal(f"{redact_url(str(request.url))}: only https is allowed", Fault.MISCONFIGURED)
        self._check_port(request)
        return super().handle_request(request)

    def _check_port(self, request: httpx2.Request) -> None:
        """Lets only a private host lead to a private host, and to no other port: behind it are other programs."""
        port = request.url.port or {"https": 443}.get(request.url.scheme, 80)
        is_private = request.url.host in self._private_hosts
        self._began_at = self._began_at or (is_private, port)
        if is_private and (is_private, port) != self._began_at:
            what = f"{redact_url(str(request.url))}: a private host is not open to redirects from elsewhere"
            raise Fatal(what, Fault.MISCONFIGURED)


def open_client(private_hosts: frozenset[str], resolve: Resolve = resolve_host) -> httpx2.Client:
    """Opens a client on a public transport, without cookies."""
    client = httpx2.Client(
        transport=PublicTransport(private_hosts, resolve), follow_redirects=True, max_redirects=HOPS,
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS), trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )  # fmt: skip
    client.headers.clear()
    return client


def download(client: httpx2.Client, url: str, keep: Keep, headers: Mapping[str, str]) -> None:
    """Reads one address and passes its bytes on; `keep` may raise to stop.

    Raises Gone, Denied, Fatal, Retriable or Unreachable.
    """
    shown = redact_url(url)
    try:
        with (
            limit_time(DOWNLOAD_SECONDS),
            client.stream("GET", url, headers={"accept": "*/*", **headers, "accept-encoding": "identity"}) as response,
        ):
            _check_answer(response, shown)
            for piece in response.iter_raw(PIECE_BYTES):
                keep(piece)
    except httpx2.TooManyRedirects:
        raise Fatal(f"{shown}: more than {HOPS} redirects") from None
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
        if isinstance(error.__cause__ or error.__context__, ssl.SSLError) or "certificate" in str(error).lower():
            raise Fatal(f"{shown}: TLS failed: {error}", Fault.UNREACHABLE) from None
        raise Unreachable(f"{shown}: no connection ({type(error).__name__})") from None
    except httpx2.RemoteProtocolError:
        raise Retriable(f"{shown}: the answer is cut off") from None
    except httpx2.HTTPError as error:
        raise Retriable(f"{shown}: connection failed ({type(error).__name__})") from None


def _check_answer(response: httpx2.Response, shown: str) -> None:
    where = urlsplit(str(response.url)).hostname or ""
    via = "" if where in shown else f" (at {where}, where it leads)"
    if response.status_code in (404, 410, 451):
        raise Gone(f"{shown}: {response.status_code}: it is not there{via}")
    if response.status_code in (401, 403):
        raise Denied(f"{shown}: {response.status_code}: not open to everybody{via}")
    if response.status_code == 429:
        raise Throttled(f"{shown}: 429: asked too often{via}")
    if response.status_code >= 500 or response.status_code in (408, 425):
        raise Retriable(f"{shown}: {response.status_code}{via}", Fault.SERVER_ERROR)
    if response.status_code != 200:
        raise Fatal(f"{shown}: {response.status_code}{via}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Fatal(f"{shown}: encoded although that was not asked for{via}")
