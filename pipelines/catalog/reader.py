"""The catalog: who is compared, and where support for them happens. One TOML file a family."""

import ipaddress
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from pipelines import sources
from pipelines.catalog.accounts import FILE, Account, read_accounts
from pipelines.catalog.entries import TABLES, Channel, Family, SharedChannels
from pipelines.catalog.faults import CatalogError, explain, line_of, nearest

SHIPPED = Path(__file__).parent
SHARED = "_shared"
"""The file of channels that many families use; their threads are attributed by what they mention."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """All families, all channels, and the accounts whose part is settled by hand."""

    families: tuple[Family, ...]
    channels: tuple[Channel, ...]
    accounts: tuple[Account, ...] = ()


def read_catalog(folders: Iterable[Path], private_hosts: frozenset[str] = frozenset()) -> Catalog:
    """Reads every `*.toml` of the folders; a later folder replaces a family of the same name.

    Raises CatalogError naming file, line and entry.
    """
    folders = list(folders)
    files = {path.stem: path for folder in folders for path in _files(folder)}
    families: list[Family] = []
    channels: list[Channel] = []
    for name, path in sorted(files.items()):
        entry = _read(name, path)
        own = tuple(channel.model_copy(update={"family": name}) for channel in entry.channels)
        for number, channel in enumerate(own):
            _check(channel, number, path, private_hosts)
        channels.extend(own)
        if isinstance(entry, Family):
            families.append(entry.model_copy(update={"id": name, "channels": own}))
    _refuse_twins(channels, files)
    _refuse_unknown_hosts(families, files)
    return Catalog(tuple(families), tuple(channels), read_accounts(folders))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CatalogError(f"{folder}: no such folder of family files (HEARTBEAT_CATALOG)")
    return sorted(path for path in folder.glob("*.toml") if path.stem != FILE)


def _read(name: str, path: Path) -> Family | SharedChannels:
    if not re.fullmatch(r"_?[a-z0-9][a-z0-9-]*", name):
        raise CatalogError(f"{path}: name the file in small letters, digits and '-', as {name.lower()!r} would be")
    text = path.read_text(encoding="utf-8")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path}: not valid TOML: {error}") from None
    try:
        return SharedChannels.model_validate(values) if name == SHARED else Family.model_validate(values)
    except ValidationError as error:
        raise CatalogError("\n".join(explain(path, text, fault, TABLES) for fault in error.errors())) from None


def _check(channel: Channel, number: int, path: Path, private_hosts: frozenset[str]) -> None:
    """Refuses what only the sources know to be wrong; `number` is the channel's place in its file."""

    def where(key: str) -> str:
        line = line_of(path.read_text(encoding="utf-8"), ["channel", str(number), key], "")
        return f"{path}:{line}: channel {channel.target!r}"

    if channel.source not in sources.list_sources():
        raise CatalogError(
            f"{where('source')}: unknown source {channel.source!r}{nearest(channel.source, sources.list_sources())}"
        )
    known = sources.get_streams(channel.source)
    for thing in channel.things:
        if thing not in known:
            raise CatalogError(f"{where('things')}: {channel.source} has no {thing!r}{nearest(thing, known)}")
    formats = getattr(sources.load_source(channel.source), "FORMATS", ())
    if (channel.format or formats) and channel.format not in formats:
        refusal = f"{channel.source} knows the formats {', '.join(formats) or 'none'}, not {channel.format!r}"
        raise CatalogError(f"{where('format')}: {refusal}{nearest(channel.format, formats)}")
    if channel.base_url:
        _check_url(where("base_url"), channel.base_url, private_hosts)


def _check_url(where: str, url: str, private_hosts: frozenset[str]) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in private_hosts:
        return
    if parts.scheme != "https" or not host or parts.username or parts.password:
        raise CatalogError(f"{where}: base_url must be an https URL without credentials")
    if host == "localhost" or _is_private(host):
        raise CatalogError(
            f"{where}: base_url names a private host; if that is meant, put {host} into HEARTBEAT_ALLOW_PRIVATE_HOSTS"
        )


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _refuse_twins(channels: list[Channel], files: dict[str, Path]) -> None:
    seen: dict[str, Channel] = {}
    for channel in channels:
        if channel.id in seen:
            raise CatalogError(
                f"{files[channel.family]}: channel {channel.target!r} of {channel.source} is there twice"
            )
        seen[channel.id] = channel


def _refuse_unknown_hosts(families: list[Family], files: dict[str, Path]) -> None:
    known = {family.id for family in families if family.side == "host"}
    for family in families:
        for host in family.hosts:
            if host not in known:
                line = line_of(files[family.id].read_text(encoding="utf-8"), ["hosts"], host)
                raise CatalogError(
                    f"{files[family.id]}:{line}: hosts: no host {host!r} in the catalog{nearest(host, known)}"
                )
