"""The table of targets: each reader of strangers' text, what its inputs are made of, and how it may refuse them."""

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.collecting.cleaning import Cleaner
from pipelines.commands.ends.files import FileKind
from pipelines.commands.ends.finder import IdFinder
from pipelines.commands.ends.windows import parse_window
from pipelines.contract import Row
from pipelines.http.anonymous import AnonymousAllowance
from pipelines.http.answers import Answer, find_refusal_word, redact_url, to_web_link
from pipelines.http.errors import SourceError
from pipelines.http.robots import read_robots
from pipelines.http.waits import read_requested_wait
from pipelines.markup.dates import read_promise
from pipelines.markup.feeds import read_feed
from pipelines.markup.html_text import read_html
from pipelines.markup.page_blocks import is_html, read_html_blocks, read_markdown_blocks
from pipelines.number_set import NumberSet
from pipelines.passed_over import PassedOver
from pipelines.snapshots.places import open_source, open_target
from pipelines.sources.changelog.rows import make_entry_row
from pipelines.sources.status.severities import list_unknown_words
from pipelines.sources.status.stated_windows import Setting, read_stated_window
from pipelines.text.features import count_features
from pipelines.text.values import clean_line, format_instant
from tests.fuzzing.homes import make_home_targets
from tests.fuzzing.inputs import Grammar
from tests.fuzzing.interfaces import make_interface_targets
from tests.fuzzing.running import Target
from tests.fuzzing.served import FEED, MARKS, VALUES, make_entry_targets, make_source_targets
from tests.fuzzing.texts import make_text_targets
from tests.fuzzing.web import make_web_targets
from tests.worlds.visits import NOW
from warehouse.database import WarehouseError
from warehouse.ends.fates import judge_id
from warehouse.ends.model_ids import index_names, read_ids
from warehouse.faults import LandingError
from warehouse.manifest import MANIFEST_KEY
from warehouse.manifest import parse_manifest as parse_landed
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.followed import label_source
from warehouse.sharing.manifest import SnapshotRefused
from warehouse.sharing.manifest import parse_manifest as parse_published
from warehouse.snapshot import POINTER, read_pointer

DATES = (
    "2026-11-24", "2026-13-45", "Tue, 24 Nov 2026 12:00:00 GMT", "Nov 24", "June 2026", "1790000000", "1790000000000", "T12:00:00Z",
    "+99:99", "9999-12-31T23:59:59.999999999-23:59", "Q3 2026", "TBD", "no earlier than", " UTC", "PST", "12:30", "AM", " to ", "from ",
)  # fmt: skip
LISTED = {"family_id": None, "title": "", "side": "open", "place": "the Hub", "as_of_at": None}
NAMES = index_names(
    [LISTED | {"model": name} for name in ("gpt-4o-2024-05-13", "claude-3-opus", "command-r+", "o3-mini")]
)
IDS = (
    "gpt-4o",
    "claude-3-opus",
    "-20240229",
    "@001",
    ":latest",
    "openai:",
    "us.anthropic.",
    "ft:",
    "models/",
    "model = ",
    "sk-",
)
LANDED = '{"channel_id": "a", "source": "github", "run_id": "r", "number": 1, "part": 0, "started_at": "2026-11-24T00:00:00"}'
POINTED = '{"file": "snapshot-00000001-0123456789abcdef.duckdb", "version": 1, "published_at": "2026-11-24T00:00:00Z", "is_sample": true}'
PUBLISHED = json.dumps(
    {
        "format": 1, "file": f"heartbeat-{'ab' * 8}.duckdb", "size": 9, "sha256": "ab" * 32, "version": 1, "build": 1,
        "published_at": "2026-11-24T00:00:00Z", "is_sample": True, "publisher": "a", "licence": "CC-BY-4.0",
        "code_version": "1",
    }
)  # fmt: skip
ROBOTS = (
    "User-agent: *\n",
    "Disallow: /",
    "Allow: /c/",
    "*",
    "$",
    "Crawl-delay: ",
    "latest.json",
    "/t/",
    "heartbeat",
    "%2F",
)
ADDRESS = (
    "https://",
    "http://",
    "user:pass@",
    "s.example",
    ":80",
    ":99999",
    "/../",
    "?key=x",
    "#a",
    "[::1]",
    "[",
    "javascript:",
    "%",
)


def make_targets() -> dict[str, Target]:
    """Makes all targets, by name."""
    return make_brief_targets() | make_source_targets() | make_interface_targets()


def make_brief_targets() -> dict[str, Target]:
    """Makes the targets that the gate tries: damaged pages of whole sources have tests of their own."""
    ours = (
        _make_documents()
        | _make_values()
        | _make_files()
        | make_text_targets()
        | make_home_targets()
        | make_web_targets()
    )
    return ours | make_entry_targets()


def _make_documents() -> dict[str, Target]:
    return {
        "feed": Target(_read_entries, Grammar((*FEED, *DATES)), (SourceError,)),
        "json": Target(lambda text: _answer(text).json(), Grammar(VALUES, (LANDED,)), (SourceError,)),
        "refusal": Target(lambda text: find_refusal_word(_answer(text)), Grammar(VALUES, (LANDED,))),
        "html": Target(lambda text: (read_html(text), read_html_blocks(text)), Grammar(MARKS), (SourceError,)),
        "markdown": Target(
            lambda text: (is_html(text), read_markdown_blocks(text), count_features(text)), Grammar(MARKS)
        ),
        "robots": Target(_ask_robots, Grammar(ROBOTS)),
        "ids": Target(_find_ids, Grammar((*IDS, *DATES[:3]))),
        "rows": Target(_clean_row, Grammar(VALUES, (LANDED, PUBLISHED)), (ValueError, RecursionError)),
    }


