"""An open tab: a session that speaks Streamlit's protocol as a browser does, without the browser."""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from dashboards.menu import MENU, page_address

PAGES = [page_address(file) for files in MENU.values() for file in files]
WINDOWS = ("30d", "90d", "365d", "all")
KINDS = ("tracker", "forum", "subreddit")
FAILED = "This page could not be shown"
LOOK_SECONDS = 5
"""How often a browser asks for a newer snapshot."""
EDITION = re.compile(rb"Edition (\d{4})")
"""What the names of families end with, where a benchmark wants to know of which version they are."""
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Seen:
    """What all tabs met."""

    seconds: list[float] = field(default_factory=list)
    """How long the runs of a whole page took, from the question to the last element."""
    looks: int = 0
    """Questions for a newer snapshot."""
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    """Pages that showed two versions at once."""
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
            said = self._unpack(bytes(await asyncio.wait_for(self._socket.recv(decode=False), 120)))
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
            self._seen.editions[self._number] = max(self._editions)

    @property
    def _place(self) -> str:
        return f"{self._asked.rerun_script.page_name}?{self._asked.rerun_script.query_string}"


async def read_pages(url: str, number: int, over: asyncio.Event, pause: tuple[float, float], seen: Seen) -> None:
    """Keeps one tab open until it is over: opens pages, moves filters, and looks for newer snapshots between."""
    chance = random.Random(number)
    try:
        async with connect(url, max_size=None, compression=None, subprotocols=None) as socket:
            tab, page = Tab(socket, number, seen), chance.choice(PAGES)
            while not over.is_set():
                page = chance.choice(PAGES) if chance.random() < 0.4 else page
                asked = {"window": chance.choice(WINDOWS), "kind": chance.choice(KINDS)}
                await tab.open_page(page, urlencode(asked))
                next_move = time.monotonic() + chance.uniform(*pause)
                while (left := next_move - time.monotonic()) > 0:
                    await asyncio.sleep(min(left, LOOK_SECONDS))
                    if left > LOOK_SECONDS:
                        await tab.look()
    except Exception as error:
        seen.errors.append(f"viewer {number}: {type(error).__name__}: {error}")


async def read_together(url: str, tabs: int, over: asyncio.Event, pause: tuple[float, float], seen: Seen) -> None:
    """Keeps all tabs open at once."""
    await asyncio.gather(*(read_pages(url, number, over, pause, seen) for number in range(tabs)))


async def read_for(url: str, tabs: int, seconds: float, pause: tuple[float, float]) -> Seen:
    """Keeps all tabs open for so many seconds."""
    seen, over = Seen(), asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, over.set)
    await read_together(url, tabs, over, pause, seen)
    return seen
