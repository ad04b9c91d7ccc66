"""Reads whom or what to forget: an account of a source, or the address of a page."""

import re
import unicodedata

from pipelines.catalog.reader import Catalog
from pipelines.commands.terminal import out, say
from pipelines.people import MARK, People
from warehouse.forgetting.links import normalize_link
from warehouse.settings import SettingsError

SOURCES = ("github", "huggingface", "reddit", "discourse", "stackexchange")
"""Sources with accounts."""
NAME, NUMBER = re.compile(r"\w[\w.-]{0,98}"), re.compile(r"-?\d{1,12}")
PAGES = {"github": "github.com", "huggingface": "huggingface.co"}
PROFILE = re.compile(r"(?:github\.com|huggingface\.co)/[^/]+|.+/(?:u|user|users)/.+")
"""Addresses of accounts: the person's posts lie elsewhere."""
FORMS = f"SOURCE:ACCOUNT (such as github:octocat; SOURCE is one of {', '.join(SOURCES)}) or the https address of a page"


def read_subject(subject: str, catalog: Catalog, people: People, marked_only: bool) -> set[str]:
    """Reads the words by which somebody or something is known. Raises SettingsError for neither account nor page."""
    if "://" not in subject:
        return _read_account(subject, catalog, people, marked_only)
    link = normalize_link(subject)
    if "/" not in link:
        raise SettingsError(f"{subject}: names a whole site, or no page; write {FORMS}")
    if PROFILE.fullmatch(link):
        raise SettingsError(f"{subject}: is the address of an account; write SOURCE:ACCOUNT, such as github:octocat")
    return {link, subject.partition("://")[2].rstrip("/")}


def _read_account(subject: str, catalog: Catalog, people: People, marked_only: bool) -> set[str]:
    source, _, account = subject.lower().partition(":")
    site, _, name = account.strip().strip("/").rpartition("/")
    name = unicodedata.normalize("NFC", name).removeprefix("@").removesuffix(MARK)
    form = NUMBER if source == "stackexchange" else NAME
    if source not in SOURCES or not form.fullmatch(name):
        raise SettingsError(f"{subject!r} is no account; write {FORMS}; on Stack Exchange an account is its number")
    # Forums and sites have accounts of their own; one that the catalog no longer names may be in what was landed.
    sites = {site} if site else {channel.target for channel in catalog.channels if channel.source == source}
    has_sites = source in ("discourse", "stackexchange")
    realms = [f"{source}/{target}" for target in sites] if has_sites else [source]
    pseudonyms = {people.make_pseudonym(realm, name) for realm in realms}
    if None in pseudonyms:
        raise SettingsError(f"{name!r} stands for every deleted account of {source}, and so for nobody")
    words = {str(pseudonym) for pseudonym in pseudonyms}
    if source == "stackexchange":
        return words
    if marked_only or re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", _list_words(catalog)):
        say(out, f"note: {name!r} is an ordinary word here: only titles with @{name} or u/{name} go", "yellow")
        return {*words, f"@{name}"}
    return {*words, f"@{name}", name} | ({f"{PAGES[source]}/{name}"} if source in PAGES else set())


def _list_words(catalog: Catalog) -> str:
    """Lists the words by which the catalog names families and channels, and the sources."""
    named = [(family.id, family.title, family.vendor, *family.mentions) for family in catalog.families]
    return f"{named} {[channel.target for channel in catalog.channels]} {SOURCES}".lower()
