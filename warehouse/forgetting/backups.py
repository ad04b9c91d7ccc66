"""A backup without what was forgotten: each file that held it is replaced, and the manifest tells the new digests."""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.backups.contents import Piece
from warehouse.backups.manifest import ATTEMPTS, LANDING, PUBLISHED, KeptFile, locate_file, read_manifest
from warehouse.backups.writing import copy_private, keep_manifest, sweep_unlisted
from warehouse.database import WarehouseError
from warehouse.durable import explain_storage_faults, make_private_folder
from warehouse.forgetting.attempts import scrub_lines
from warehouse.forgetting.landed import Scrubbed, change_stored, make_scrub
from warehouse.forgetting.register import Forgotten
from warehouse.landing import list_landed, list_stored, open_zone, read_landed
from warehouse.lock import hold_lock


@dataclass(slots=True)
class BackupScrubber:
    """Takes what was forgotten out of one backup."""

    place: Path
    forgotten: Forgotten
    key_id: str
    is_dry: bool = False
    total: Scrubbed = field(default_factory=Scrubbed)

    def scrub(self, newest: Iterable[Piece]) -> Scrubbed:
        """Scrubs all files, and puts the newest snapshot and list of the forgotten in the place of the former ones.

        A backup that is broken off here is the former one, and the next try completes it. Raises LandingError, Locked
        or WarehouseError.
        """
        manifest = read_manifest(self.place)
        if manifest is None:
            raise WarehouseError(f"{self.place}: no backup is here")
        with explain_storage_faults("forget", self.place), hold_lock(self.place, "forget", name="backup"):
            files: dict[str, KeptFile] = {}
            for name, kept in manifest.files.items():
                files |= self._scrub_file(name, kept)
            if not self.is_dry:
                for piece in newest:
                    with piece.open() as source:
                        files |= self._write(piece.name, source.read())
                keep_manifest(self.place, manifest.model_copy(update={"files": files}))
                sweep_unlisted(self.place)
        return self.total

    def _scrub_file(self, name: str, kept: KeptFile) -> dict[str, KeptFile]:
        """Returns what takes the place of a file: itself, a changed one, or nothing."""
        content = self._read_verified(name, kept)
        if name.startswith(f"{PUBLISHED}/"):
            return {}
        if name.startswith(f"{LANDING}/") and name.endswith(".parquet"):
            name, new = self._scrub_landed(name, content)
        else:
            new = scrub_lines(content, self.forgotten) if name.startswith(f"{ATTEMPTS}/") else content
            self.total.texts += new != content
        return {name: kept} if new == content else self._write(name, new)

    def _read_verified(self, name: str, kept: KeptFile) -> bytes:
        path = locate_file(self.place, name, kept.sha256)
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != kept.sha256:
            raise WarehouseError(f"{name} is damaged or gone, so nobody knows what it held; remove this backup")
        return content

    def _scrub_landed(self, name: str, content: bytes) -> tuple[str, bytes]:
        """Scrubs a landed file or a pack in a zone of its own; a pack gets another name."""
        with tempfile.TemporaryDirectory(prefix="heartbeat-") as folder:
            path = Path(folder, name.removeprefix(f"{LANDING}/"))
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            zone = open_zone(folder)
            if any(read_landed(zone, one)[0].key_id not in ("", self.key_id) for one in list_landed(zone)[:1]):
                raise WarehouseError("of another home, whose key made other pseudonyms: forget there, with that key")
            change_stored(zone, str(path.relative_to(folder)), make_scrub(self.forgotten, self.total), self.is_dry)
            (changed,) = (path for paths in list_stored(zone) for path in paths)
            return f"{LANDING}/{changed}", Path(folder, changed).read_bytes()

    def _write(self, name: str, content: bytes) -> dict[str, KeptFile]:
        kept = KeptFile(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        target = locate_file(self.place, name, kept.sha256)
        make_private_folder(target.parent)
        part = target.with_name(f"{target.name}.part")
        copy_private(io.BytesIO(content), part)
        os.replace(part, target)
        return {name: kept}
