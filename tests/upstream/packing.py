"""Packs landed files into one archive for each source, and unpacks them: the same rows always give the same bytes."""

import hashlib
import io
import json
import lzma
import re
import tarfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse.landing import list_landed, open_zone, read_landed
from warehouse.manifest import Manifest, pack_file

EMULATOR, ETAG = re.compile(r"http://127\.0\.0\.1:\d+"), re.compile(r'"etag": "(?:[^"\\]|\\.)*"')
PAGE = re.compile(r"^https?://(?!made-up\.example)")
ELSEWHERE = "https://made-up.example"
"""Where what is made up is said to be: at a host that nobody can own (RFC 2606), for the emulator's own address, whose
port is another in each run, and for those of real sites, where a link would lead to somebody else's words."""
PRESET = 2
"""A sixth of the usual preset's time for an eighth more room."""
LANDED = Path(__file__).parent / "landed"
"""The landed files of the sample world: one archive for each source."""
ENDING = ".tar.xz"


def list_archives(folder: Path = LANDED) -> list[Path]:
    """Lists the archives of a folder, by source."""
    return sorted(folder.glob(f"*{ENDING}"))


def unpack_archives(landing: Path) -> None:
    """Unpacks every archive of the sample world into a landing zone."""
    for path in list_archives():
        with tarfile.open(path) as archive:
            archive.extractall(landing, filter="data")


def pack(landing: Path, folder: Path) -> None:
    """Writes the archives of a landing zone into a folder, instead of those that are there; equal ones are not
    touched."""
    made = {f"{source}{ENDING}": compress_files(files) for source, files in _read_files(landing).items()}
    for path in list_archives(folder):
        if path.name not in made:
            path.unlink()
    for name, archive in made.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != archive:
            path.write_bytes(archive)


def _read_files(landing: Path) -> dict[str, list[tuple[str, bytes]]]:
    """The files of each source by path, written again without what differs from run to run."""
    zone, found = open_zone(str(landing)), defaultdict[str, list[tuple[str, bytes]]](list)
    for path in list_landed(zone):
        manifest, table = read_landed(zone, path)
        name = f"{manifest.channel_id} {manifest.number}"
        stamp = manifest.run_id.rpartition("-")[0]
        own = replace(manifest, run_id=f"{stamp}-{hashlib.sha256(name.encode()).hexdigest()[:8]}")
        found[manifest.source].append((path.replace(manifest.run_id, own.run_id), _write_file(own, table)))
    return found


def _write_file(manifest: Manifest, table: pa.Table) -> bytes:
    """A Parquet file that is not compressed: the archive is, over all its files, and so takes a sixth of the room."""
    rows = [_replace_pages(row) for row in table.to_pylist()]
    rows.sort(key=lambda row: (row["seen_at"], row["thing"], row["key"], str(row)))
    slip = ETAG.sub('"etag": ""', EMULATOR.sub(ELSEWHERE, json.dumps(asdict(replace(manifest, key_id="")))))
    return pack_file(
        Manifest(**json.loads(slip)), pa.Table.from_pylist(rows, table.schema), compression="none", use_dictionary=False
    )


def _replace_pages(row: dict[str, Any]) -> dict[str, Any]:
    """Replaces the addresses of a row's pages."""
    texts = {name: EMULATOR.sub(ELSEWHERE, value) for name, value in row.items() if isinstance(value, str)}
    return row | texts | {name: PAGE.sub(f"{ELSEWHERE}/", texts[name]) for name in ("url", "fix_url") if name in texts}


def compress_files(files: Sequence[tuple[str, bytes]], preset: int = PRESET) -> bytes:
    """Returns an archive of files by name; the same files always give the same bytes."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return lzma.compress(sink.getvalue(), preset=preset)
