"""The catalog: the compared families and their support channels, with one TOML file per family."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from pipelines.catalog.accounts import FILE, Account, read_accounts
from pipelines.catalog.channel_rules import find_channel_faults
from pipelines.catalog.entries import TABLES, Channel, Family, SharedChannels
from pipelines.catalog.faults import CatalogError, explain_fault, find_line, suggest

SHIPPED = Path(__file__).parent
SHARED = "_shared"
"""Name of the file of shared channels, whose threads are attributed by mentions."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """All families, all channels, and the accounts whose roles are set by hand."""

    families: tuple[Family, ...]
    channels: tuple[Channel, ...]
    accounts: tuple[Account, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict, compare=False)
    """The file of each family and of the shared channels; empty if not read from files."""

    @property
    def flagships(self) -> tuple[str, ...]:
        """IDs of the flagships: the first enabled tracker that each family's file lists. Shared channels have none.

        Families with the most channels come first, as most is asked about them; then hosts, then what has ended.
        """
        first: dict[str, str] = {}
        for channel in self.channels:
            if channel.kind == "tracker" and channel.enabled and channel.family != SHARED:
                first.setdefault(channel.family, channel.id)
        ranks = {
            family.id: (family.ended_on is not None, family.side == "host", -len(family.channels), family.id)
            for family in self.families
        }
        return tuple(first[family] for family in sorted(first, key=lambda family: ranks.get(family, (True,))))


def read_catalog(folders: Iterable[Path], private_hosts: frozenset[str] = frozenset()) -> Catalog:
    """Reads every `*.toml` of the folders; a later folder replaces a family of the same name.

    Raises CatalogError with file, line and entry of every fault in all files.
    """
    folders = list(folders)
    files = {path.stem: path for folder in folders for path in _list_files(folder)}
    families: list[Family] = []
    channels: list[Channel] = []
    faults: list[str] = []
    for name, path in sorted(files.items()):
        try:
            entry, own = _read_file(name, path, private_hosts)
        except CatalogError as error:
            # Collected rather than raised, so that all faults can be fixed in one pass.
            faults.append(str(error))
            continue
        channels.extend(own)
        if isinstance(entry, Family):
            families.append(entry.model_copy(update={"id": name, "channels": own}))
    faults.extend(_find_twins(channels, files))
    if len(families) + (SHARED in files) == len(files):  # else the host may be in an unreadable file
        faults.extend(_find_unknown_hosts(families, files))
    if faults:
        raise CatalogError("\n".join(faults))
    return Catalog(tuple(families), tuple(channels), read_accounts(folders), files)


def _list_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CatalogError(f"{folder}: no such folder; HEARTBEAT_CATALOG must name a folder of family files")
    return sorted(path for path in folder.glob("*.toml") if path.stem != FILE)


def _read_file(
    name: str, path: Path, private_hosts: frozenset[str]
) -> tuple[Family | SharedChannels, tuple[Channel, ...]]:
    """Reads one file and its channels. Raises CatalogError with all faults of the file."""
    if not re.fullmatch(r"_?[a-z0-9][a-z0-9-]*", name):
        raise CatalogError(
            f"{path}: use only lower-case letters, digits and '-' in the file name, such as {name.lower()!r}"
        )
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path}: not valid TOML: {error}") from None
    try:
        entry = SharedChannels.model_validate(values) if name == SHARED else Family.model_validate(values)
    except ValidationError as error:
        raise CatalogError("\n".join(explain_fault(path, text, fault, TABLES) for fault in error.errors())) from None
    own = tuple(channel.model_copy(update={"family": name}) for channel in entry.channels)
    faults = [
        fault
        for number, channel in enumerate(own)
        for fault in find_channel_faults(channel, number, path, text, private_hosts)
    ]
    if faults:
        raise CatalogError("\n".join(faults))
    return entry, own


def _find_twins(channels: list[Channel], files: Mapping[str, Path]) -> Iterator[str]:
    """Yields duplicate channels, which would be counted twice."""
    ids = set[str]()
    for channel in channels:
        if channel.id in ids:
            yield f"{files[channel.family]}: duplicate channel {channel.target!r} of {channel.source}; remove one"
        ids.add(channel.id)


def _find_unknown_hosts(families: list[Family], files: Mapping[str, Path]) -> Iterator[str]:
    """Yields hosts that a family lists but no file describes."""
    hosts = {family.id for family in families if family.side == "host"}
    for family in families:
        for host in family.hosts:
            if host not in hosts:
                line = find_line(files[family.id].read_text(encoding="utf-8"), ["hosts"], host)
                yield f"{files[family.id]}:{line}: hosts: no host {host!r} in the catalog{suggest(host, hosts)}"
