"""What a landed file says of itself: its manifest, and the digests by which its rows and its manifest are verified."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from warehouse.faults import Fault, LandingError
from warehouse.notes import Note

INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("thing", pa.string()),
        ("key", pa.string()),
        ("source_time", INSTANT),
        ("seen_at", INSTANT),
        ("body", pa.string()),
    ]
)
MANIFEST_KEY, DIGEST_KEY = b"heartbeat", b"heartbeat-digest"
"""Keys of a file's footer: its manifest, which holds the digest of the rows, and the digest of the manifest's text."""
REMEDY = "move it out of the landing zone and collect again"


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
    rows_digest: str = ""
    """Digest of the file's rows."""
    key_id: str = ""
    """Id of the key that made the pseudonyms; empty in a sample world."""


def digest_rows(table: pa.Table) -> str:
    """Computes the digest of the rows of a table (`SCHEMA`) in their order, however they are grouped in a file."""
    lengths, values = [], []
    for name in SCHEMA.names:
        texts = _list_texts(table[name])
        # A null differs from an empty text by its length alone, and so do values that run into each other.
        lengths.append("".join([f"{'-' if text is None else len(text)}," for text in texts]).encode())
        values.append("".join(filter(None, texts)).encode("utf-8", "surrogatepass"))
    return _digest(b"".join(_digest(part) for part in (*lengths, *values))).hex()


def _list_texts(column: pa.ChunkedArray) -> list[str | None]:
    """Lists the values of a column as texts: instants as microseconds."""
    if pa.types.is_string(column.type):
        return list(column.to_pylist())
    # A cast would load all of PyArrow's functions, and NumPy with them.
    instants = [instant for chunk in column.chunks for instant in chunk.view(pa.int64()).to_pylist()]
    return [None if instant is None else str(instant) for instant in instants]


def seal_manifest(text: str) -> dict[str, str]:
    """Returns the entries of a footer: a manifest as JSON, and the digest by which it is verified."""
    return {MANIFEST_KEY.decode(): text, DIGEST_KEY.decode(): _digest(text.encode()).hex()}


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def parse_manifest(path: str, metadata: Mapping[bytes, bytes] | None) -> Manifest:
    """Parses the manifest in a landed file's metadata. Raises LandingError if there is none that can be read."""
    entries = metadata or {}
    text = entries.get(MANIFEST_KEY)
    if text is not None and entries.get(DIGEST_KEY) != _digest(text).hex().encode():
        raise LandingError(f"{path}: damaged: its cursors and counts are not those that were landed; {REMEDY}")
    try:
        return Manifest(**json.loads(text or b""))
    except (TypeError, ValueError):
        raise LandingError(f"{path}: not a Heartbeat file; move it out of the landing zone") from None
