"""The data card of a published set: the figures as one Parquet file, a README for people, Croissant for programs."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from warehouse.export import public_metrics, to_parquet
from warehouse.sharing.manifest import PublishedManifest
from warehouse.snapshot import Snapshot, query

FIGURES = "figures.parquet"
CROISSANT = "croissant.json"
README = "README.md"
TITLE = "How well people are supported who build on large language models"
HUB_LICENCES = frozenset({"apache-2.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc0-1.0", "mit", "odc-by"})
"""Licences that the Hub knows by their SPDX identifier in small letters; any other is `other` with a name."""
TYPES = {
    "VARCHAR": "sc:Text", "DOUBLE": "sc:Float", "BIGINT": "sc:Integer", "INTEGER": "sc:Integer",
    "HUGEINT": "sc:Integer", "BOOLEAN": "sc:Boolean", "TIMESTAMP": "sc:DateTime", "DATE": "sc:Date",
}  # fmt: skip
TEXT = """{front_matter}
# {title}

{sample}A snapshot of Heartbeat, which compares open and proprietary families of large
language models: how long people wait for answers, who answers, whether services stay up, what changes, and what one may
change oneself.

| | |
|---|---|
| Published by | {publisher} |
| Published at | {published_at:%Y-%m-%d %H:%M} UTC |
| Newest data | {data} |
| Made by | Heartbeat {code_version}, snapshot version {version} |
| Licence of the figures | {licence} |

## Look at it

`heartbeat up --from` and the address of this place opens all pages on this snapshot, without a token, and follows it
when it changes. The file `{file}` is an ordinary DuckDB file; `figures.parquet` holds all figures in one
table; `croissant.json` describes both. `heartbeat.json` names the current file with its digest and size.

## What is in it

Figures with interval, n, censoring, coverage, as-of time and window; the tables that they are made from, as counts,
instants, features and links. People are pseudonyms that this copy alone uses. Titles belong to their authors and are
quoted so that a figure can be traced to its public page.

## What is left out

{left_out}

## The metrics

