"""A yardstick kept by hand: what `heartbeat ends` and the page's box say of real ids, against their makers' own pages.

What the pages say is landed from `known_ends.csv`. A price list names every id, and a dated version of each that bears
no date; the Hub lists the open weights.

In the file, `end` is a day, `>` and a day for "not before", `undated` for a model that ends without one, `none` for one
that a page lists as active, `unknown` for one that no page names.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.ends.project import check_project
from pipelines.markup.dates import UNKNOWN as UNKNOWN_DAY
from pipelines.markup.dates import Promise, PromiseKind
from pipelines.sources.deprecations.notice import EndNotice, make_bodies
from pipelines.steps import make_catalog_rows
from tests.paths import ROOT
from tests.worlds.warehouse_rows import MODELS, RawRow, build_tables, empty_warehouse, fill
from warehouse.ends import model_ids, notices
from warehouse.ends.fates import PageWord, judge_id
from warehouse.load import replace_catalog
from warehouse.publish import publish_snapshot
from warehouse.snapshot import Snapshot

CSV = ROOT / "tests" / "pipelines" / "commands" / "ends" / "known_ends.csv"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SEEN, UNTIL = NOW.replace(tzinfo=None), NOW.date() + timedelta(days=180)
SOURCES = {
    "openai-api": ("openai.com",), "aws-bedrock": ("aws.amazon.com",), "azure-foundry": ("icrosoft",),
    "claude-models": ("claude.com",), "cohere-models": ("cohere.com",), "deepseek-api": ("deepseek.com",),
    "gemini-api": ("ai.google.dev",), "xai-may-2026": ("x.ai",), "groq-models": ("groq.com",),
    "kimi-platform": ("kimi.ai",), "mistral-models": ("mistralai",), "together-models": ("together.ai",),
    "agent-platform-open-models": ("/open-models",), "agent-platform-partner-models": ("/partner-models",),
    "agent-platform-models": ("/model-versions",),
}  # fmt: skip
"""By the target of a page's channel: parts of the addresses at which somebody read it."""
REGIONS = "eu-west-3, us-east-2"
"""Where a row of Bedrock's page holds that names no single region."""
OWN = {"gpt-4.1-nano", "gpt-4o-audio-preview", "gpt-4o-mini-transcribe", "sora-2"}
"""Names that a page writes beside their dated versions."""
DATED = re.compile(r"(.+?)[-@](20\d\d-?\d\d-?\d\d)")
PREFIX = re.compile(
    r"(?:(?:azure(?:_ai)?|vertex_ai|groq|together_ai|bedrock(?:/converse)?|gemini|google|anthropic)[/:])?"
    r"(?:(?:us|eu|apac|global)\.(?=[a-z0-9]+\.))?"
)
"""What clients write before a name, and the profile of a Bedrock id."""
AUTHORS = {"xai": "x-ai", "mistral": "mistralai", "kimi": "moonshotai", "meta": "meta-llama"}
TABLES = {
    "staging.families", "staging.collections", "staging.notices", "staging.listed_models", "metrics.newest_models",
    "metrics.model_notices",
}  # fmt: skip
SAME, OTHER, UNKNOWN, FALSE = OUTCOMES = ("same day", "other day", "unknown", "false no end")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one of the two ways says of an id, and how that compares with the yardstick."""

    row: Row
    said: str
    outcome: str

    @property
    def group(self) -> str:
        """The maker, or the host that serves it."""
        return self.row["maker"] if self.row["host"] == "maker" else self.row["host"]

    def __str__(self) -> str:
        return f"{self.row['id']} ({self.row['host']}): {self.row['end']}, but {self.said}"


def _compare(row: Row, said: str, is_calm: bool) -> Finding:
    """Compares an answer with the yardstick; `is_calm`: it leaves a reader with nothing to do."""
    if row["end"] == said:
        return Finding(row, said, SAME)
    if is_calm and row["end"][0].isdigit() and row["end"] <= f"{UNTIL}":
        return Finding(row, said, FALSE)
    return Finding(row, said, UNKNOWN if said == "unknown" else OTHER)


def _name_end(word: PageWord) -> str:
    """Writes an answer as the yardstick writes ends."""
    if on := word.ends_on:
        return f">{on}" if word.ends_kind == "not_before" else f"{on:%Y-%m}" if word.ends_kind == "month" else f"{on}"
    return {"no_end_announced": "none", "undated": "undated", "ended": "ended"}.get(word.state, "unknown")


def _judge(row: Row, word: PageWord | None) -> Finding:
    """Compares a statement with the yardstick; an id that was not found leaves a reader calm."""
    if word is None:
        return _compare(row, "unknown", is_calm=True)
    said = _name_end(word)
    return _compare(row, said, is_calm=word.urgency == "none" and said != "unknown")


def _ask_command(snapshot: Snapshot, known: list[Row], folder: Path) -> list[Finding]:
    """Judges all ids as `heartbeat ends` judges a project that names each as a model."""
    (folder / "models.py").write_text("".join(f'model = "{row["id"]}"\n' for row in known), encoding="utf-8")
    report = check_project([folder / "models.py"], snapshot, "yardstick", NOW, UNTIL, set())
    words = {place.line: found.fate.word for found in report.ids for place in found.places}
    return [_judge(row, words.get(number)) for number, row in enumerate(known, 1)]


def _ask_box(snapshot: Snapshot, known: list[Row]) -> list[Finding]:
    """Looks all ids up as the page's box does."""
    names = model_ids.index_names([*notices.load_notices(snapshot), *notices.load_listed(snapshot)])
    findings = []
    for row in known:
        asked = next(iter(model_ids.read_ids(row["id"], names).ids), None)
        findings.append(_judge(row, judge_id(asked, names, NOW.date(), UNTIL).word if asked else None))
    return findings


