"""The metadata of a set of files as Croissant 1.0, for programs."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from warehouse.snapshot import Snapshot, query

NAME = "croissant.json"
TITLE = "How well people are supported who build on large language models"
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


@dataclass(frozen=True, slots=True)
class SetLabel:
    """What a set says of itself as a whole."""

    publisher: str
    licence: str
    """SPDX identifier."""
    is_sample: bool
    version: str
    published: str
    """Day or instant."""
    description: str
    citation: str


@dataclass(frozen=True, slots=True)
class SetFile:
    """A file of a set."""

    name: str
    kind: str
    size: int
    sha256: str
    description: str


def describe_parquet(name: str, content: bytes, description: str) -> SetFile:
    """Describes a Parquet file by its content."""
    return SetFile(name, "application/x-parquet", len(content), hashlib.sha256(content).hexdigest(), description)


def make_croissant(
    snapshot: Snapshot, label: SetLabel, files: Sequence[SetFile], tables: Mapping[str, tuple[pa.Schema, str]]
) -> dict[str, Any]:
    """Makes the metadata; `tables` are the columns of each Parquet file by its stem, with what it holds."""
    comments = _read_comments(snapshot)
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "heartbeat-sample" if label.is_sample else "heartbeat",
        "description": f"{TITLE}: {label.description}",
        "license": f"https://spdx.org/licenses/{label.licence}.html",
        "url": "./",
        "version": label.version,
        "datePublished": label.published,
        "creator": {"@type": "sc:Organization", "name": label.publisher},
        "citeAs": f"{label.publisher}: Heartbeat, {label.citation}. {TITLE}.",
        "distribution": [
            {
                "@type": "cr:FileObject", "@id": file.name, "name": file.name, "description": file.description,
                "contentUrl": file.name, "encodingFormat": file.kind, "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet", "@id": name, "name": name, "description": words,
                "field": [_describe_field(name, field, comments) for field in schema],
            }
            for name, (schema, words) in tables.items()
        ],
    }  # fmt: skip


def _read_comments(snapshot: Snapshot) -> dict[str, str]:
    """Reads what the columns of the snapshot's tables mean."""
    rows = query(
        snapshot,
        "select column_name as name, max(comment) as comment from duckdb_columns() where comment is not null"
        " group by column_name",
    ).to_pylist()
    comments = {row["name"]: row["comment"] for row in rows}
    return comments | {"metric": "Name of the metric.", "is_sample": "Whether the figures are simulated, not measured."}


def _describe_field(table: str, field: pa.Field, comments: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "cr:Field", "@id": f"{table}/{field.name}", "name": field.name,
        "description": comments.get(field.name, ""), "dataType": _name_type(field.type),
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": field.name}},
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
