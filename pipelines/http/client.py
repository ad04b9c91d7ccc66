"""The HTTP client of all sources, limited in time, size, hosts and requests."""

import logging
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self
from urllib.parse import urlsplit

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from pipelines.http import anonymous, waits
from pipelines.http.answers import Answer, describe_token_refusal, explain_refusal, is_token_refused, redact_url
from pipelines.http.budget import Budget as Budget
from pipelines.http.connections import CONNECT_SECONDS, PinnedTransport, Resolve, limit_time, resolve_host
from pipelines.http.errors import Fatal, Gone, Retriable, SourceError, Throttled, TokenWanted, Unreachable
from pipelines.http.hosts import HostStates, name_host
from pipelines.http.patience import Patience
from pipelines.http.requests import Request as Request
from pipelines.http.requests import get_origin, has_token, is_address, join_address, redirect_request
from warehouse.faults import Fault

ATTEMPTS = 4
HOPS = 5
set_on_retry_hooks([])  # otherwise each retry is printed as a warning
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # below that they log full URLs and headers, including secrets


class _TryAgain(Exception):
    """A failed attempt that is worth retrying."""

    def __init__(self, reason: str, fault: Fault, wait: float | None = None) -> None:
        super().__init__(reason)
        self.fault, self.wait = fault, wait


