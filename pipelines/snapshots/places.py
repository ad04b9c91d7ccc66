"""The places that hold published sets: what is read from one, what is put there, and which kind a word names."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pipelines
from pipelines.http.download import Keep
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.manifest import NAME

KINDS = "a folder, an https address, s3://bucket/folder, gs://bucket/folder or hf://datasets/OWNER/NAME"
_HUB = re.compile(r"hf://datasets/([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})")


class PublishedSource(Protocol):
    """A place that a published set is read from."""

    def fetch(self, name: str, keep: Keep) -> None:
        """Reads one file of the set and passes its bytes on. Raises SourceError."""


class PublishTarget(PublishedSource, Protocol):
    """A place that a published set is put to."""

    def put_set(
        self, files: Sequence[Path], manifest: Path, kept: frozenset[str], seen: str, gone: frozenset[str] = frozenset()
    ) -> None:
        """Puts the snapshot, which is the first of the files, then the manifest, then the others, and removes snapshots
        not named in `kept`; those in `gone` go for sure. Raises SourceError, also where one stays, and Superseded where
        the manifest's digest is not `seen` any more."""


def open_source(settings: Settings, source: str) -> PublishedSource:
    """Opens the place that a word names. Raises SettingsError for a word that names none."""
    if _find_scheme(source) in ("http", "https"):
        from pipelines.snapshots.web import WebSource

        return WebSource(source, settings.private_hosts, pipelines.user_agent(settings.contact))
    return _open_place(settings, source, is_writing=False)


def open_target(settings: Settings, target: str) -> PublishTarget:
    """Opens the place to publish to. Raises SettingsError for one that cannot be written to."""
    if _find_scheme(target) in ("http", "https"):
        raise SettingsError("--to: an https address can only be read; name a folder, s3://…, gs://… or hf://datasets/…")
    return _open_place(settings, target, is_writing=True)


def _find_scheme(word: str) -> str:
    try:
        return urlsplit(word).scheme
    except ValueError:
        return ""


def _open_place(settings: Settings, word: str, is_writing: bool) -> PublishTarget:
    # Late, since these libraries take a second to load.
    if word.startswith("hf://"):
        match = _HUB.fullmatch(word.removesuffix("/"))
        if not match:
            raise SettingsError(f"{word!r}: name a data set of the Hub as hf://datasets/OWNER/NAME")
        from pipelines.snapshots.hub import HubPlace

        return HubPlace(match[1], settings)
    if word.endswith(".duckdb"):
        raise SettingsError(f"{word}: name the folder that holds it: {NAME} beside it says what the file must be")
    if "://" in word and _find_scheme(word) not in ("s3", "gs", "gcs", "file"):
        raise SettingsError(f"{_find_scheme(word)}://: use {KINDS}")
    from pipelines.snapshots.shared_store import open_shared
    from pipelines.snapshots.store import open_store

    return open_shared(word) if is_writing else open_store(word, is_writing=False)