def ask_both(folder: Path) -> dict[str, list[Finding]]:
    """Asks both ways of all ids, in a snapshot that the folder then holds."""
    with CSV.open(encoding="utf-8", newline="") as file:
        known: list[Row] = list(csv.DictReader(file))
    snapshot = _make_snapshot(known, folder)
    return {"command": _ask_command(snapshot, known, folder), "box": _ask_box(snapshot, known)}


def _make_snapshot(known: list[Row], home: Path) -> Snapshot:
    """Reads all pages and lists into a warehouse, builds what a lookup reads, and publishes it."""
    catalog, connection = read_catalog([SHIPPED]), empty_warehouse()
    replace_catalog(connection, make_catalog_rows(catalog))
    _land_notices(connection, catalog.channels, known)
    _land_lists(connection, catalog.channels, known)
    wanted = set(TABLES)
    for model in reversed(MODELS):
        wanted |= model.reads if model.table in wanted else set()
    build_tables(connection, [model for model in MODELS if model.table in wanted])
    snapshot = publish_snapshot(connection, home, NOW, "0")
    assert snapshot is not None
    return snapshot


def _land_notices(connection: duckdb.DuckDBPyConnection, channels: tuple[Channel, ...], known: list[Row]) -> None:
    """Lands what each page says of the ids, as its reader would."""
    for channel in channels:
        own = [row for row in known if any(part in row["source"] for part in SOURCES.get(channel.target, ()))]
        bodies = make_bodies(map(_make_notice, list_told(own)), channel.base_url)
        told: list[RawRow] = [(channel.id, key, None, SEEN, body) for key, body in bodies.items()]
        if channel.source == "deprecations":
            fill(connection, "deprecations__notices", told)
            seen = {"event": "first_seen", "event_number": 1, "changed_at": f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}
            events = [(channel.id, f"{key}#1", None, SEEN, seen | {"notice_code": key}) for key in bodies]
            fill(connection, "deprecations__notice_events", events)
            connection.execute(
                "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, load_id)"
                " values (?, 'deprecations', 'notices', 'r', 1, ?, 'complete', 1)",
                [channel.id, SEEN],
            )


def list_told(rows: list[Row]) -> list[Row]:
    """Lists what a page itself writes: no unknown id, no prefix of a client, no name that only resolves to others."""
    names = {_strip(row["id"]): row for row in rows if row["end"] != "unknown"}
    others = {match[1] for name in names if (match := DATED.fullmatch(name))} - OWN
    return [{**row, "id": name} for name, row in names.items()
            if name not in others and not re.search(r"claude-3(?:.*-latest|\.5)", name)]  # fmt: skip


def _strip(name: str) -> str:
    """Strips prefixes; the ARN of a foundation model becomes `ID@REGION`."""
    if name.startswith("arn:"):
        model = PREFIX.sub("", name.rpartition("/")[2], count=1)
        return f"{model}@{name.split(':')[3]}" if "::" in name else model
    return PREFIX.sub("", name, count=1)


def _make_notice(row: Row) -> EndNotice:
    end, is_aws = row["end"].strip(">"), "aws.amazon" in row["source"]
    model, _, region = row["id"].partition("@") if is_aws else (row["id"], "", "")
    kind: PromiseKind = "not_before" if row["end"][0] == ">" else "exact" if end[0] == "2" else "unknown"
    told = Promise("2026-06-11", "exact") if row["end"] != "none" else UNKNOWN_DAY
    stage = {"none": "active", "undated": "deprecated"}.get(row["end"], "")
    return EndNotice(
        model, "model", "Models", "", told, shutdown=Promise(end if kind != "unknown" else None, kind), stage=stage,
        behaviour="unknown" if kind == "unknown" else "shutdown", region=(region or REGIONS) if is_aws else "",
    )  # fmt: skip


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
    for table, told in rows.items():
        fill(connection, table, told)
