"""Reads whom or what to forget, as people write it: an account of a source, or the address of a page."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from pipelines.people import MARK, People
from warehouse.forgetting.links import list_ancestors, normalize_link
from warehouse.forgetting.register import Trace
from warehouse.forgetting.scrubbing import normalize_name
from warehouse.guesses import advise
from warehouse.settings import SettingsError

ALIASES = {"hf": "huggingface", "hub": "huggingface", "stackoverflow": "stackexchange"}
NAMES = {
    "github": re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,98})|[^@\s/]+@[^@\s/]+"),
    "huggingface": re.compile(r"[\w][\w.-]{0,98}"),
    "reddit": re.compile(r"[\w-]{2,40}"),
    "discourse": re.compile(r"\w[\w.-]{0,98}"),
    "stackexchange": re.compile(r"-?\d{1,12}"),
}
"""What an account of a source may be called; others have no accounts."""
PROFILES = (
    (re.compile(r"github\.com/([^/]+)"), "github", ""),
    (re.compile(r"huggingface\.co/([^/]+)"), "huggingface", ""),
    (re.compile(r"reddit\.com/u(?:ser)?/([^/]+)(?:/.*)?"), "reddit", ""),
    (re.compile(r"(?P<site>[^/]+)/u/([^/]+)(?:/.*)?"), "discourse", "site"),
    (re.compile(r"(?P<site>[^/]+?)(?:\.stackexchange)?\.com/users/(-?\d+)(?:/.*)?"), "stackexchange", "site"),
)
"""Addresses of accounts."""
FORMS = "SOURCE:ACCOUNT (such as github:octocat) or the https address of a page or profile"


@dataclass(slots=True)
class Subject:
    """Somebody or something to forget: by what it is known, and what the user should hear about that."""

    kind: str
    """`account` or `link`; with the source of an account."""
    traces: set[tuple[Trace, str]] = field(default_factory=set)
    needles: set[str] = field(default_factory=set)
    """Texts that nothing may contain afterwards."""
    remarks: list[str] = field(default_factory=list)


def read_subject(word: str, catalog: Catalog, people: People, marked_only: bool) -> Subject:
    """Reads a subject. Raises SettingsError for what is neither an account nor a page."""
    link = normalize_link(word) if "://" in word else ""
    if "://" in word and "/" not in link:
        raise SettingsError(f"{word}: names a whole site, or no page; write {FORMS}")
    if link:
        for pattern, source, site in PROFILES:
            if (found := pattern.fullmatch(link)) and (source != "stackexchange" or found["site"]):
                where = f"{found['site']}/" if site else ""
                return _read_account(source, f"{where}{found[found.lastindex or 0]}", catalog, people, marked_only)
        return _read_link(link, word, catalog)
    source, colon, account = word.strip().partition(":")
    if not colon or not account:
        raise SettingsError(f"{word!r} could be an account of any source; write {FORMS}")
    source = ALIASES.get(source.lower(), source.lower())
    if source not in NAMES:
        raise SettingsError(f"{word!r}: unknown source of accounts {source!r}: {advise(source, NAMES)}")
    return _read_account(source, account, catalog, people, marked_only)


def _read_account(source: str, account: str, catalog: Catalog, people: People, marked_only: bool) -> Subject:
    site, _, name = unquote(account).strip().strip("/").rpartition("/")
    site = "" if source == "reddit" else site.lower()
    # The form in which the source has most likely told it.
    name = unicodedata.normalize("NFC", name).removeprefix("@").lower().removesuffix(MARK)
    if found := re.fullmatch(r"(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com", name):
        name = found[1]
    if not NAMES[source].fullmatch(name):
        hint = ": an account there is known by its number, which the address of its profile has" * (
            source == "stackexchange"
        )
        raise SettingsError(f"{account!r} is not an account of {source}{hint}; write {FORMS}")
    subject = Subject(f"account of {source}")
    for place in _list_realms(source, site, name, catalog):
        for written in {name, *(unicodedata.normalize(form, name) for form in ("NFD", "NFKC"))}:
            pseudonym = people.make_pseudonym(place, written)
            if pseudonym is None:
                raise SettingsError(f"{name!r} stands for every deleted account of {source}, and so for nobody")
            subject.traces.add((Trace.PERSON, pseudonym))
            subject.needles.add(pseudonym)
    if "@" in name:
        subject.traces.add((Trace.NAME, normalize_name(name)))
        subject.needles.add(name)
    elif source != "stackexchange":
        _add_names(subject, source, name, catalog, marked_only)
    _add_catalog_remarks(subject, name, catalog)
    return subject


def _list_realms(source: str, site: str, name: str, catalog: Catalog) -> list[str]:
    """Lists the names of a source under which pseudonyms of an account are made: one a forum or site."""
    if source == "github" and "@" in name:
        return ["github e-mail"]
    if source in ("github", "huggingface", "reddit"):
        return [source]
    known = sorted({channel.target for channel in catalog.channels if channel.source == source})
    # One that the catalog no longer names may still be in what was landed.
    return [f"{source}/{target}" for target in ([site] if site else known)]


def _add_names(subject: Subject, source: str, name: str, catalog: Catalog, marked_only: bool) -> None:
    """Adds an account's name as texts and links carry it; a word of the catalog is taken for the account only where it
    is marked."""
    subject.traces.add((Trace.MENTION, normalize_name(name)))
    subject.needles.add(f"@{name}")
    if marked_only or name in _list_words(catalog):
        subject.remarks.append(
            f"{name!r} stays in titles and links where nothing marks it as an account (@{name}, u/{name})"
            + ("" if marked_only else ": it is also a word of the catalog")
        )
        return
    subject.traces.add((Trace.NAME, normalize_name(name)))
    subject.needles.add(name)
    if source in ("github", "huggingface"):
        page = f"{source}.{'com' if source == 'github' else 'co'}/{name}"
        subject.traces.add((Trace.LINK, page))
        subject.needles.add(page)


def _list_words(catalog: Catalog) -> set[str]:
    """Lists the words by which the catalog names families, channels and hosts."""
    texts = [channel.target for channel in catalog.channels] + [
        text for family in catalog.families for text in (family.id, family.title, family.vendor, *family.mentions)
    ]
    words = {word for text in texts for word in re.split(r"[^\w-]+", text.lower())}
    return words | {part for word in words for part in word.split("-")} | set(NAMES)


def _add_catalog_remarks(subject: Subject, name: str, catalog: Catalog) -> None:
    places = [one.id for one in catalog.channels if name in {login.lower() for login in one.staff}]
    if places:
        subject.remarks.append(f"the catalog names {name!r} as staff of {', '.join(places)}: take it out there, too")
    if any(account.login.lower() == name for account in catalog.accounts):
        subject.remarks.append(f"your _accounts.toml sets the role of {name!r}: take it out there, too")


def _read_link(link: str, word: str, catalog: Catalog) -> Subject:
    subject = Subject("link", {(Trace.LINK, link)}, {word.strip().rstrip("/")})
    whole = [one for one in catalog.channels if link in list_ancestors(find_page(one))]
    if whole:
        named = ", ".join(sorted(one.id for one in whole))
        subject.remarks.append(f"that is all of {named}: take it out of the catalog, or it is visited for nothing")
    return subject


def find_page(channel: Channel) -> str:
    """Finds the page of a channel as a normal link."""
    from pipelines.steps import WEB

    return normalize_link(WEB.get(channel.source, channel.base_url or "https://{}").format(channel.target))


def read_subjects(words: Sequence[str], catalog: Catalog, people: People, marked_only: bool) -> list[Subject]:
    """Reads all subjects, before anything is done about the first."""
    return [read_subject(word, catalog, people, marked_only) for word in words]
