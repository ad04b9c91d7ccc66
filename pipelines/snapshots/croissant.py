"""The metadata of a published set as Croissant 1.0, for programs."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from warehouse.sharing.manifest import PublishedManifest
from warehouse.snapshot import Snapshot, query

NAME, FIGURES = "croissant.json", "figures.parquet"
TITLE = "How well people are supported who build on large language models"
RECORDS = (
    "One row per figure: a metric of a family in a kind of channel, a role, a segment, a statistic and a window, with"
    " its interval, its counts and its state."
)
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


def make_croissant(
    snapshot: Snapshot, manifest: PublishedManifest, content: bytes, schema: pa.Schema
) -> dict[str, Any]:
    """Makes the metadata of the snapshot's file and of the figures, whose Parquet content is given."""
    day, comments = f"{manifest.published_at:%Y-%m-%d}", _read_comments(snapshot)
    made_up = "a sample world, simulated by an emulator and not measured" if manifest.is_sample else "measured"
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "heartbeat-sample" if manifest.is_sample else "heartbeat",
        "description": f"{TITLE}: {made_up}, published by {manifest.publisher} on {day}.",
        "license": f"https://spdx.org/licenses/{manifest.licence}.html",
        "url": "./",
        "version": f"{manifest.version}.{manifest.build}.0",
        "datePublished": manifest.published_at.isoformat(),
        "creator": {"@type": "sc:Organization", "name": manifest.publisher},
        "citeAs": f"{manifest.publisher}: Heartbeat, snapshot of {day}. {TITLE}.",
        "distribution": [
            _describe_file(manifest.file, "application/vnd.duckdb", manifest.size, manifest.sha256,
                           "The whole snapshot: figures, the tables behind them, a comment on every column."),
            _describe_file(FIGURES, "application/x-parquet", len(content), hashlib.sha256(content).hexdigest(),
                           "All public figures in one table."),
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet", "@id": "figures", "name": "figures", "description": RECORDS,
                "field": [_describe_field(field, comments) for field in schema],
            }
        ],
    }  # fmt: skip


def _describe_file(name: str, kind: str, size: int, sha256: str, description: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject", "@id": name, "name": name, "description": description, "contentUrl": name,
        "encodingFormat": kind, "contentSize": f"{size} B", "sha256": sha256,
    }  # fmt: skip


def _read_comments(snapshot: Snapshot) -> dict[str, str]:
    """Reads what the columns of the snapshot's tables mean."""
    rows = query(
        snapshot,
        "select column_name as name, max(comment) as comment from duckdb_columns() where comment is not null"
        " group by column_name",
    ).to_pylist()
    comments = {row["name"]: row["comment"] for row in rows}
    return comments | {"metric": "Name of the metric."}


def _describe_field(field: pa.Field, comments: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "cr:Field", "@id": f"figures/{field.name}", "name": field.name,
        "description": comments.get(field.name, ""), "dataType": _name_type(field.type),
        "source": {"fileObject": {"@id": FIGURES}, "extract": {"column": field.name}},
    }  # fmt: skip


def _name_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "sc:Float"
    if pa.types.is_timestamp(kind):
        return "sc:DateTime"
    return "sc:Date" if pa.types.is_date(kind) else "sc:Text"
