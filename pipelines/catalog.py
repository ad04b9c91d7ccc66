"""The catalog: who is compared, and where support for them happens. One TOML file a family."""

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipelines import sources

SHIPPED = Path(__file__).parent / "catalog"
SHARED = "_shared"
"""The file of channels that many families use; their threads are attributed by what they mention."""

Role = Literal["model", "runtime", "sdk", "cli", "hub", "forum", "subreddit", "status", "changelog", "deprecations", "prices", "packages"]
Kind = Literal["tracker", "hub", "forum", "subreddit", "status", "changelog", "deprecations", "prices", "packages"]
State = Literal["not applicable", "closed by policy", "not observable", "not collected"]
KINDS: dict[str, str] = {"model": "tracker", "runtime": "tracker", "sdk": "tracker", "cli": "tracker"}


class CatalogError(Exception):
    """An entry cannot be used; the message names file, line and entry, and the nearest valid word."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(_Entry):
    """One place where support happens."""

    source: str
    target: str = Field(min_length=1, max_length=200)
    """`owner/name` of a repository, an organisation of the hub, or the host of a page."""
    role: Role
    official: bool = True
    base_url: str = ""
    """Only where it is not the source's own default: an Enterprise server, a mirror, a test."""
    format: str = ""
    """Which of the source's formats the upstream speaks."""
    things: tuple[str, ...] = ()
    """Only these things of the source; empty means all."""
    cadence_hours: float = Field(6, gt=0, le=24 * 31)
    enabled: bool = True
    staff: tuple[str, ...] = ()
    """Logins known to be the vendor's staff."""
    components: tuple[str, ...] = ()
    """Status components that are the product compared here (its API); empty means all."""
    models: tuple[str, ...] = ()
    """Hub models whose details are read each day."""
    note: str = ""
    family: str = ""
    """Filled from the file's name."""

    @field_validator("target")
    @classmethod
    def _plain(cls, target: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", target) or ".." in target:
            raise ValueError("use letters, digits, '.', '_', '-' and '/' only")
        return target

    @property
    def id(self) -> str:
        """Names the channel everywhere, safe as a folder name: `gpt.github.openai-openai-python`."""
        return f"{self.family}.{self.source}.{re.sub(r'[^a-z0-9._-]', '-', self.target.lower())}"

    @property
    def kind(self) -> str:
        """Which channels it may be compared with: a tracker with a tracker, a forum with a forum."""
        return KINDS.get(self.role, self.role)


class Absence(_Entry):
    """A kind of channel that a family has not, and why: never drawn as zero."""

    kind: Kind
    state: State
    why: str = Field(min_length=10)


class Family(_Entry):
    """One family of models, open or proprietary."""

    title: str
    side: Literal["open", "proprietary"]
    vendor: str
    mentions: tuple[str, ...] = Field(min_length=1)
    """Names by which people mention it, matched as whole words without regard to case."""
    checked_on: date
    """When somebody last checked this entry against its sources."""
    channels: tuple[Channel, ...] = Field(default=(), alias="channel")
    absences: tuple[Absence, ...] = Field(default=(), alias="absent")
    id: str = ""


class _Shared(_Entry):
    title: str
    channels: tuple[Channel, ...] = Field(alias="channel")


@dataclass(frozen=True, slots=True)
class Catalog:
    """All families and all channels."""

    families: tuple[Family, ...]
    channels: tuple[Channel, ...]


def read_catalog(folders: Iterable[Path], private_hosts: frozenset[str] = frozenset()) -> Catalog:
    """Reads every `*.toml` of the folders; a later folder replaces a family of the same name.

    Raises CatalogError naming file, line and entry.
    """
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
    return Catalog(tuple(families), tuple(channels))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CatalogError(f"{folder}: no such folder of family files (HEARTBEAT_CATALOG)")
    return sorted(folder.glob("*.toml"))


def _read(name: str, path: Path) -> Family | _Shared:
    if not re.fullmatch(r"_?[a-z0-9][a-z0-9-]*", name):
        raise CatalogError(f"{path}: name the file in small letters, digits and '-', as {name.lower()!r} would be")
    text = path.read_text(encoding="utf-8")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path}: not valid TOML: {error}") from None
    try:
        return _Shared.model_validate(values) if name == SHARED else Family.model_validate(values)
    except ValidationError as error:
        raise CatalogError("\n".join(_explain(path, text, fault) for fault in error.errors())) from None


