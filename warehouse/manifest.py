"""A landed file: its columns, its manifest, and the digest by which it is verified."""

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.faults import Fault, LandingError
from warehouse.notes import Note

INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("thing", pa.string()),
        ("key", pa.string()),
        ("source_time", INSTANT),
        ("seen_at", INSTANT),
        ("misfit", pa.struct([("field", pa.string()), ("wanted", pa.string()), ("value", pa.string())])),
    ]
)
"""Columns of every landed file. The fields of its streams follow (`warehouse.schema.fields`); `misfit` is the first of
them whose value does not fit, which rejects the row."""
MANIFEST_KEY, DIGEST_KEY = b"heartbeat-2", b"heartbeat-digest"
"""Keys of a file's footer: its manifest, by the version of the format, and the digest of all its other bytes."""
BLANK = "-" * 32
"""What the file holds in place of its digest while that is computed."""
STRANGE = "not a landed file of this version of Heartbeat"
REMEDY = "restore it from a backup, or move it out of the landing zone and collect again"


@dataclass(slots=True)
class Outcome:
    """The outcome of one visit to one stream."""

    state: str = "failed"
    """complete | unchanged | partial | failed | skipped"""
    rows: int = 0
    expected: int | None = None
    total: int | None = None
    """Number of items that the source reports holding in all; None if not reported."""
    waiting: int | None = None
    """Number of expected items left to a later visit; None means all except the rows of this visit."""
    older: int | None = None
    """Number of items that the source holds from before the collected window; None if not reported."""
    passed_over: int = 0
    """Number of items that the source does not return in full: they are missing, and asked again by later visits."""
    reach_at: str = ""
    """Start of the range read completely; empty for streams that are not read backwards."""
    known_until: str = ""
    """Instant until which all changes of the items held are read, however much of the rest is; empty if not stated."""
    requests: int = 0
    points: int = 0
    error: str = ""
    fault: Fault = Fault.NONE
    """The cause of `error`."""
    notes: list[Note] = field(default_factory=list)
    """What the reader skipped or excluded, by name."""


@dataclass(slots=True)
class Manifest:
    """The metadata of a landed file, stored in its Parquet footer."""

    channel_id: str
    source: str
    run_id: str
    number: int
    part: int
    started_at: str
    finished_at: str = ""
    is_last: bool = False
    is_sample: bool = False
    cursors: dict[str, Any] = field(default_factory=dict)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    key_id: str = ""
    """Id of the key that made the pseudonyms; empty in a sample world."""


def pack_file(manifest: Manifest, table: pa.Table, **options: Any) -> bytes:
    """Packs rows with their manifest into a landed file."""
    sink = io.BytesIO()
    # Arrow's own schema says nothing that Parquet's does not.
    with pq.ParquetWriter(sink, table.schema, write_statistics=False, store_schema=False, **options) as parquet:
        parquet.write_table(table)
        parquet.add_key_value_metadata({MANIFEST_KEY: json.dumps(asdict(manifest)), DIGEST_KEY: BLANK})
    # The footer comes last.
    head, _, tail = sink.getvalue().rpartition(BLANK.encode())
    return head + _digest(head + tail) + tail


def unpack_file(path: str, data: bytes) -> tuple[Manifest, pq.ParquetFile]:
    """Opens a landed file. Raises LandingError if it is damaged, or not of this format."""
    try:
        parquet = pq.ParquetFile(pa.BufferReader(data))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise LandingError(f"{path}: unreadable ({error}); {REMEDY}") from None
    entries = parquet.metadata.metadata or {}
    if MANIFEST_KEY not in entries or len(entries.get(DIGEST_KEY, b"")) != len(BLANK):
        raise LandingError(f"{path}: {STRANGE}; {REMEDY}")
    head, digest, tail = data.rpartition(entries[DIGEST_KEY])
    if digest != _digest(head + tail):
        raise LandingError(f"{path}: damaged: it is not as it was landed; {REMEDY}")
    return parse_manifest(path, entries[MANIFEST_KEY]), parquet


def parse_manifest(path: str, text: bytes) -> Manifest:
    """Parses a landed file's manifest. Raises LandingError."""
    try:
        manifest = Manifest(**json.loads(text))
        _refuse_untyped(manifest)
        return manifest
    except (RecursionError, TypeError, ValueError):
        raise LandingError(f"{path}: {STRANGE}; {REMEDY}") from None


def _refuse_untyped(manifest: Manifest) -> None:
    """Raises ValueError if a value is of another type, or the visit's begin is no instant."""
    types = get_type_hints(Manifest)
    is_typed = all(isinstance(getattr(manifest, name), get_origin(type_) or type_) for name, type_ in types.items())
    if not is_typed or not all(isinstance(outcome, dict) for outcome in manifest.outcomes.values()):
        raise ValueError
    if datetime.fromisoformat(manifest.started_at).tzinfo is None:
        raise ValueError


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()
