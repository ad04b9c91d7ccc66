"""Copies outside of the home without what was forgotten: backups, exports, and what was published for others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.snapshots.places import open_target
from pipelines.snapshots.publishing import Publication, publish_set, read_published_manifest
from warehouse.backups.contents import Contents, Piece
from warehouse.backups.manifest import NAME as BACKUP_NAME
from warehouse.database import WarehouseError
from warehouse.faults import LandingError
from warehouse.forgetting.backups import BackupScrubber
from warehouse.forgetting.exports import list_exported, must_go
from warehouse.forgetting.places import CopyKind, read_places, remember_place
from warehouse.forgetting.register import Forgotten
from warehouse.landing import Zone
from warehouse.lock import Locked
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.manifest import NAME as PUBLIC_NAME

Counts = dict[str, int]


@dataclass(slots=True)
class CopyReport:
    """What came of all copies."""

    counts: Counts = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def count(self, what: str, number: int) -> None:
        """Counts what was taken out."""
        self.counts[what] = self.counts.get(what, 0) + number


@dataclass(slots=True)
class CopyScrubber:
    """Goes through all copies that a home knows."""

    settings: Settings
    zone: Zone
    forgotten: Forgotten
    key_id: str
    is_dry: bool
    report: CopyReport = field(default_factory=CopyReport)

    def scrub_all(self) -> CopyReport:
        """Scrubs every copy, and says which could not be."""
        scrubs = {
            CopyKind.BACKUP: self._scrub_backup,
            CopyKind.EXPORT: self._remove_exported,
            CopyKind.PUBLIC: self._publish_anew,
        }
        for kind, places in read_places(self.settings.home).items():
            for place in places:
                try:
                    scrubs[kind](place)
                except (LandingError, Locked, OSError, SettingsError, WarehouseError) as error:
                    self.report.troubles.append(f"{kind} {place}: {error}")
        return self.report

    def _scrub_backup(self, place: str) -> None:
        self._refuse_missing(Path(place))
        newest: list[Piece] = []
        if not self.is_dry:
            contents = Contents(self.settings, self.zone, None)
            newest = [*contents.list_published(), *contents.list_forgotten()]
        found = BackupScrubber(Path(place), self.forgotten, self.key_id, self.is_dry).scrub(newest)
        self.report.count("rows in backups", found.rows)
        self.report.count("texts in backups", found.texts)

    def _remove_exported(self, place: str) -> None:
        # Whoever threw an export away need not say so.
        for path in list_exported(Path(place)):
            try:
                if not must_go(path, place, self.forgotten):
                    continue
            except WarehouseError as error:  # the files beside it go all the same
                self.report.troubles.append(f"{CopyKind.EXPORT} {place}: {error}")
                continue
            if not self.is_dry:
                path.unlink()
            self.report.removed.append(str(path))
            self.report.count("exported files", 1)

    def _publish_anew(self, place: str) -> None:
        if "://" not in place:
            self._refuse_missing(Path(place))
        _, former = read_published_manifest(open_target(self.settings, place), place)
        if former is None:
            raise WarehouseError(f"holds no copy that can be read; {_advise_thrown(place)}")
        if former.is_sample:
            return
        if not self.is_dry:
            publication = Publication(place, former.publisher, former.licence, is_sample=False, keeps_former=False)
            publish_set(self.settings, publication)
        self.report.count("public copies made anew", 1)

    def _refuse_missing(self, place: Path) -> None:
        if not place.exists():
            raise WarehouseError(f"is not there; {_advise_thrown(str(place))}")


def _advise_thrown(place: str) -> str:
    return f"run this again where it is, or with --thrown-away {place} if it no longer exists"


def remember_also(home: Path, also: Sequence[Path]) -> None:
    """Adds places that the user names to those that are known, by what they hold. Raises SettingsError."""
    for place in also:
        if not place.exists():
            raise SettingsError(f"--also {place}: is not there")
        if home.absolute().is_relative_to(place.absolute()) or (place / "landing").is_dir():
            raise SettingsError(f"--also {place}: holds a home; run this with HEARTBEAT_HOME={place} for another one")
        kinds = {BACKUP_NAME: CopyKind.BACKUP, PUBLIC_NAME: CopyKind.PUBLIC}
        kind = next((kind for name, kind in kinds.items() if (place / name).exists()), CopyKind.EXPORT)
        remember_place(home, kind, str(place.absolute()))
