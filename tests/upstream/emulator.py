"""The upstream emulator: one world behind real HTTP servers on 127.0.0.1, one for each kind of upstream."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from tests.upstream.catalogs import families_of, write
from tests.upstream.faults import Fault, Faults, Rule, When
from tests.upstream.github.graphql import GraphQL
from tests.upstream.github.rest import Rest
from tests.upstream.github.web import Web
from tests.upstream.messages import Record, Request, Response
from tests.upstream.quota import Quota
from tests.upstream.schema import github_schema
from tests.upstream.server import Answer, Server
from tests.upstream.sites import changelog_dated, places
from tests.upstream.sites.changelog import Changelog, Page
from tests.upstream.sites.deprecations import Deprecations, model_files
from tests.upstream.sites.deprecations import Page as EndsPage
from tests.upstream.sites.discourse import Discourse
from tests.upstream.sites.hub import Hub
from tests.upstream.sites.packages import Packages
from tests.upstream.sites.prices import Prices
from tests.upstream.sites.reddit import SECONDS, Reddit
from tests.upstream.sites.stackexchange import StackExchange
from tests.upstream.status.pages import Status
from tests.upstream.world.ends import Ends
from tests.upstream.world.manner import NEUTRAL, Manner
from tests.upstream.world.releases import Release
from tests.upstream.world.world import World

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
KINDS = {
    "github": "github",
    "huggingface": "hub",
    "status": "status",
    "changelog": "changelog",
    "deprecations": "deprecations",
    "packages": "packages",
    "prices": "prices",
    "discourse": "discourse",
    "stackexchange": "stackexchange",
    "reddit": "reddit",
}


class Upstream:
    """`with Upstream(catalog, seed=1, threads=1000, now=NOW) as up:` serves the world until the end of the block."""

    def __init__(
        self,
        catalog: Catalog | Iterable[Channel],
        seed: int = 1,
        threads: int = 1000,
        now: datetime = NOW,
        manner: Manner = NEUTRAL,
    ) -> None:
        self._catalog = catalog if isinstance(catalog, Catalog) else families_of(tuple(catalog))
        self.world = World(self._catalog, seed, threads, now, manner)
        self.requests: list[Record] = []
        self._faults, self._lock, self._world_lock = Faults(), threading.Lock(), threading.Lock()
        clock = self.world.clock
        self.github_quota, self.graphql_quota = Quota(clock, 5000, 60, 3600), Quota(clock, 5000, 0, 3600)
        self.hub_quota = Quota(clock, 1000, 500, 300)
        self.packages_quota = Quota(clock, 0, 600, 60)
        self.packages = Packages(
            seed, [one.target for one in self._channels("packages")], clock, self.packages_quota, manner
        )
        self.prices = Prices(seed, self._catalog, clock, manner)
        self.ends = {one.target: Ends(seed, one.target, clock, manner) for one in self._channels("deprecations")}
        self.discourse = Discourse(self.world, self._channels("discourse"))
        self.stackexchange = StackExchange(self.world, self._channels("stackexchange"))
        self.reddit_quota = Quota(clock, 1000, 0, SECONDS)
        self.reddit = Reddit(
            seed,
            [one.target for one in self._channels("reddit")],
            clock,
            self.world.people,
            self.reddit_quota,
            manner=manner,
        )
        self.graphql = GraphQL(self.world, self.graphql_quota)
        folders = {places.folder(one): self._files(one) for one in self._catalog.channels if places.folder(one)}
        self._rest = Rest(self.world, self.github_quota, self.graphql_quota, folders)
        self._web = Web(self.world, folders)
        self._servers: dict[str, Server] = {}

    def __enter__(self) -> Self:
        github_schema()  # without it the test is skipped here, before a server starts
        self._serve("github", self._github)
        self._serve("hub", Hub(self.world, self.hub_quota).answer)
        formats = {channel.target: channel.format for channel in self._channels("status")}
        self._serve("status", Status(self.world.pages, formats).answer, tuple(self.world.pages))
        pages = {places.changelog(channel): self._changelog(channel) for channel in self._channels("changelog")}
        self._serve("changelog", Changelog(pages).answer, tuple(host for host, _ in pages))
        ends = {
            places.changelog(one): EndsPage(self.ends[one.target], one.format) for one in self._channels("deprecations")
        }
        self._serve("deprecations", Deprecations(ends).answer, tuple(host for host, _ in ends))
        self._serve("discourse", self.discourse.answer, tuple(self.discourse.forums))
        self._serve("stackexchange", self.stackexchange.answer)
        self._serve("reddit", self.reddit.answer)
        self._serve("packages", self.packages.answer)
        self._serve("prices", self.prices.answer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        servers = self._servers.values()
        with ThreadPoolExecutor(len(servers) or 1) as pool:  # one after another they would wait for ten polls
            list(pool.map(Server.stop, servers))
        mistakes = [one for server in servers for one in server.mistakes]
        if mistakes and error is None:
            raise AssertionError(f"the emulator itself failed {len(mistakes)} times; the first:\n{mistakes[0]}")

    def _serve(self, kind: str, real: Answer, hosts: tuple[str, ...] = ()) -> None:
        def answer(request: Request) -> Response:
            return self._faults.answer(kind, request, lambda: self._real(real, request))

        self._servers[kind] = Server(kind, answer, lambda: self.world.clock.now, self._keep, hosts)

    def _real(self, real: Answer, request: Request) -> Response:
        with self._world_lock:
            return real(request)

    def _channels(self, source: str) -> list[Channel]:
        return [channel for channel in self._catalog.channels if channel.source == source]

    def _changelog(self, channel: Channel) -> Page:
        repository, style = places.written(channel)
        return Page(
            self.world.releases(repository), style, repository, self.world.clock, int(self.world.start.timestamp())
        )

    def _github(self, request: Request) -> Response:
        if request.path in ("/graphql", "/api/graphql") and request.method == "POST":
            return self.graphql.answer(request)
        return self._web.answer(request) if self._web.is_meant(request.path) else self._rest.answer(request)

    def _files(self, channel: Channel) -> Callable[[], dict[str, str]]:
        """The files of a folder, as they are when asked for."""
        if channel.source == "deprecations":
            return lambda: model_files(self.ends[channel.target].now())
        releases = self.world.releases(places.written(channel)[0])
        return lambda: changelog_dated.files(releases.until(self.world.clock.now))

    def _keep(self, record: Record) -> None:
        with self._lock:
            self.requests.append(record)

    def base(self, kind: str) -> str:
        """Where a kind of upstream answers: `github`, `hub`, `status`, `changelog`, `packages`, `prices` …"""
        return self._servers[kind].url

    def url(self, channel: Channel) -> str:
        """The base URL by which a channel reaches the emulator; of a changelog the whole address."""
        if places.folder(channel):
            return self.base("github") + urlsplit(channel.base_url).path
        base = self.base(KINDS[channel.source])
        if channel.source in ("changelog", "deprecations"):
            return base + "/" + "".join(places.changelog(channel))
        if channel.source == "stackexchange":
            return f"{base}/2.3"
        return f"{base}/{channel.target}" if channel.source in ("status", "discourse") else base

    def catalog(self, folder: Path) -> Path:
        """Writes the families into a folder, each channel's base_url led to the emulator; gives the folder."""
        return write(self._catalog, folder, self.url)

    def fail(self, host: str, when: When | str | int | None = None, answer: Fault | Response | None = None) -> Rule:
        """From now on, requests to a host (a kind, the name of a page's host, or `*`) that fit get this answer
        instead."""
        if answer is None:
            raise TypeError("say which answer it is to be")
        return self._faults.add(host, when, answer)

    def release(self, name: str, version: str, at: int | None = None) -> Release:
        """A version comes out by hand, now or at an instant: of a repository, or of a changelog that tells no
        repository's."""
        releases = self.world.releases(name)
        self.world.clock.revision += 1
        return releases.add(version, self.world.clock.now if at is None else at)

    @property
    def points(self) -> int:
        """GraphQL points spent by all requests so far."""
        return sum(record.points for record in self.requests)

    def requests_to(self, host: str, path: str = "") -> list[Record]:
        """The requests of one host whose path begins so."""
        return [record for record in self.requests if record.host == host and record.path.startswith(path)]

    def forgive(self) -> None:
        """Everybody's allowance at every upstream is whole again: runs in a world that stands still would use it up."""
        for quota in (
            self.github_quota,
            self.graphql_quota,
            self.hub_quota,
            self.packages_quota,
            self.reddit_quota,
            self.stackexchange.quota,
        ):
            quota.forgive()

    def forget(self) -> None:
        """Clears the records, before the part of a test that counts."""
        self.requests.clear()
