"""An open tab: a session that speaks Streamlit's protocol as a browser does, without the browser."""

import asyncio
import math
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from dashboards.menu import MENU, page_address

PAGES = [page_address(file) for files in MENU.values() for file in files]
WINDOWS = ("30d", "90d", "365d", "all")
KINDS = ("tracker", "forum", "subreddit")
STREAM = "/_stcore/stream"
FAILED = "This page could not be shown"
LOOK_SECONDS = 5
"""How often a browser asks for a newer snapshot."""
MOST_SECONDS = 120
"""How long a reader waits for a server that does not answer."""
EDITION = re.compile(rb"Edition (\d{4})")
"""What the names of families end with, where a benchmark wants to know of which version they are."""
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True)
class Stay:
    """How readers behave."""

    least: float
    """Seconds that they look before the next move, at least."""
    most: float
    tab: float = math.inf
    """Seconds until they close a tab and open another."""


@dataclass
class Seen:
    """What all tabs met."""

    seconds: list[float] = field(default_factory=list)
    """How long the runs of a whole page took, from the question to the last element."""
    looks: int = 0
    """Questions for a newer snapshot."""
    closed: int = 0
    """Tabs that readers closed."""
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    """Pages that showed two versions at once."""
    back: list[str] = field(default_factory=list)
    """Pages that showed an older version than the tab had shown before."""
    editions: dict[int, str] = field(default_factory=dict)
    """The version that each tab shows."""


class Tab:
    """One tab of one reader."""

    def __init__(self, socket: ClientConnection, number: int, seen: Seen) -> None:
        """Takes its connection; it shows nothing yet."""
        self._socket, self._number, self._seen = socket, number, seen
        self._asked = BackMsg()
        self._watch = ""
        self._editions: set[str] = set()
        self._known: dict[str, ForwardMsg] = {}

    async def open_page(self, page: str, query: str) -> None:
        """Opens a page, or moves a filter on it, and waits for the last element."""
        self._asked = BackMsg()
        self._asked.rerun_script.page_name = page
        self._asked.rerun_script.query_string = query
        began = time.perf_counter()
        await self._follow(self._asked)
        self._seen.seconds.append(time.perf_counter() - began)

    async def look(self) -> None:
        """Asks for a newer snapshot, as the page does every few seconds, and waits for what follows."""
        asked = BackMsg()
        asked.CopyFrom(self._asked)
        asked.rerun_script.fragment_id, asked.rerun_script.is_auto_rerun = self._watch, True
        self._seen.looks += 1
        await self._follow(asked)

    async def _follow(self, asked: BackMsg) -> None:
        await self._socket.send(asked.SerializeToString())
        while True:
            said = self._unpack(bytes(await asyncio.wait_for(self._socket.recv(decode=False), MOST_SECONDS)))
            kind = said.WhichOneof("type")
            if kind == "new_session" and not said.metadata.run.fragment_ids:
                self._editions = set()
            elif kind == "auto_rerun":
                self._watch = said.auto_rerun.fragment_id
            elif kind == "delta":
                self._read(said)
            elif kind == "script_finished" and said.script_finished in ENDS:
                break
        self._note()

    def _unpack(self, data: bytes) -> ForwardMsg:
        """Reads a message; a large one that came before is only named."""
        said = ForwardMsg()
        said.ParseFromString(data)
        if said.WhichOneof("type") == "ref_hash":
            return self._known[said.ref_hash]
        if said.hash:
            self._known[said.hash] = said
        return said

    def _read(self, said: ForwardMsg) -> None:
        element = said.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception" or (kind == "heading" and FAILED in element.heading.body):
            self._seen.errors.append(f"{self._place}: {element.exception.message or FAILED}")
        self._editions |= {edition.decode() for edition in EDITION.findall(said.SerializeToString())}

    def _note(self) -> None:
        if len(self._editions) > 1:
            self._seen.mixed.append(f"{self._place}: {sorted(self._editions)}")
        if self._editions:
            before, shown = self._seen.editions.get(self._number, ""), max(self._editions)
            if shown < before:
                self._seen.back.append(f"{self._place}: {shown} after {before}")
            self._seen.editions[self._number] = shown

    @property
    def _place(self) -> str:
        return f"{self._asked.rerun_script.page_name}?{self._asked.rerun_script.query_string}"


@dataclass(frozen=True)
class Address:
    """Where the pages' websocket is."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """What a proxy asks for."""


async def read_pages(address: Address, number: int, over: asyncio.Event, stay: Stay, seen: Seen) -> None:
    """Keeps one reader at it until it is over, in one tab after another; who met an error opens a new one."""
    chance = random.Random(number)
    # Readers do not all come at the same time.
    left = stay.tab * chance.uniform(0.5, 1)
    while not over.is_set():
        try:
            # A browser is as patient with a slow server, and never ends a connection for a late answer to a ping.
            async with connect(
                address.url, max_size=None, compression=None, open_timeout=MOST_SECONDS, ping_interval=None,
                additional_headers=address.headers,
            ) as socket:  # fmt: skip
                await _read_tab(Tab(socket, number, seen), chance, over, stay, time.monotonic() + left)
            seen.closed += 1
        except Exception as error:
            seen.errors.append(f"viewer {number}: {type(error).__name__}: {error}")
            await asyncio.sleep(stay.least)
        left = stay.tab


async def _read_tab(tab: Tab, chance: random.Random, over: asyncio.Event, stay: Stay, until: float) -> None:
    """Opens pages, moves filters, and looks for newer snapshots between."""
    page = chance.choice(PAGES)
    while not over.is_set() and time.monotonic() < until:
        page = chance.choice(PAGES) if chance.random() < 0.4 else page
        asked = {"window": chance.choice(WINDOWS), "kind": chance.choice(KINDS)}
        await tab.open_page(page, urlencode(asked))
        next_move = time.monotonic() + chance.uniform(stay.least, stay.most)
        while (left := next_move - time.monotonic()) > 0:
            await asyncio.sleep(min(left, LOOK_SECONDS))
            if left > LOOK_SECONDS:
                await tab.look()


async def read_together(address: Address, tabs: int, over: asyncio.Event, stay: Stay, seen: Seen) -> None:
    """Keeps all readers at it at once."""
    await asyncio.gather(*(read_pages(address, number, over, stay, seen) for number in range(tabs)))
