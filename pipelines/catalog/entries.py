"""The entries of the catalog: families, their channels, what is absent and why, and dated facts."""

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

ChannelRole = Literal[
    "model",
    "runtime",
    "sdk",
    "cli",
    "hub",
    "forum",
    "subreddit",
    "tag",
    "status",
    "changelog",
    "deprecations",
    "prices",
    "packages",
]
ChannelKind = Literal[
    "tracker", "hub", "forum", "subreddit", "tag", "status", "changelog", "deprecations", "prices", "packages"
]
AbsenceState = Literal["not applicable", "closed by policy", "not observable", "not collected"]
Pair = Literal["code", "questions", "subreddit", "tag"]
KINDS: dict[str, str] = {"model": "tracker", "runtime": "tracker", "sdk": "tracker", "cli": "tracker"}
PAIRS: dict[str, Pair] = {
    "model": "code", "sdk": "code", "cli": "code", "hub": "questions", "forum": "questions", "subreddit": "subreddit", "tag": "tag",
}  # fmt: skip
"""Which channels of two families stand against each other: a repository against a client library, a hub's discussions
against a
vendor's forum, a subreddit against a subreddit, a tag against a tag."""

PAIR_KINDS: dict[Pair, tuple[str, ...]] = {
    "code": ("tracker",), "questions": ("forum", "hub"), "subreddit": ("subreddit",), "tag": ("tag",),
}  # fmt: skip
"""Which kinds of absence say why a family has no half of a pair."""


class _CatalogEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(_CatalogEntry):
    """One place where support happens."""

    source: str
    target: str = Field(min_length=1, max_length=200)
    """`owner/name` of a repository, an organisation of the hub, or the host of a page."""
    role: ChannelRole
    official: bool = True
    base_url: str = ""
    """Only where it is not the source's own default: an Enterprise server, a mirror, a test."""
    format: str = ""
    """Which of the source's formats the upstream speaks."""
    things: tuple[str, ...] = ()
    """Only these streams of the source; empty means all."""
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
    """Hub models whose details are read each day; of a page of deprecations, patterns of the models that are the
    family's."""
    note: str = ""
    pairs_with: Pair | Literal[""] = ""
    """Only where the pair is not that of its role."""
    family: str = ""
    """Filled from the file's name."""

    @field_validator("target")
    @classmethod
    def _is_plain(cls, target: str) -> str:
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


class Absence(_CatalogEntry):
    """A kind of channel that a family has not, and why: never drawn as zero."""

    kind: ChannelKind
    state: AbsenceState
    why: str = Field(min_length=10)


class Fact(_CatalogEntry):
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


class Family(_CatalogEntry):
    """One family of models, open or proprietary, or one host that serves open models of many families."""

    title: str
    side: Literal["open", "proprietary", "host"]
    vendor: str
    mentions: tuple[str, ...] = ()
    """Names that mean it wherever they stand; how they are read is told in `pipelines/text/mentions.py`."""
    weak_mentions: tuple[str, ...] = ()
    """Names that are ordinary words too: they count before a number or near one of `companions`."""
    companions: tuple[str, ...] = ()
    """Words that tell that a weak name nearby is meant."""
    not_mentions: tuple[str, ...] = ()
    """Names of other things that a name of this family is part of (`llama.cpp`)."""
    listed_as: tuple[str, ...] = ()
    """Its models in lists of prices (`author/name*`). Of several families the longest pattern wins, of equals the open
    one where weights
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


class SharedChannels(_CatalogEntry):
    """Channels that many families use, of the file `_shared.toml`."""

    title: str
    channels: tuple[Channel, ...] = Field(alias="channel")


TABLES: dict[str, type[BaseModel]] = {"": Family, "channel": Channel, "absent": Absence, "fact": Fact}