class Http:
    """Reads pages of allowed hosts. Safe to share between threads."""

    def __init__(
        self,
        allowed_hosts: frozenset[str],
        private_hosts: frozenset[str],
        user_agent: str,
        budget: Budget,
        clock: Callable[[], datetime],
        deadline_seconds: float = 30,
        max_bytes: int = 64 * 1024 * 1024,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Resolve = resolve_host,
        attempts: int = ATTEMPTS,
        allowance: anonymous.AnonymousAllowance | None = None,
        hosts: HostStates | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._attempts = attempts
        self.allowance = allowance or anonymous.AnonymousAllowance()
        self.hosts, self.patience = hosts or HostStates(), patience or Patience()
        self._allowed = frozenset(host.lower() for host in allowed_hosts)
        self._private = private_hosts
        self._own_headers = {"user-agent": user_agent, "accept-encoding": "gzip"}
        self._budget, self._clock, self._sleep = budget, clock, sleep
        self._seconds, self._max_bytes = deadline_seconds, max_bytes
        self._redirects: dict[str, str] = {}
        self._seconds_apart, self._next_turn, self._pacing = 0.0, 0.0, threading.Lock()
        timeout = httpx2.Timeout(deadline_seconds, connect=min(CONNECT_SECONDS, deadline_seconds))
        transport, no_cookies = (
            PinnedTransport(private_hosts, resolve),
            CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        self._client = httpx2.Client(transport=transport, timeout=timeout, trust_env=False, cookies=no_cookies)
        self._client.headers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections kept open."""
        self._client.close()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: tuple[str, ...] = (),
    ) -> Answer:
        """Reads one address; 304 is possible only with an etag or a date.

        `accept`: content types to accept, empty for any.

        Raises Retriable, Fatal, Gone, Unreachable or BudgetSpent, never with a secret in the message.
        """
        sent_headers = {name.lower(): value for name, value in (headers or {}).items()}
        conditions = {"if-none-match": etag, "if-modified-since": last_modified}
        sent_headers.update({name: value for name, value in conditions.items() if value})
        sent_headers.update({"accept": ", ".join(accept)} if accept else {"accept": "*/*"})
        return self._send_with_retries(Request(url, sent_headers | self._own_headers, accept))

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str], is_repeated: bool = True) -> Answer:
        """Posts a read-only query (GraphQL) and reads the answer; otherwise like `get`.

        `is_repeated`: also after a failure; a rate limit is always waited out.
        """
        sent_headers = {name.lower(): value for name, value in headers.items()} | {"accept": "*/*"}
        return self._send_with_retries(Request(url, sent_headers | self._own_headers, (), content), is_repeated)

    def pause(self, seconds: float) -> None:
        """Waits as long as a source was asked to, in a form that only that source understands."""
        self._sleep(seconds)

    def keep_apart(self, seconds: float) -> None:
        """Keeps at least this many seconds between two requests, except to a private host (a test, a mirror)."""
        self._seconds_apart = seconds

    def _await_turn(self, url: str) -> None:
        if not self._seconds_apart or (urlsplit(url).hostname or "").lower() in self._private:
            return
        with self._pacing:
            now = time.monotonic()
            wait, self._next_turn = self._next_turn - now, max(self._next_turn, now) + self._seconds_apart
        if wait > 0:
            self._sleep(wait)

    def _send_with_retries(self, ask: Request, is_repeated: bool = True) -> Answer:
        """Sends a request until it is answered; `is_repeated`: also after failures, not only after a rate limit."""

        def choose_wait(error: Exception) -> bool | float:
            if not isinstance(error, _TryAgain) or (error.wait or 0) > waits.LONGEST_SECONDS:
                return False
            if not is_repeated and error.fault is not Fault.THROTTLED:
                return False
            return True if error.wait is None else error.wait

        # The jitter keeps clients that were refused together from retrying together.
        retries = stamina.retry_context(
            choose_wait, attempts=self._attempts, timeout=None, wait_initial=1.0, wait_max=60.0, wait_jitter=0.5
        )
        tried = 0
        try:
            for attempt in retries:
                tried = attempt.num
                with attempt:
                    answer = self._follow_redirects(ask)
        except _TryAgain as last:
            raise self._explain_end(ask, last, tried) from None
        return answer

    def _explain_end(self, ask: Request, last: _TryAgain, attempts: int) -> SourceError:
        """Makes the error for a request that is not tried again in this run."""
        wait, what = last.wait or 0.0, f"{redact_url(ask.url)}: {last}"
        kind = Throttled if last.fault is Fault.THROTTLED else Retriable
        if wait <= waits.LONGEST_SECONDS:
            return kind(what + (f" ({attempts} attempts)" if attempts > 1 else ""), last.fault)
        if kind is Throttled and anonymous.is_counted(ask.url, ask.headers):
            return TokenWanted(anonymous.describe_end(self._clock() + timedelta(seconds=wait)))
        return kind(f"{what}; asks to wait {wait:.0f} s; a later run will resume", last.fault)

    def _follow_redirects(self, ask: Request) -> Answer:
        ask = redirect_request(ask, self._redirects[ask.url]) if ask.url in self._redirects else ask
        for _ in range(HOPS + 1):
            self._check_url(ask.url)
            answer = self._send_once(ask)
            if not 301 <= answer.status <= 308 or answer.status == 304:
                return self._check_answer(ask, answer)
            target = join_address(ask.url, answer.headers.get("location", ""))
            self._check_redirect(ask.url, target)
            # Only permanent redirects are remembered.
            if answer.status in (301, 308):
                self._redirects[ask.url] = target
            ask = redirect_request(ask, target)
        raise Fatal(f"{redact_url(ask.url)}: more than {HOPS} redirects")

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme != "https" and not (parts.scheme == "http" and host in self._private):
            raise Fatal(f"{redact_url(url)}: only https is allowed", Fault.MISCONFIGURED)
        if host not in self._allowed:
            raise Fatal(
                f"{redact_url(url)}: {host or 'no host'} is not a host of this channel;"
                " if it has moved, change base_url in the catalog",
                Fault.MISCONFIGURED,
            )
        self.hosts.check(name_host(url))

    def _check_redirect(self, url: str, target: str) -> None:
        if not is_address(target):
            raise Fatal(f"{redact_url(url)}: redirects to an invalid address", Fault.UNEXPECTED_SHAPE)
        self._check_url(target)
        # A host of this machine serves more than one program: only the one that was named may be asked.
        if (urlsplit(target).hostname or "").lower() in self._private and get_origin(target) != get_origin(url):
            raise Fatal(
                f"{redact_url(url)}: the redirect to {redact_url(target)}, another port of a private host, is refused",
                Fault.MISCONFIGURED,
            )

    def _send_once(self, ask: Request) -> Answer:
        if is_counted := anonymous.is_counted(ask.url, ask.headers):
            self._count_anonymous(ask.url)
        host, is_with_token = name_host(ask.url), has_token(ask)
        with self.hosts.use_token(host) if is_with_token else nullcontext():
            self._budget.spend()
            self._await_turn(ask.url)
            answer = self._exchange(ask, is_counted, self.patience.limit(self._seconds))
            if is_with_token:
                self.hosts.note_token(host, describe_token_refusal(answer) if is_token_refused(answer) else "")
        self.hosts.count_answer(host)
        return answer

    def _exchange(self, ask: Request, is_counted: bool, seconds: float) -> Answer:
        """Sends a request and reads its answer, within so many seconds."""
        try:
            with limit_time(seconds), self._open_stream(ask) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                self.hosts.judge_clock(name_host(ask.url), headers, self._clock())
                if is_counted:
                    self.allowance.learn(ask.url, headers, self._clock)
                content = self._read_content(response, headers.get("content-encoding", "").lower(), redact_url(ask.url))
            return Answer(
                response.status_code, headers, content, ask.url, headers.get("etag"), headers.get("last-modified")
            )
        except Unreachable as error:
            raise self._mark_unreachable(ask.url, str(error)) from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            if _has_cause(error, ssl.SSLError):
                raise Fatal(f"{redact_url(ask.url)}: TLS failed: {error}", Fault.UNREACHABLE) from None
            what = f"{name_host(ask.url)}: no connection ({type(error).__name__})"
            raise self._mark_unreachable(ask.url, what) from None
        except (httpx2.TimeoutException, httpx2.NetworkError, httpx2.ProtocolError) as error:
            is_timeout = isinstance(error, httpx2.TimeoutException)
            if is_timeout:
                self.hosts.count_timeout(name_host(ask.url), seconds)
            fault = Fault.TIMED_OUT if is_timeout else Fault.INCOMPLETE
            raise _TryAgain(f"connection failed ({type(error).__name__}, within {seconds:.3g} s)", fault) from None
        except httpx2.HTTPError as error:
            raise Fatal(f"{redact_url(ask.url)}: {type(error).__name__}") from None

    def _count_anonymous(self, url: str) -> None:
        """Counts a request without a token; before the first of an hour it asks how many are left, which is free."""
        if self.allowance.must_ask(url, self._clock):
            ask = Request(anonymous.make_limit_url(url), {**self._own_headers, "accept": "*/*"}, ())
            with suppress(httpx2.HTTPError, Unreachable), limit_time(self._seconds), self._open_stream(ask) as response:
                self.allowance.learn(url, response.headers, self._clock)
        self.allowance.take(url, self._clock)

    def _open_stream(self, ask: Request) -> AbstractContextManager[httpx2.Response]:
        method = "GET" if ask.content is None else "POST"
        return self._client.stream(method, ask.url, headers=dict(ask.headers), content=ask.content)

    def _mark_unreachable(self, url: str, reason: str) -> Unreachable:
        self.hosts.close(name_host(url), reason)
        return Unreachable(reason)

    def _read_content(self, response: httpx2.Response, encoding: str, url: str) -> bytes:
        """Reads and decodes the content up to the size limit, which also stops decompression bombs."""
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Fatal(f"{url}: unsupported content encoding {encoding!r}")
        decoder = zlib.decompressobj(wbits=47) if encoding not in ("", "identity") else None
        content, is_begun = bytearray(), False
        for chunk in response.iter_raw():
            is_begun = True
            room = self._max_bytes - len(content)
            try:
                # One byte over the limit is enough to detect the excess.
                content += decoder.decompress(chunk, room + 1) if decoder else chunk
            except zlib.error:
                raise Fatal(f"{url}: corrupt compressed content") from None
            if len(content) > self._max_bytes:
                raise Fatal(f"{url}: larger than {self._max_bytes} bytes")
        if decoder and is_begun and (not decoder.eof or decoder.unused_data):
            raise _TryAgain("the answer is cut off", Fault.INCOMPLETE)
        return bytes(content)

    def _check_answer(self, ask: Request, answer: Answer) -> Answer:
        """Returns a usable answer, or raises the error that names the remedy."""
        status, url = answer.status, redact_url(ask.url)
        if status == 304 and ask.headers.keys() & {"if-none-match", "if-modified-since"}:
            etag, date = ask.headers.get("if-none-match"), ask.headers.get("if-modified-since")
            return replace(answer, etag=answer.etag or etag, last_modified=answer.last_modified or date)
        if status in (404, 410, 451):
            raise Gone(f"{url}: {status}")
        if waits.is_throttled(status, answer.headers, answer.content):
            requested = waits.read_requested_wait(answer.headers, self._clock(), answer.content)
            default = waits.UNNAMED_SECONDS if status == 403 else None
            raise _TryAgain(f"{status}, rate limited", Fault.THROTTLED, default if requested is None else requested)
        if status in (408, 425) or status >= 500:
            raise _TryAgain(f"{status}", Fault.SERVER_ERROR, waits.read_requested_wait(answer.headers, self._clock()))
        if status != 200:
            raise explain_refusal(answer, url, has_token(ask))
        media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if ask.accept and media and media not in ask.accept:
            raise Fatal(f"{url}: expected {' or '.join(ask.accept)}, got {media}; the page has changed")
        if not answer.content:
            raise Fatal(f"{url}: 200 with an empty answer", Fault.EMPTY)
        return answer


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