def _make_values() -> dict[str, Target]:
    return {
        "retry-after": Target(_read_waits, Grammar((*DATES, "r=0", "t=", "0", '"wait_seconds": ', "available in "))),
        "promise": Target(read_promise, Grammar(DATES)),
        "instant": Target(format_instant, Grammar(DATES)),
        "stated-window": Target(lambda text: read_stated_window(text, Setting(NOW, NOW)), Grammar((*DATES, "started at ", " - "))),
        "window": Target(lambda text: parse_window(text, date(2026, 11, 24)), Grammar(("30", "d", "y", *DATES)), (ValueError,)),
        "line": Target(_check_line, Grammar(DATES)),
        "drift": Target(_check_drift, Grammar(("major", "resolved", "\x1b[31m", "\u202e"))),
        "link": Target(_check_link, Grammar(ADDRESS)),
        "address": Target(redact_url, Grammar(ADDRESS), (ValueError,)),
        "source": Target(_open_published, Grammar((*ADDRESS, "~", "~nobody", "s3://", "hf://datasets/", "//")), (SettingsError,)),
        "numbers": Target(lambda text: len(NumberSet.unpack(text)), Grammar(("eJw", "AAA", "=", "+"), (NumberSet([1, 9, 800]).pack(),))),
        "cursor": Target(_load_passed_over, Grammar(VALUES, ('{"passed_over": {"7": [1, 1790000000, "timeout"]}}',)), (ValueError, RecursionError)),
    }  # fmt: skip


def _make_files() -> dict[str, Target]:
    families = tuple(path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.toml"))[:4])
    keys = (
        "[[channel]]\n",
        "source = ",
        '"github"',
        "target = ",
        '"a/b"',
        "[[fact]]\n",
        "mentions = [",
        "= ",
        "'''",
        "\\u0000",
        "{a=1}",
    )
    return {
        "family": Target(_read_family, Grammar(keys, families), (CatalogError,)),
        "landed-manifest": Target(_parse_landed, Grammar(VALUES, (LANDED,)), (LandingError,)),
        "published-manifest": Target(_parse_published, Grammar(VALUES, (PUBLISHED,)), (SnapshotRefused,)),
        "pointer": Target(_read_pointer, Grammar((*VALUES, '"file"', "../"), (POINTED,)), (WarehouseError,)),
    }


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _answer(text: str) -> Answer:
    return Answer(200, {"content-type": "application/json"}, _encode(text), "https://s.example/x", None, None)


def _read_entries(text: str) -> None:
    for entry in read_feed(_answer(text)):
        make_entry_row(entry)


def _ask_robots(text: str) -> None:
    rules = read_robots(_encode(text), "heartbeat/1.0").select_for("/c/", "/t/")
    assert rules.delay_seconds <= 60
    rules.allows("/c/support/12/l/latest.json?page=12&order=created")


def _find_ids(text: str) -> None:
    for asked in read_ids(text, NAMES).ids:
        judge_id(asked, NAMES, date(2026, 11, 25), date(2027, 5, 24))
    for kind in FileKind:
        list(IdFinder(NAMES).find(text, kind))


def _clean_row(text: str) -> None:
    body = json.loads(text)
    for _, key, _, landed in Cleaner().clean_rows(
        [Row(str(text)[:900], None, body if isinstance(body, dict) else {"x": body})], "t"
    ):
        key.encode(), landed.encode()


def _read_waits(text: str) -> None:
    for name in ("retry-after", "ratelimit", "date", "x-ratelimit-reset"):
        headers = {name: text, "x-ratelimit-remaining": "0"}
        wait = read_requested_wait(headers, datetime(2026, 11, 24, tzinfo=UTC), _encode(text))
        assert wait is None or wait >= 0
        AnonymousAllowance().learn("https://s.example", {"x-ratelimit-reset": "1790000000"} | headers, lambda: NOW)


def _check_line(text: str) -> None:
    line = clean_line(text)
    assert line.isprintable() or any(not sign.isprintable() for sign in text), "a sign that was not there"
    assert not any(sign < " " or sign in "\x7f\u202e" for sign in line) and len(line) <= 200
    line.encode()


def _check_drift(text: str) -> None:
    for word in list_unknown_words(status=text, impact=text):
        assert clean_line(word) == word.rstrip(), f"raw {word!r}"


def _open_published(text: str) -> None:
    """Opens what a word names, short of an object store, which is asked over the network."""
    label_source(text)
    with patch("pipelines.snapshots.places.open_store"):
        open_source(Settings(_env_file=None), text), open_target(Settings(_env_file=None), text)


def _check_link(text: str) -> None:
    link = to_web_link(text, "https://s.example/")
    assert link is None or (link.startswith(("https://", "http://")) and not set("<>\"'` \n") & set(link))


def _load_passed_over(text: str) -> None:
    cursor: Any = json.loads(text)
    if isinstance(cursor, dict):
        PassedOver.load(cursor, NOW, "item").to_cursor()


def _in_folder(name: str, text: str, read: Callable[[Path], object]) -> object:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(_encode(text))
        return read(Path(folder))


def _read_family(text: str) -> object:
    return _in_folder("acme.toml", text, lambda folder: read_catalog([folder]))


def _read_pointer(text: str) -> None:
    pointer = _in_folder(POINTER, text, read_pointer)
    assert pointer is None or "/" not in str(getattr(pointer, "file", ""))


def _parse_landed(text: str) -> object:
    return parse_landed("a.parquet", {MANIFEST_KEY: _encode(text)})


def _parse_published(text: str) -> object:
    return parse_published(_encode(text), "https://s.example")
