"""The entries of the catalog: families, their channels, what is absent and why, and dated facts."""

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

ChannelRole = Literal[
    "model",
    "examples",
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
Grade = Literal["A", "B", "C"]
"""Evidence of an entry: A, the maker's own page, package or repository; B, a recorded answer in a public repository; C,
another reader's code or words only."""

KINDS: dict[str, str] = dict.fromkeys(("model", "examples", "runtime", "sdk", "cli"), "tracker")
PAIRS: dict[str, Pair] = {
    "model": "code", "examples": "code", "sdk": "code", "cli": "code", "hub": "questions", "forum": "questions",
    "subreddit": "subreddit", "tag": "tag",
}  # fmt: skip
"""The channels of two families to compare: a repository with a client library, a hub's discussions with a vendor's
forum, a subreddit with a subreddit, a tag with a tag."""

PAIR_KINDS: dict[Pair, tuple[str, ...]] = {
    "code": ("tracker",), "questions": ("forum", "hub"), "subreddit": ("subreddit",), "tag": ("tag",),
}  # fmt: skip
"""The kinds of absence that explain why a family lacks its half of a pair."""


class _CatalogEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Witnessed(_CatalogEntry):
    evidence: Grade = "A"
    seen_on: date | None = None
    """Day of the evidence; B and C need it."""


class Channel(_Witnessed):
    """One place where support happens."""

    source: str
    target: str = Field(min_length=1, max_length=200)
    """`owner/name` of a repository, an organisation of the hub, or the host of a page."""
    role: ChannelRole
    official: bool = True
    base_url: str = ""
    """Set only to override the source's default: an Enterprise server, a mirror, a test."""
    format: str = ""
    """The source's format that the upstream uses."""
    things: tuple[str, ...] = ()
    """The streams to collect; empty means all."""
    cadence_hours: float = Field(6, gt=0, le=24 * 31)
    enabled: bool = True
    staff: tuple[str, ...] = ()
    """Logins of the vendor's staff."""
    groups: tuple[str, ...] = ()
    """Forum groups and titles of the vendor's staff, matched as whole words, ignoring case."""
    sections: tuple[str, ...] = ()
    """Forum categories (`slug/number`) or site tags to collect; empty means all."""
    terms: str = ""
    """URL of the terms that the operator must accept first (HEARTBEAT_TERMS); empty for none."""
    components: tuple[str, ...] = ()
    """Status components of the compared product (its API), or, each with `!` before it, those that are not part of it;
    empty means all."""
    models: tuple[str, ...] = ()
    """Hub models whose details are read each day; for a deprecations page, patterns of the family's models."""
    pairs_with: Pair | Literal[""] = ""
    """Set only to override the pair of its role."""
    family: str = ""
    """Filled in from the file name."""

    @field_validator("target")
    @classmethod
    def _is_plain(cls, target: str) -> str:
        # The target becomes part of URLs and folder names.
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", target) or ".." in target:
            raise ValueError("use letters, digits, '.', '_', '-' and '/' only")
        return target

    @property
    def id(self) -> str:
        """The channel's ID, safe as a folder name: `gpt.github.openai-openai-python`."""
        return f"{self.family}.{self.source}.{re.sub(r'[^a-z0-9._-]', '-', self.target.lower())}"

    @property
    def kind(self) -> str:
        """The kind of channel, which decides what it may be compared with: a tracker with a tracker, a forum with a
        forum."""
        return KINDS.get(self.role, self.role)

    @property
    def pair(self) -> Pair | None:
        """The pair that the channel is one half of; None for pages without users' posts."""
        return self.pairs_with or PAIRS.get(self.role)


class Absence(_Witnessed):
    """A kind of channel that a family lacks, and why; never shown as zero."""

    kind: ChannelKind
    state: AbsenceState
    why: str = Field(min_length=10)


class Fact(_CatalogEntry):
    """A dated fact that no feed provides, read by a person on a public page."""

    kind: Literal["fine-tuning", "licence", "notice"]
    value: str = Field(min_length=2, max_length=300)
    """Free text: the licence's name, the offer, or the promised days of notice."""
    method: str = ""
    """Method of fine-tuning: supervised, preference, reinforcement, weights …"""
    from_on: date | None = None
    until_on: date | None = None
    days: int | None = Field(None, ge=0)
    """Promised days of notice."""
    applies_to: str = Field("", max_length=100)
    """Class of models that a promise is for, in words; empty for all that no other promise of the family is for."""
    models: tuple[str, ...] = ()
    """Patterns of the names in that class, by which ends are held against it; without any it is shown only."""
    url: str = Field(pattern=r"^https://")
    as_of_on: date
    """Day on which a person last read it there."""
    evidence: Grade = "A"


class Family(_CatalogEntry):
    """One family of models, open or proprietary, or one host that serves open models of many families."""

    title: str
    side: Literal["open", "proprietary", "host"]
    vendor: str
    mentions: tuple[str, ...] = ()
    """Names that identify it in any context; `pipelines/text/mentions.py` documents the matching."""
    weak_mentions: tuple[str, ...] = ()
    """Names that are also ordinary words; they count only before a number or near one of `companions`."""
    companions: tuple[str, ...] = ()
    """Words that confirm a weak name nearby."""
    not_mentions: tuple[str, ...] = ()
    """Names of other things that contain a name of this family (`llama.cpp`)."""
    listed_as: tuple[str, ...] = ()
    """Patterns of its models in price lists (`author/name*`). The longest pattern among all families wins; of equals,
    the
    open family if the entry names weights."""
    checked_on: date
    """Day on which a person last checked this entry against its sources."""
    channels: tuple[Channel, ...] = Field(default=(), alias="channel")
    absences: tuple[Absence, ...] = Field(default=(), alias="absent")
    facts: tuple[Fact, ...] = Field(default=(), alias="fact")
    ended_on: date | None = None
    """First day on which nobody can build on it any more; its history stays."""
    successor: str = ""
    """What took its place, in words; an ended family names it."""
    hosts: tuple[str, ...] = ()
    """Hosts that serve its models, by file name; open families only."""
    id: str = ""

    @field_validator("mentions")
    @classmethod
    def _is_named(cls, mentions: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not mentions and info.data.get("side") != "host":
            raise ValueError("list at least one name by which people mention the family")
        return mentions


class SharedChannels(_CatalogEntry):
    """Channels shared by many families, from `_shared.toml`."""

    title: str
    channels: tuple[Channel, ...] = Field(alias="channel")


TABLES: dict[str, type[BaseModel]] = {"": Family, "channel": Channel, "absent": Absence, "fact": Fact}