def _explain(path: Path, text: str, fault: Any) -> str:
    place = [str(part) for part in fault["loc"]]
    word = str(fault.get("input", ""))[:60] if fault["type"] != "missing" else ""
    reason = fault["msg"]
    if fault["type"] == "extra_forbidden":
        reason = f"unknown key{_nearest(place[-1], _keys(place[0]) if len(place) > 1 else _keys())}"
        word = place[-1]
    elif fault["type"] == "literal_error":
        reason += _nearest(word, re.findall(r"'([^']+)'", fault["ctx"]["expected"]))
    return f"{path}:{_line(text, place, word)}: {'.'.join(place)}: {reason}"


def _keys(table: str = "") -> list[str]:
    """The keys that a table of a family file may have, as they are written there."""
    tables: dict[str, type[_Entry]] = {"channel": Channel, "absent": Absence}
    entry = tables.get(table, Family)
    return [field.alias or name for name, field in entry.model_fields.items() if name not in ("family", "id")]


def _nearest(word: str, valid: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(valid), 1, 0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _line(text: str, place: list[str], word: str) -> int:
    """The line of an entry: within its table when it has one, of the key or of the value at fault; else of the table's head."""
    lines = text.splitlines()
    start, end = _table(lines, place)
    key = next((part for part in reversed(place) if not part.isdigit()), "")
    for wanted in (rf"\s*{re.escape(key)}\s*=", rf"\s*\[\[?{re.escape(key)}\]" if key else "", f".*{re.escape(word)}" if word else ""):
        for number in range(start, end):
            if wanted and re.match(wanted, lines[number]):
                return number + 1
    return start + 1


def _table(lines: list[str], place: list[str]) -> tuple[int, int]:
    """First and last line (not included) of the table that an entry stands in; the whole file for an entry of none."""
    if len(place) < 2 or not place[1].isdigit():
        return 0, len(lines)
    heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(place[0])}\s*\]\]", line)]
    start = heads[int(place[1])] if int(place[1]) < len(heads) else 0
    return start, next((number for number in range(start + 1, len(lines)) if re.match(r"\s*\[", lines[number])), len(lines))


def _check(channel: Channel, number: int, path: Path, private_hosts: frozenset[str]) -> None:
    """Refuses what only the sources know to be wrong; `number` is the channel's place in its file."""

    def where(key: str) -> str:
        line = _line(path.read_text(encoding="utf-8"), ["channel", str(number), key], "")
        return f"{path}:{line}: channel {channel.target!r}"

    if channel.source not in sources.names():
        raise CatalogError(f"{where('source')}: unknown source {channel.source!r}{_nearest(channel.source, sources.names())}")
    known = sources.things(channel.source)
    for thing in channel.things:
        if thing not in known:
            raise CatalogError(f"{where('things')}: {channel.source} has no {thing!r}{_nearest(thing, known)}")
    formats = getattr(sources.module(channel.source), "FORMATS", ())
    if (channel.format or formats) and channel.format not in formats:
        refusal = f"{channel.source} knows the formats {', '.join(formats) or 'none'}, not {channel.format!r}"
        raise CatalogError(f"{where('format')}: {refusal}{_nearest(channel.format, formats)}")
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
        raise CatalogError(f"{where}: base_url names a private host; if that is meant, put {host} into HEARTBEAT_ALLOW_PRIVATE_HOSTS")


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _refuse_twins(channels: list[Channel], files: dict[str, Path]) -> None:
    seen: dict[str, Channel] = {}
    for channel in channels:
        if channel.id in seen:
            raise CatalogError(f"{files[channel.family]}: channel {channel.target!r} of {channel.source} is there twice")
        seen[channel.id] = channel
