"""Reads whom or what to forget: an account of a source, or the address of a page."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.catalog.reader import Catalog
from pipelines.people import MARK, People
from warehouse.forgetting.links import normalize_link
from warehouse.forgetting.register import Trace
from warehouse.forgetting.scrubbing import normalize_name
from warehouse.settings import SettingsError

NAMES = {
    "github": re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,98})"),
    "huggingface": re.compile(r"[\w][\w.-]{0,98}"),
    "reddit": re.compile(r"[\w-]{2,40}"),
    "discourse": re.compile(r"\w[\w.-]{0,98}"),
    "stackexchange": re.compile(r"-?\d{1,12}"),
}
"""What an account of a source may be called; others have no accounts."""
PROFILE = re.compile(r"(?:github\.com|huggingface\.co)/[^/]+|.+/(?:u|user|users)/.+")
"""Addresses of accounts: the person's posts lie elsewhere."""
FORMS = f"SOURCE:ACCOUNT (such as github:octocat; SOURCE is one of {', '.join(NAMES)}) or the https address of a page"


@dataclass(slots=True)
class Subject:
    """Somebody or something to forget: by what it is known, and what the user should hear about that."""

    traces: set[tuple[Trace, str]] = field(default_factory=set)
    needles: set[str] = field(default_factory=set)
    """Texts that nothing may contain afterwards."""
    remark: str = ""


def read_subjects(words: Sequence[str], catalog: Catalog, people: People, marked_only: bool) -> list[Subject]:
    """Reads all subjects, before anything is done about the first. Raises SettingsError."""
    return [read_subject(word.strip(), catalog, people, marked_only) for word in words]


def read_subject(word: str, catalog: Catalog, people: People, marked_only: bool) -> Subject:
    """Reads a subject. Raises SettingsError for what is neither an account nor a page."""
    if "://" not in word:
        return _read_account(word, catalog, people, marked_only)
    link = normalize_link(word)
    if "/" not in link:
        raise SettingsError(f"{word}: names a whole site, or no page; write {FORMS}")
    if PROFILE.fullmatch(link):
        raise SettingsError(f"{word}: is the address of an account; write SOURCE:ACCOUNT, such as github:octocat")
    return Subject({(Trace.LINK, link)}, {link, word.rstrip("/")})


def _read_account(word: str, catalog: Catalog, people: People, marked_only: bool) -> Subject:
    source, _, account = word.partition(":")
    site, _, name = account.strip().strip("/").rpartition("/")
    source, name = source.lower(), unicodedata.normalize("NFC", name).removeprefix("@").lower().removesuffix(MARK)
    if source not in NAMES or not NAMES[source].fullmatch(name):
        raise SettingsError(f"{word!r} is no account; write {FORMS}; on Stack Exchange an account is its number")
    subject = Subject()
    for place in _list_realms(source, site.lower(), name, catalog):
        pseudonym = people.make_pseudonym(place, name)
        if pseudonym is None:
            raise SettingsError(f"{name!r} stands for every deleted account of {source}, and so for nobody")
        subject.traces.add((Trace.PERSON, pseudonym))
        subject.needles.add(pseudonym)
    if source != "stackexchange":
        _add_names(subject, source, name, marked_only or name in _list_words(catalog))
    return subject


def _list_realms(source: str, site: str, name: str, catalog: Catalog) -> list[str]:
    """Lists the names of a source under which pseudonyms of an account are made: one a forum or site."""
    if source in ("github", "huggingface", "reddit"):
        return [source]
    known = sorted({channel.target for channel in catalog.channels if channel.source == source})
    # One that the catalog no longer names may still be in what was landed.
    return [f"{source}/{target}" for target in ([site] if site else known)]


def _add_names(subject: Subject, source: str, name: str, is_word: bool) -> None:
    """Adds an account's name as texts and links carry it; an ordinary word only if it is marked."""
    subject.traces.add((Trace.MENTION, normalize_name(name)))
    subject.needles.add(f"@{name}")
    if is_word:
        subject.remark = f"{name!r} is an ordinary word, or one of the catalog: only titles with @{name} or u/{name} go"
        return
    subject.traces.add((Trace.NAME, normalize_name(name)))
    subject.needles.add(name)
    if page := {"github": "github.com", "huggingface": "huggingface.co"}.get(source):
        subject.traces.add((Trace.LINK, f"{page}/{name}"))


def _list_words(catalog: Catalog) -> set[str]:
    """Lists the words by which the catalog names families, channels and hosts."""
    texts = [channel.target for channel in catalog.channels] + [
        text for family in catalog.families for text in (family.id, family.title, family.vendor, *family.mentions)
    ]
    signs = (r"[^\w-]+", r"[\W_]+")  # a hyphenated word is one, and so are its parts
    return {word for text in texts for sign in signs for word in re.split(sign, text.lower())} | set(NAMES)