{listed}
"""
"""The data card for people."""
_TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "dct": "http://purl.org/dc/terms/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"}, "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    **{term: f"cr:{term}" for term in _TERMS},
}  # fmt: skip
"""The context that Croissant 1.0 prescribes."""


def write_card(folder: Path, path: Path, manifest: PublishedManifest) -> list[Path]:
    """Writes the figures, the README and the Croissant metadata of a public copy; returns their paths."""
    snapshot = Snapshot(path, manifest.version, manifest.published_at, manifest.is_sample)
    metrics = public_metrics(snapshot)
    content = to_parquet(query(snapshot, select_figures([metric["name"] for metric in metrics])))
    (folder / FIGURES).write_bytes(content)
    croissant = make_croissant(manifest, content, _describe_columns(snapshot, metrics[0]["name"]))
    (folder / CROISSANT).write_text(json.dumps(croissant, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / README).write_text(make_readme(manifest, metrics), encoding="utf-8")
    return [folder / FIGURES, folder / CROISSANT, folder / README]


def select_figures(names: list[str]) -> str:
    """Renders the query for the figures of all these metrics as one table, in one order."""
    parts = [f"select '{name}' as metric, * from metrics.{name}" for name in names]
    return f"from ({' union all by name '.join(parts)}) order by all"


def _describe_columns(snapshot: Snapshot, metric: str) -> list[tuple[str, str, str]]:
    """Returns name, type and meaning of each column that all figures share."""
    rows = query(
        snapshot,
        "select column_name as name, data_type as type, coalesce(comment, '') as comment from duckdb_columns()"
        " where schema_name = 'metrics' and table_name = ? order by column_index",
        [metric],
    ).to_pylist()
    return [("metric", "VARCHAR", "Name of the metric.")] + [(row["name"], row["type"], row["comment"]) for row in rows]


def make_croissant(manifest: PublishedManifest, figures: bytes, columns: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Returns the metadata of a published set as Croissant 1.0."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "heartbeat-sample" if manifest.is_sample else "heartbeat",
        "description": f"{TITLE}: {_describe(manifest)}",
        "license": f"https://spdx.org/licenses/{manifest.licence}.html",
        "url": "./",
        "version": f"{manifest.version}.{manifest.build}.0",
        "datePublished": manifest.published_at.isoformat(),
        "creator": {"@type": "sc:Organization", "name": manifest.publisher},
        "citeAs": f"{manifest.publisher}: Heartbeat, snapshot of {manifest.published_at:%Y-%m-%d}. {TITLE}.",
        "isLiveDataset": True,
        "distribution": [
            _describe_file(manifest.file, "application/vnd.duckdb", manifest.size, manifest.sha256,
                           "The whole snapshot: figures, the tables behind them, a comment on every column."),
            _describe_file(FIGURES, "application/x-parquet", len(figures), hashlib.sha256(figures).hexdigest(),
                           "All public figures in one table."),
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet", "@id": "figures", "name": "figures",
                "description": "One row per figure: a metric of a family in a kind of channel, a role, a segment, a"
                " statistic and a window, with its interval, its counts and its state.",
                "field": [_describe_field(*column) for column in columns],
            }
        ],
    }  # fmt: skip


def _describe_file(name: str, kind: str, size: int, digest: str, description: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject", "@id": name, "name": name, "description": description, "contentUrl": name,
        "encodingFormat": kind, "contentSize": f"{size} B", "sha256": digest,
    }  # fmt: skip


def _describe_field(name: str, kind: str, comment: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field", "@id": f"figures/{name}", "name": name, "description": comment,
        "dataType": TYPES.get(kind, "sc:Text"),
        "source": {"fileObject": {"@id": FIGURES}, "extract": {"column": name}},
    }  # fmt: skip


def _describe(manifest: PublishedManifest) -> str:
    made_up = "a sample world, simulated by an emulator and not measured" if manifest.is_sample else "measured"
    return f"{made_up}, published by {manifest.publisher} on {manifest.published_at:%Y-%m-%d}."


def make_readme(manifest: PublishedManifest, metrics: list[dict[str, Any]]) -> str:
    """Returns the data card for people, with the front matter that the Hub reads."""
    data = f"{manifest.data_as_of:%Y-%m-%d %H:%M} UTC" if manifest.data_as_of else "nothing was collected"
    sample = "**Sample data.** Made-up numbers; they say nothing about any vendor or community.\n\n"
    left_out = "\n".join(f"- {escape_markdown(sentence)}" for sentence in manifest.left_out)
    listed = "\n".join(f"- `{metric['name']}`: {escape_markdown(metric['question'])}" for metric in metrics)
    return TEXT.format(
        front_matter=_make_front_matter(manifest), title=TITLE, sample=sample if manifest.is_sample else "",
        publisher=escape_markdown(manifest.publisher), published_at=manifest.published_at, data=data,
        code_version=escape_markdown(manifest.code_version), version=manifest.version, licence=manifest.licence,
        file=manifest.file, left_out=left_out, listed=listed,
    )  # fmt: skip


def _make_front_matter(manifest: PublishedManifest) -> str:
    licence = manifest.licence.lower()
    named = [f"license: {licence}"] if licence in HUB_LICENCES else ["license: other", f"license_name: {licence}"]
    lines = [
        *named,
        f"pretty_name: {json.dumps('Heartbeat, sample world' if manifest.is_sample else 'Heartbeat')}",
        "language: [en]",
        "tags: [developer-support, reliability, statistics, croissant]",
        "configs:",
        "- config_name: figures",
        f"  data_files: {FIGURES}",
    ]
    return "\n".join(["---", *lines, "---"])


def escape_markdown(text: str) -> str:
    """Escapes text of others, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text.replace("\n", " "))
