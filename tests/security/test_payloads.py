"""Payloads of known attacks, sent to the parts that read files: entities in feeds, paths in pointers and names."""

import ast
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.catalog.entries import Channel
from pipelines.http.answers import Answer
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import read_feed
from tests.paths import ROOT
from tests.worlds.visits import NOW
from warehouse.database import WarehouseError
from warehouse.landing import list_landed, open_writer, open_zone
from warehouse.snapshot import POINTER, read_published

BOMB = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
)  # fmt: skip
FEED = "<rss version='2.0'><channel><title>t</title><item><title>{}</title><guid>1</guid></item></channel></rss>"
FEEDS = {
    "billion laughs": BOMB + "]>" + FEED.format("&a9;"),
    "a file of this machine": "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + FEED.format("&f;"),
    "a host of this network": "<!DOCTYPE x SYSTEM 'http://169.254.169.254/x.dtd'>" + FEED.format("t"),
}
NAMES = ("../../x", "/etc/passwd", "CON", "a\x00b", "..", "x" * 300, "a/../../b", "~root", "%2e%2e%2f")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_that_declares_entities_is_refused_before_it_is_parsed(name: str, encoding: str) -> None:
    """In every encoding; nothing is unpacked, opened or asked."""
    content = f"<?xml version='1.0' encoding='{encoding}'?>{FEEDS[name]}".encode(encoding)
    with pytest.raises(Fatal, match="declares a document type or entities"):
        read_feed(Answer(200, {"content-type": "application/rss+xml"}, content, "https://s.example/f", None, None))


@pytest.mark.parametrize("file", ["../../x.duckdb", "/etc/passwd", "snapshot-00000001.duckdb/../../x", ""])
def test_a_pointer_that_names_a_path_is_refused(tmp_path: Path, file: str) -> None:
    """It names a version in its own folder, or nothing."""
    pointer = {"file": file, "version": 1, "published_at": NOW.isoformat(), "is_sample": True}
    (tmp_path / POINTER).write_text(json.dumps(pointer))
    with pytest.raises(WarehouseError, match="damaged"):
        read_published(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_repository_or_model_leaves_the_landing_zone(tmp_path: Path, name: str) -> None:
    """The catalog refuses such a target; if it does not, and for rows of any key, all files lie in the zone."""
    try:
        channel = Channel(source="github", target=name, role="sdk", family="acme")
    except ValidationError:
        channel = Channel(source="github", target="o/r", role="sdk", family="acme")
    zone = open_zone(str(tmp_path / "landing"))
    writer = open_writer(zone, channel.id, "github", NOW)
    writer.add_rows([("issues", name, NOW, "{}")], NOW)
    writer.finish(NOW)

    assert [path.split("/")[0] for path in list_landed(zone)] == [channel.id]
    assert {path.name for path in tmp_path.iterdir()} == {"landing"}
    assert all(path.resolve().is_relative_to(tmp_path / "landing") for path in (tmp_path / "landing").rglob("*"))


def test_nothing_of_ours_unpickles_or_evaluates() -> None:
    """Neither results nor caches nor files of strangers are read as code."""
    forbidden = {"pickle", "cPickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}
    found = []
    for folder in ("pipelines", "warehouse", "analytics", "dashboards"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                aliases = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
                names = {alias.name.split(".")[0] for alias in aliases}
                called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
                if names & forbidden or getattr(node, "module", None) in forbidden or called in ("eval", "exec"):
                    found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert found == []
