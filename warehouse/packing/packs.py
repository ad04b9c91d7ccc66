"""A pack: one Parquet file that holds landed files of a channel as members, and the shelf that finds and reads them.

It lies in `{channel_id}/packed/` and is called `{first number}-{last number}-{random}.parquet`. Its footer lists the
members with the footer of each, word for word; the rows of a member are never split between two groups of rows, so
that one damaged group costs its own members only.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import RLock
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from warehouse.faults import LandingError, ZoneError
from warehouse.manifest import DIGEST_KEY, FORMAT_KEY, PACKED_FORMAT, SCHEMA, check_format, digest_text

FOLDER = "packed"
ROWS_PER_GROUP = 2_000
"""Rows from which on a group of rows takes no further member."""
INDEX_KEY, FOOTERS_KEY = b"heartbeat-pack", b"heartbeat-pack-footers"
"""Keys of a pack's footer: where each member lies, and the footers of the members."""
REMEDY = "restore it from a backup, or move it out of the landing zone to go on without what it holds"
MOST_BYTES = 256 * 2**20
"""Bytes of a list beyond which a pack is none: 4,000 manifests of 64 KB."""
UNREADABLE = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, zlib.error)
Footer = dict[bytes, bytes]
"""The entries of a landed file's footer: its manifest, and the manifest's digest."""


@dataclass(frozen=True, slots=True)
class Member:
    """Where a landed file lies in a pack: its group of rows (-1 where it has none), its first row there, its rows."""

    path: str
    group: int
    start: int
    count: int


def is_pack(path: str) -> bool:
    """Tells whether a file of the zone is a pack, by its folder."""
    return PurePosixPath(path).parent.name == FOLDER


def find_last_number(path: str) -> tuple[int, str]:
    """Returns the number of a landed file, or the last one in a pack, and the name, to order a channel's files by."""
    name = PurePosixPath(path).name
    found = re.match(r"\d+-(\d+)-" if is_pack(path) else r"(\d+)", name)
    return (int(found[1]) if found else 0, "" if is_pack(path) else name)


def read_loose(file: pa.NativeFile) -> tuple[Footer, pa.Table]:
    """Reads the footer and the rows of a landed file that is in no pack."""
    parquet = pq.ParquetFile(file)
    return parquet.metadata.metadata or {}, parquet.read()


def write_pack(sink: Any, landed: Iterable[tuple[str, Footer, pa.Table]]) -> frozenset[str]:
    """Writes landed files, each by name, footer and rows, as a pack, and returns their names."""
    members: list[Member] = []
    footers: list[Footer] = []
    group: list[pa.Table] = []
    groups = rows = 0
    with pq.ParquetWriter(sink, SCHEMA, compression="zstd", compression_level=9) as parquet:
        for name, footer, table in landed:
            members.append(Member(name, groups if table.num_rows else -1, rows, table.num_rows))
            footers.append(footer)
            group, rows = [*group, table], rows + table.num_rows
            if rows >= ROWS_PER_GROUP:
                parquet.write_table(pa.concat_tables(group), row_group_size=rows)
                group, groups, rows = [], groups + 1, 0
        if rows:
            parquet.write_table(pa.concat_tables(group), row_group_size=rows)
        parquet.add_key_value_metadata(seal_pack(members, footers))
    return frozenset(member.path for member in members)


def seal_pack(members: Sequence[Member], footers: Sequence[Footer]) -> dict[str, str]:
    """Returns the entries of a pack's footer."""
    index = _shrink([[member.path, member.group, member.start, member.count] for member in members])
    texts = _shrink([{key.decode(): text.decode() for key, text in footer.items()} for footer in footers])
    return {
        FORMAT_KEY.decode(): str(PACKED_FORMAT), INDEX_KEY.decode(): index, FOOTERS_KEY.decode(): texts,
        DIGEST_KEY.decode(): digest_text((index + texts).encode()),
    }  # fmt: skip


def _shrink(value: object) -> str:
    # Thousands of manifests are much alike, and Parquet stores a footer as it is.
    return base64.b85encode(zlib.compress(json.dumps(value).encode(), 9)).decode()


def _unfold(text: bytes) -> list[Any]:
    opening = zlib.decompressobj()
    content = opening.decompress(base64.b85decode(text), MOST_BYTES)
    if opening.unconsumed_tail:
        raise ValueError("too large")
    listed = json.loads(content)
    if not isinstance(listed, list):
        raise TypeError("no list")
    return listed


