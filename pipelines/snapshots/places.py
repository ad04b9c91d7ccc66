"""The places that hold published sets: what is read from one, what is put there, and which kind a word names."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pipelines
from pipelines.http.download import Keep
from pipelines.snapshots.store import open_store
from pipelines.snapshots.web import WebSource, locate_hub
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.followed import label_source
from warehouse.sharing.manifest import NAME

KINDS = "a folder, an https address, s3://bucket/folder, gs://bucket/folder or hf://datasets/OWNER/NAME"
_HUB = re.compile(r"hf://datasets/([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})/?")


class PublishedSource(Protocol):
    """A place that a published set is read from."""

    def fetch(self, name: str, keep: Keep) -> None:
        """Reads one file of the set and passes its bytes on. Raises SourceError."""


class PublishTarget(PublishedSource, Protocol):
    """A place that a published set is put to."""

    def put_set(self, files: Sequence[Path], kept: frozenset[str]) -> None:
        """Puts the files in their order and removes snapshots not named in `kept`. Raises SourceError."""


def open_source(settings: Settings, source: str) -> PublishedSource:
    """Opens the place that a word names. Raises SettingsError for a word that names none."""
    address = source if _find_scheme(source) in ("http", "https") else ""
    if source.startswith("hf://"):
        address = locate_hub(_read_repository(source))
    if address:
        return WebSource(address, settings.private_hosts, pipelines.user_agent(settings.contact))
    return open_store(_check_store(source), is_writing=False)


def open_target(settings: Settings, target: str) -> PublishTarget:
    """Opens the place to publish to. Raises SettingsError for one that cannot be written to."""
    if _find_scheme(target) in ("http", "https"):
        raise SettingsError("--to: an https address can only be read; name a folder, s3://…, gs://… or hf://datasets/…")
    if target.startswith("hf://"):
        # Late, since the library takes a second to load.
        from pipelines.snapshots.hub import HubPlace

        return HubPlace(_read_repository(target), settings)
    return open_store(_check_store(target), is_writing=True)


def _find_scheme(word: str) -> str:
    try:
        return urlsplit(word).scheme
    except ValueError:
        return ""


def _read_repository(word: str) -> str:
    match = _HUB.fullmatch(word)
    if not match:
        raise SettingsError(f"{word!r}: name a data set of the Hub as hf://datasets/OWNER/NAME")
    return match[1]


def _check_store(word: str) -> str:
    """Returns a path in full, or the address of a store. Raises SettingsError for what is neither."""
    if word.endswith(".duckdb"):
        raise SettingsError(f"{word}: name the folder that holds it: {NAME} beside it says what the file must be")
    if "://" not in word:
        return label_source(word)
    if _find_scheme(word) not in ("s3", "gs", "gcs", "file"):
        raise SettingsError(f"{_find_scheme(word)}://: use {KINDS}")
    return word.replace(f"/{NAME}", "")
