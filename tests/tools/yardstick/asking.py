"""A yardstick kept by hand: what `heartbeat ends` and the page's box say of real ids, against their makers' own pages.

`python -m tests.tools.known_ends` prints the table and what is missed. The product's own readers read all pages that
the catalog names: as recorded in November 2025, then as they are now, written from `known_ends.csv`. A price list names
every id, and a dated version of each that bears no date; the Hub lists the open weights.
Rows read before 2026 are of recorded pages.
"""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.ends.project import check_project
from pipelines.steps import make_catalog_rows
from tests.paths import RECORDINGS
from tests.tools.yardstick.pages import DATED, PAGES, list_facts, write_model_files
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit
from tests.worlds.warehouse_rows import MODELS, RawRow, build_tables, empty_warehouse, fill
from warehouse.ends import model_ids
from warehouse.ends.fates import judge_id
from warehouse.load import replace_catalog
from warehouse.notices import make_evidence
from warehouse.publish import publish_snapshot
from warehouse.snapshot import Snapshot
from warehouse.yardstick import WINDOW, Finding, Row, judge_word, read_known

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SEEN, UNTIL = NOW.replace(tzinfo=None), NOW.date() + WINDOW
RECORDED = {
    "openai-api": "openai_deprecations.html", "aws-bedrock": "aws_bedrock_lifecycle.html",
    "azure-foundry": "azure_foundry_lifecycle.html",
}  # fmt: skip
"""Recorded pages by the target of their channel."""
AUTHORS = {"xai": "x-ai", "mistral": "mistralai", "kimi": "moonshotai", "meta": "meta-llama"}
TABLES = {
    "staging.families", "staging.collections", "staging.notices", "staging.listed_models", "metrics.newest_models",
    "metrics.model_notices",
}  # fmt: skip


def _ask_command(snapshot: Snapshot, known: list[Row], folder: Path) -> list[Finding]:
    """Judges all ids as `heartbeat ends` judges a project that names each as a model."""
    (folder / "models.py").write_text("".join(f'model = "{row["id"]}"\n' for row in known), encoding="utf-8")
    report = check_project([str(folder / "models.py")], make_evidence(snapshot), NOW, UNTIL, set())
    words = {place.line: found.fate.word for found in report.ids for place in found.places}
    return [judge_word(row, words.get(number), UNTIL) for number, row in enumerate(known, 1)]


def _ask_box(snapshot: Snapshot, known: list[Row]) -> list[Finding]:
    """Looks all ids up as the page's box does."""
    names = make_evidence(snapshot).names
    findings = []
    for row in known:
        asked = next(iter(model_ids.read_ids(row["id"], names).ids), None)
        findings.append(judge_word(row, judge_id(asked, names, NOW.date(), UNTIL).word if asked else None, UNTIL))
    return findings


def ask_both(folder: Path) -> dict[str, list[Finding]]:
    """Asks both ways of all ids, in a snapshot that the folder then holds."""
    known = read_known()
    snapshot = _make_snapshot(known, folder)
    return {"command": _ask_command(snapshot, known, folder), "box": _ask_box(snapshot, known)}


def _make_snapshot(known: list[Row], home: Path) -> Snapshot:
    """Reads all pages and lists into a warehouse, builds what a lookup reads, and publishes it."""
    catalog, connection = read_catalog([SHIPPED]), empty_warehouse()
    replace_catalog(connection, make_catalog_rows(catalog))
    with raw_server() as server:
        for channel in catalog.channels:
            for there in _serve(server, channel, known) if channel.source == "deprecations" else ():
                _land_notices(connection, channel, there)
    _land_lists(connection, catalog.channels, known)
    wanted = set(TABLES)
    for model in reversed(MODELS):
        wanted |= model.needs if model.table in wanted else set()
    build_tables(connection, [model for model in MODELS if model.table in wanted])
    snapshot = publish_snapshot(connection, home, NOW, "0")
    assert snapshot is not None
    return snapshot


def _serve(server: RawServer, channel: Channel, known: list[Row]) -> Iterator[Channel]:
    """Serves a channel's page as recorded, and as it is now; yields the channel, led to each."""

    def lead(path: str, page: bytes, kind: str) -> Channel:
        server.script[path] = [answer(200, page, {"content-type": kind})]
        return channel.model_copy(update={"base_url": server.url(path)})

    if channel.target in RECORDED:
        yield lead("/recorded", (RECORDINGS / "changelogs" / RECORDED[channel.target]).read_bytes(), "text/html")
    if channel.format == "mistral":
        files = write_model_files(list_facts([row for row in known if row["source"] == channel.base_url]))
        for number, text in enumerate(files.values()):
            blob = {"content": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
            lead(f"/repos/o/r/git/blobs/a{number}", json.dumps(blob).encode(), "application/json")
        listed = [{"name": name, "sha": f"a{number}", "type": "file"} for number, name in enumerate(files)]
        yield lead("/repos/o/r/contents/f", json.dumps(listed).encode(), "application/json")
    for part, write in PAGES.items():
        if part in channel.base_url and (facts := list_facts([row for row in known if part in row["source"]])):
            page = write(facts)
            name, kind = ("html", "text/html") if page.startswith("<") else ("md", "text/markdown")
            yield lead(f"/now.{name}", (page if kind == "text/html" else f"# Deprecations\n\n{page}").encode(), kind)


def _land_notices(connection: duckdb.DuckDBPyConnection, channel: Channel, there: Channel) -> None:
    visit = make_visit(there, now=NOW, tokens={"GITHUB_TOKEN": "t"})
    rows = [row for page in sources.collect_stream("deprecations", "notices", visit) for row in page.rows]
    for thing in ("", "notice_events"):
        stated = [(channel.id, row.key, None, SEEN, row.body) for row in rows if row.stream == thing]
        fill(connection, f"deprecations__{thing or 'notices'}", stated)
    connection.execute(
        "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, load_id)"
        " values (?, 'deprecations', 'notices', 'r', 1, ?, 'complete', 1)",
        [channel.id, SEEN],
    )


def _land_lists(connection: duckdb.DuckDBPyConnection, channels: tuple[Channel, ...], known: list[Row]) -> None:
    """Lists every id as OpenRouter does, one without a date also by a dated version; and open weights on the Hub."""
    body: dict[str, Any] = {"day_on": f"{SEEN:%F}", "is_listed": True, "pipeline": "text-generation"}
    rows: dict[str, list[RawRow]] = {"prices__models": [], "huggingface__models": []}
    snapshots = {match[1]: match[2] for row in known if (match := DATED.fullmatch(row["id"]))}
    for row in known:
        name = re.sub(r"^(?:[a-z]+\.)?[a-z0-9]+\.(?=[a-z])", "", row["id"].rpartition("/")[2])
        name = re.sub(r"(?:(?<=\d{8})-v\d+)?(?::\d+)?$", "", name)
        listed = f"{AUTHORS.get(row['maker'], row['maker'])}/{name}".lower()
        dated = listed if DATED.fullmatch(name) else f"{listed}-{snapshots.get(name.replace('.', '-'), '20250807')}"
        rows["prices__models"].append(("c", listed, None, SEEN, body | {"model_id": listed, "canonical_id": dated}))
    weights = sorted({"/".join(row["id"].split("/")[-2:]) for row in known if "/" in row["id"]})
    for channel in channels:
        own = [model for model in weights if channel.source == "huggingface" and model.startswith(f"{channel.target}/")]
        rows["huggingface__models"] += [(channel.id, model, None, SEEN, body | {"model_id": model}) for model in own]
    for table, stated in rows.items():
        fill(connection, table, stated)