def parse_index(path: str, entries: Mapping[bytes, bytes]) -> list[Member]:
    """Parses the list of a pack's members. Raises LandingError where it is not what was written."""
    check_format(path, entries)
    try:
        index = entries[INDEX_KEY]
        is_sound = entries[DIGEST_KEY] == digest_text(index + entries[FOOTERS_KEY]).encode()
        members = [_read_member(*entry) for entry in _unfold(index)] if is_sound else []
    except UNREADABLE as error:
        raise LandingError(f"{path}: unreadable ({type(error).__name__}); {REMEDY}") from None
    if not is_sound:
        raise LandingError(f"{path}: damaged: its list is not the one that was written; {REMEDY}")
    return members


def parse_footers(path: str, entries: Mapping[bytes, bytes]) -> list[Footer]:
    """Parses the footers of a pack's members. Raises LandingError."""
    try:
        listed = _unfold(entries[FOOTERS_KEY])
        return [{key.encode(): text.encode() for key, text in entry.items()} for entry in listed]
    except UNREADABLE as error:
        raise LandingError(f"{path}: unreadable ({type(error).__name__}); {REMEDY}") from None


def _read_member(path: object, *numbers: object) -> Member:
    group, start, count = numbers
    if not isinstance(path, str) or not all(type(number) is int and -1 <= number < 2**31 for number in numbers):
        raise TypeError("no member")
    return Member(path, int(str(group)), int(str(start)), int(str(count)))


class Pack:
    """A pack that is open. Raises LandingError where it cannot be read."""

    def __init__(self, files: fs.FileSystem, root: str, path: str) -> None:
        self._files, self._root, self.path = files, root, path
        try:
            with files.open_input_file(f"{root}/{path}") as file:
                self._entries = pq.read_metadata(file).metadata or {}
        except FileNotFoundError:
            raise
        except (OSError, ValueError, pa.ArrowException) as error:
            raise LandingError(f"{path}: unreadable ({type(error).__name__}); {REMEDY}") from None
        self._footers: list[Footer] = []
        self.members = {member.path: (place, member) for place, member in enumerate(parse_index(path, self._entries))}

    def read_footer(self, name: str) -> Footer:
        """Reads the footer of a member. Raises LandingError."""
        # Listing needs none of them, and they are most of a pack's own list.
        self._footers = self._footers or parse_footers(self.path, self._entries)
        return self._footers[self.members[name][0]]

    def read_group(self, group: int) -> pa.Table:
        """Reads a group of rows. Raises OSError or ArrowException where it cannot be read."""
        with self._files.open_input_file(f"{self._root}/{self.path}") as file:
            return pq.ParquetFile(file).read_row_group(group)


class Shelf:
    """The packs of an open zone: which landed file lies in which, as listed last, and the group of rows read last."""

    def __init__(self, files: fs.FileSystem, root: str) -> None:
        self._files, self._root = files, root
        self._packs: dict[str, Pack] = {}
        self._places: dict[str, Pack] = {}
        self._read: tuple[str, int, pa.Table] = ("", -1, SCHEMA.empty_table())
        self._lock = RLock()

    def open_pack(self, path: str) -> Pack:
        """Opens a pack, or returns the one that is open already: a pack never changes. Raises LandingError, and
        FileNotFoundError where another one has taken its place."""
        with self._lock:
            if path not in self._packs:
                pack = self._packs[path] = Pack(self._files, self._root, path)
                self._places |= dict.fromkeys(pack.members, pack)
            return self._packs[path]

    def list_members(self, path: str) -> list[str]:
        """Lists the landed files in a pack; of one that cannot be read, its own name, which reading then refuses."""
        try:
            return list(self.open_pack(path).members)
        except ZoneError:
            raise
        except (FileNotFoundError, LandingError):
            return [path]

    def find(self, name: str) -> Pack | None:
        """Finds the pack that holds a landed file, among those that are open."""
        return self._places.get(name)

    def read_rows(self, pack: Pack, name: str) -> pa.Table:
        """Reads the rows of a member. Raises OSError or ArrowException where they cannot be read."""
        _, member = pack.members[name]
        if member.group < 0:
            return SCHEMA.empty_table()
        read = self._read
        if read[:2] != (pack.path, member.group):
            read = self._read = (pack.path, member.group, pack.read_group(member.group))
        return read[2].slice(member.start, member.count)

    def close(self) -> None:
        """Forgets what is open, so that it is listed anew."""
        with self._lock:
            self._packs, self._places, self._read = {}, {}, ("", -1, SCHEMA.empty_table())
