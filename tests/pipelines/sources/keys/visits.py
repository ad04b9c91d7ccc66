"""Visits to sources whose answers lack keys, or have their values wrapped in objects, and what is told of it."""

import ast
import json
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.http.answers import Answer
from pipelines.http.errors import SourceError
from pipelines.sources.github import client
from tests.pipelines.sources.keys.places import Place, change, list_places, name_kind, trace
from tests.upstream import Upstream
from tests.upstream.faults import Real
from tests.upstream.messages import Request, Response
from tests.worlds.visits import make_visit

TOKENS = {"GITHUB_TOKEN": "ghp_canary", "REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "secret"}
UTF_16 = b"\xfe\xff"
FEWEST_SHARE = 0.05
"""Share of the rows that a field must be filled in, for its falling empty to be seen in a sample of 120 rows."""


@dataclass(frozen=True, slots=True)
class Case:
    """One stream of one channel."""

    channel: Channel
    stream: str
    has_token: bool = True

    @property
    def name(self) -> str:
        """The source, its format if it has several, the stream, and whether there is no token."""
        words = (self.channel.source, self.channel.format, self.stream, "" if self.has_token else "anonymous")
        return " ".join(filter(None, words))

    @property
    def is_read_by_library(self) -> bool:
        """True if the vendor's own library takes in all keys, so that only the words of our code show what is used."""
        return self.channel.source == "reddit" or (
            self.channel.source == "huggingface" and self.stream != "discussions"
        )


@dataclass(slots=True)
class Brought:
    """What a visit brought."""

    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    fault: str = ""
    passed_over: int = 0
    subjects: set[str] = field(default_factory=set)
    """What its notes are about."""

    def count_filled(self) -> tuple[Counter[tuple[str, str]], Counter[str]]:
        """Counts the rows in which each field holds something, and all rows, by stream."""
        holding = ((key[0], name) for key, body in self.rows.items() for name, value in body.items() if value)
        return Counter(holding), Counter(stream for stream, _ in self.rows)


class Drift:
    """An upstream of which one stream is read again and again, each time with other keys gone or wrapped."""

    def __init__(self, up: Upstream, case: Case) -> None:
        self._up, self._case = up, case
        self._known: dict[tuple[Any, ...], Response] = {}
        self._targets: Collection[Place] = ()
        self._is_dropped = False
        self.served: dict[Place, bool] = {}
        """The places of all keys of its answers, each with whether its value is an object."""
        self.read: set[Place] = set()
        """The places of the keys that its readers ask for."""
        up.fail("*", None, self._answer)
        with self._tracing():
            self.whole = self._visit()
        self.read &= self.served.keys()

    def _answer(self, request: Request, real: Real) -> Response:
        key = (request.host, request.target, request.body)
        response = self._known[key] = self._known.get(key) or real()
        body = response.body.decode("utf-16").encode() if response.body.startswith(UTF_16) else response.body
        if response.status != 200 or body[:1] not in (b"{", b"[") or "access_token" in request.path:
            return response
        place, content = (name_kind(request.path),), json.loads(body)
        if not self._targets:
            self.served |= dict(list_places(content, place))
            return response
        return response.but(body=json.dumps(change(content, self._targets, self._is_dropped, place)).encode())

    @contextmanager
    def _tracing(self) -> Iterator[None]:
        """Notes what readers ask the answers for."""
        true_json, true_parse = Answer.json, client._parse_json
        names = list_names(self._case.channel.source)

        def parse(body: str, where: str) -> Any:
            return trace(true_parse(body, where), (self._name_kind(where),), self.read, names)

        def read_json(answer: Answer) -> Any:
            return trace(true_json(answer), (self._name_kind(answer.url),), self.read, names)

        with mock.patch.object(Answer, "json", read_json), mock.patch.object(client, "_parse_json", parse):
            yield
        self.read = {place for place in self.read if place[-1] in (*names, "*")}
        if self._case.is_read_by_library:
            self.read = {place for place in self.served if place[-1] in names}

    def _name_kind(self, where: str) -> str:
        path = unquote(urlsplit(where).path)
        return name_kind(path.removeprefix(f"/{self._case.channel.target}"))

    def _visit(self) -> Brought:
        channel = self._case.channel.model_copy(update={"base_url": self._up.url(self._case.channel)})
        tokens = TOKENS if self._case.has_token else {}
        visit = replace(make_visit(channel, tokens=tokens, now=self._up.world.now), is_flagship=True)
        brought, stream = Brought(), self._case.stream
        self._up.forgive()
        try:
            for page in sources.collect_stream(channel.source, stream, visit):
                for row in page.rows:
                    brought.rows[row.stream or stream, row.key] = json.loads(json.dumps(dict(row.body)))
                brought.passed_over = max(brought.passed_over, len(page.passed_over or ()) + len(page.skipped))
        except SourceError as error:
            brought.fault = str(error)
        brought.subjects = {note.subject for note in visit.keys.take_notes()}
        return brought

    def find_silent(self, is_dropped: bool) -> set[Place]:
        """Finds the keys whose loss, or whose wrapping in an object, is told in no way. An object is not wrapped:
        inside another one it is a loss of the keys within."""
        asked = {place for place in self.read if is_dropped or not self.served[place]}
        silent = asked - self._list_noted(asked, is_dropped)
        return {place for place in silent if not self._is_told(self._visit_without({place}, is_dropped))}

    def _list_noted(self, places: set[Place], is_dropped: bool) -> set[Place]:
        """Lists the keys of which a note tells: those of one kind of answer, with none within another, at once."""
        noted = set[Place]()
        for kind, depth in sorted({(place[0], len(place)) for place in places}):
            own = {place for place in places if (place[0], len(place)) == (kind, depth)}
            names = {subject.partition(" of ")[0] for subject in self._visit_without(own, is_dropped).subjects}
            noted |= {place for place in own if any(_is_named(place, name) for name in names)}
        return noted

    def _visit_without(self, places: set[Place], is_dropped: bool) -> Brought:
        self._targets, self._is_dropped = places, is_dropped
        return self._visit()

    def _is_told(self, brought: Brought) -> bool:
        """Tells whether a visit failed, passed items over, left a note, or brought a field that fell empty."""
        whole = self.whole
        if brought.fault != whole.fault or brought.passed_over > whole.passed_over or brought.subjects - whole.subjects:
            return True
        before, rows = whole.count_filled()
        now, _ = brought.count_filled()
        return any(
            count >= max(1, FEWEST_SHARE * rows[stream]) and now[stream, name] < count / 10
            for (stream, name), count in before.items()
        )


@cache
def list_names(source: str) -> frozenset[str]:
    """Lists the words in a source's code, among them the keys that it reads."""
    path = Path(str(sources.load_source(source).__file__))
    files = path.parent.rglob("*.py") if path.stem == "__init__" else [path]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return frozenset(word for text in texts for word in text.split("."))


def _is_named(place: Place, name: str) -> bool:
    """Tells whether a note's dotted name is that of a place."""
    plain = [word for word in place if word != "*"]
    return plain[-len(own) :] == own if (own := [word for word in name.split(".") if word != "*"]) else False
