"""The catalog: who is compared, and where support for them happens. One TOML file a family."""

import ipaddress
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from pipelines import sources
from pipelines.accounts import FILE, Account, read_accounts
from pipelines.catalog_faults import CatalogError as CatalogError
from pipelines.catalog_faults import explain, line_of, nearest

SHIPPED = Path(__file__).parent / "catalog"
SHARED = "_shared"
"""The file of channels that many families use; their threads are attributed by what they mention."""

Role = Literal[
    "model", "runtime", "sdk", "cli", "hub", "forum", "subreddit", "tag", "status", "changelog", "deprecations", "prices", "packages"
]
Kind = Literal["tracker", "hub", "forum", "subreddit", "tag", "status", "changelog", "deprecations", "prices", "packages"]
State = Literal["not applicable", "closed by policy", "not observable", "not collected"]
Pair = Literal["code", "questions", "subreddit", "tag"]
KINDS: dict[str, str] = {"model": "tracker", "runtime": "tracker", "sdk": "tracker", "cli": "tracker"}
PAIRS: dict[str, Pair] = {
    "model": "code", "sdk": "code", "cli": "code", "hub": "questions", "forum": "questions", "subreddit": "subreddit", "tag": "tag",
}  # fmt: skip
"""Which channels of two families stand against each other: a repository against a client library, a hub's discussions against a
vendor's forum, a subreddit against a subreddit, a tag against a tag."""


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
    groups: tuple[str, ...] = ()
    """Groups and titles by which a forum marks the vendor's staff, matched as whole words without regard to case."""
    sections: tuple[str, ...] = ()
    """Categories of a forum (`slug/number`) or tags of a site that are meant; empty means all."""
    terms: str = ""
    """Address of the terms that the owner of this installation must accept first (HEARTBEAT_TERMS); empty: none."""
    components: tuple[str, ...] = ()
    """Status components that are the product compared here (its API); empty means all."""
    models: tuple[str, ...] = ()
    """Hub models whose details are read each day; of a page of deprecations, patterns of the models that are the family's."""
    note: str = ""
    pairs_with: Pair | Literal[""] = ""
    """Only where the pair is not that of its role."""
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

    @property
    def pair(self) -> Pair | None:
        """Which pair of channels it is one half of; None for pages that nobody writes to."""
        return self.pairs_with or PAIRS.get(self.role)


class Absence(_Entry):
    """A kind of channel that a family has not, and why: never drawn as zero."""

    kind: Kind
    state: State
    why: str = Field(min_length=10)


class Fact(_Entry):
    """Something dated that no feed tells, read by somebody on a public page."""

    kind: Literal["fine-tuning", "licence", "free support", "paid support", "notice"]
    value: str = Field(min_length=2, max_length=300)
    """In words: the licence's name, what is offered, how many days of notice are promised."""
    method: str = ""
    """Of fine-tuning: supervised, preference, reinforcement, weights …"""
    from_on: date | None = None
    until_on: date | None = None
    days: int | None = Field(None, ge=0)
    """Days of notice that are promised."""
    url: str = Field(pattern=r"^https://")
    as_of_on: date
    """When somebody last read it there."""


class Family(_Entry):
    """One family of models, open or proprietary, or one host that serves open models of many families."""

    title: str
    side: Literal["open", "proprietary", "host"]
    vendor: str
    mentions: tuple[str, ...] = ()
    """Names that mean it wherever they stand; how they are read is told in `pipelines/mentions.py`."""
    weak_mentions: tuple[str, ...] = ()
    """Names that are ordinary words too: they count before a number or near one of `companions`."""
    companions: tuple[str, ...] = ()
    """Words that tell that a weak name nearby is meant."""
    not_mentions: tuple[str, ...] = ()
    """Names of other things that a name of this family is part of (`llama.cpp`)."""
    listed_as: tuple[str, ...] = ()
    """Its models in lists of prices (`author/name*`). Of several families the longest pattern wins, of equals the open one where weights
    are named."""
    checked_on: date
    """When somebody last checked this entry against its sources."""
    channels: tuple[Channel, ...] = Field(default=(), alias="channel")
    absences: tuple[Absence, ...] = Field(default=(), alias="absent")
    facts: tuple[Fact, ...] = Field(default=(), alias="fact")
    hosts: tuple[str, ...] = ()
    """Hosts (by the name of their file) that serve its models; only of open families."""
    id: str = ""

    @field_validator("mentions")
    @classmethod
    def _is_named(cls, mentions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not mentions and info.data.get("side") != "host":
            raise ValueError("name at least 1 word by which people mention it")
        return mentions


class _Shared(_Entry):
    title: str
    channels: tuple[Channel, ...] = Field(alias="channel")


TABLES: dict[str, type[BaseModel]] = {"": Family, "channel": Channel, "absent": Absence, "fact": Fact}


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
        raise CatalogError("\n".join(explain(path, text, fault, TABLES) for fault in error.errors())) from None


def _check(channel: Channel, number: int, path: Path, private_hosts: frozenset[str]) -> None:
    """Refuses what only the sources know to be wrong; `number` is the channel's place in its file."""

    def where(key: str) -> str:
        line = line_of(path.read_text(encoding="utf-8"), ["channel", str(number), key], "")
        return f"{path}:{line}: channel {channel.target!r}"

    if channel.source not in sources.names():
        raise CatalogError(f"{where('source')}: unknown source {channel.source!r}{nearest(channel.source, sources.names())}")
    known = sources.things(channel.source)
    for thing in channel.things:
        if thing not in known:
            raise CatalogError(f"{where('things')}: {channel.source} has no {thing!r}{nearest(thing, known)}")
    formats = getattr(sources.module(channel.source), "FORMATS", ())
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


def _refuse_unknown_hosts(families: list[Family], files: dict[str, Path]) -> None:
    known = {family.id for family in families if family.side == "host"}
    for family in families:
        for host in family.hosts:
            if host not in known:
                line = line_of(files[family.id].read_text(encoding="utf-8"), ["hosts"], host)
                raise CatalogError(f"{files[family.id]}:{line}: hosts: no host {host!r} in the catalog{nearest(host, known)}")
