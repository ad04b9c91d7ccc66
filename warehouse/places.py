"""Places of files: a folder of this machine, or one of an object store (`s3://bucket/folder`), with the same verbs."""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from warehouse.durable import make_private_folder, remove_stale_files, replace_file, sync
from warehouse.faults import StoreError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

KINDS = "s3://bucket/folder, gs://bucket/folder or az://container/folder"
ENDPOINT = "AWS_ENDPOINT_URL"
RETRIES: dict[str, Any] = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
"""How often and how long a request without an answer, or with an error of the server, is sent again."""
PIECE_BYTES = 1024 * 1024
STAGING_DIR = ".aside"
"""Folder of incomplete files, so that half a file never counts as written."""
REFUSED = {
    "NoSuchBucket": "there is no such bucket; create it, or fix the address",
    "ContainerNotFound": "there is no such container; create it, or fix the address",
    "AccessDenied": "permission denied: the credentials must allow to list, read, write and delete there",
    "InvalidAccessKeyId": "permission denied: the store does not know this access key",
    "SignatureDoesNotMatch": "permission denied: the secret is not that of the access key",
    "ExpiredToken": "permission denied: the credentials have expired",
}
"""What an error of a store means, by the code in its answer."""


class FolderPlace:
    """One folder. All keys are relative to it. Every verb raises OSError if the disk fails."""

    def __init__(self, root: Path) -> None:
        self.label = str(root)
        self._root = root

    def read(self, key: str) -> bytes:
        """Reads a file. Raises FileNotFoundError."""
        return (self._root / key).read_bytes()

    def read_pieces(self, key: str) -> Iterator[bytes]:
        """Reads a file piece by piece. Raises FileNotFoundError."""
        with (self._root / key).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def list_keys(self, folder: str = "") -> list[str]:
        """Lists the keys of all complete files below a folder."""
        paths = [path.relative_to(self._root) for path in (self._root / folder).rglob("*") if path.is_file()]
        return [path.as_posix() for path in paths if STAGING_DIR not in path.parts]

    def put(self, key: str, content: bytes | Path) -> None:
        """Writes a file over a former one, whole or not at all, also if the power is cut."""
        target = self._root / key
        aside = self._root / STAGING_DIR / f"{secrets.token_hex(4)}-{target.name}"
        make_private_folder(aside.parent)
        make_private_folder(target.parent)
        remove_stale_files(aside.parent, "*")
        try:
            if isinstance(content, Path):
                shutil.copyfile(content, aside)
            else:
                aside.write_bytes(content)
            sync(aside)
            replace_file(aside, target)
        finally:
            aside.unlink(missing_ok=True)

    def delete(self, key: str) -> None:
        """Deletes a file, if it is there."""
        (self._root / key).unlink(missing_ok=True)

    def delete_folder(self, folder: str) -> None:
        """Deletes all files below a folder that can be deleted."""
        shutil.rmtree(self._root / folder, ignore_errors=True)


class ObjectPlace:
    """One folder of a bucket. All keys are relative to it. Every verb raises StoreError if the store fails."""

    def __init__(self, store: "ObjectStore", label: str) -> None:
        self.label = label
        self._store = store

    def read(self, key: str) -> bytes:
        """Reads an object. Raises FileNotFoundError."""
        return b"".join(self.read_pieces(key))

    def read_pieces(self, key: str) -> Iterator[bytes]:
        """Reads an object piece by piece. Raises FileNotFoundError."""
        with self._explain(f"read {key}"):
            pieces = iter(self._store.get(key).stream(PIECE_BYTES))
        while True:
            # What the reader does with a piece is not the store's fault.
            with self._explain(f"read {key}"):
                piece = next(pieces, None)
            if piece is None:
                return
            yield bytes(piece)

    def list_keys(self, folder: str = "") -> list[str]:
        """Lists the keys of all objects below a folder."""
        with self._explain("list what is there"):
            return [meta["path"] for chunk in self._store.list(folder or None) for meta in chunk]

    def put(self, key: str, content: bytes | Path) -> None:
        """Writes an object over a former one, whole or not at all."""
        with self._explain(f"write {key}"):
            self._store.put(key, content)

    def delete(self, key: str) -> None:
        """Deletes an object, if it is there."""
        with self._explain(f"delete {key}"), contextlib.suppress(FileNotFoundError):
            self._store.delete(key)

    def delete_folder(self, folder: str) -> None:
        """Deletes all objects below a folder."""
        keys = self.list_keys(folder)
        with self._explain(f"delete {folder}"), contextlib.suppress(FileNotFoundError):
            self._store.delete(keys)

    @contextlib.contextmanager
    def _explain(self, work: str) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            reason = _explain_refusal(str(error))
            if isinstance(error, FileNotFoundError) and reason not in REFUSED.values():
                raise FileNotFoundError(f"{self.label}: no such object") from None
            raise StoreError(f"{self.label}: cannot {work}: {reason}") from None


Place = FolderPlace | ObjectPlace


def is_object_address(word: str) -> bool:
    """Returns whether a word names an object store, and not a folder."""
    return "://" in word and not word.startswith("file:")


def open_place(word: str, is_anonymous: bool = False) -> Place:
    """Opens the folder or the object store that a path or address names, without asking it anything.

    An anonymous reader does not look for the credentials of a cloud machine, which takes seconds. Raises StoreError.
    """
    if is_object_address(word):
        address = _check_address(word)
        return ObjectPlace(_open_store(address, is_anonymous), address)
    path = unquote(urlsplit(word).path) if word.startswith("file:") else word
    return FolderPlace(Path(path).absolute())


def _check_address(url: str) -> str:
    """Returns an address without slashes at its end. Raises StoreError if it names no store."""
    scheme, mark, rest = url.split("?")[0].rpartition("://")
    shown = f"{scheme}{mark}{rest.split('@')[-1]}"
    if shown != url or not re.fullmatch(r"(s3|gs|az)://[^/]+(/.*)?", url):
        where = f"write credentials, {ENDPOINT} and AWS_REGION into the environment"
        raise StoreError(f"{shown}: not the address of an object store; use {KINDS}, and {where}")
    return url.rstrip("/")


def _open_store(address: str, is_anonymous: bool) -> "ObjectStore":
    # Late: a home that lands in a folder needs none of it.
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    is_plain = os.environ.get(ENDPOINT, "").startswith("http://")
    options: dict[str, Any] = {
        "config": {"skip_signature": True} if is_anonymous else {},
        "client_options": {"connect_timeout": "10s", "timeout": "60s", "allow_http": is_plain},
        "retry_config": RETRIES,
    }
    try:
        store: ObjectStore = from_url(quote(address, safe=":/"), **options)
    except (BaseError, ValueError) as error:
        # The library's own message may quote what it was given.
        why = f"the store cannot be opened with these settings ({type(error).__name__})"
        raise StoreError(f"{address}: {why}") from None
    return store


def _explain_refusal(text: str) -> str:
    """Explains the error of a store; its own words may quote what it was sent."""
    code = re.search(r"<(?:Code|Error)>(\w{1,60})<", text)
    status = re.search(r"status code: (\d{3})", text)
    if code and code[1] in REFUSED:
        return REFUSED[code[1]]
    if status and status[1] in ("401", "403"):
        return f"{REFUSED['AccessDenied']} ({status[1]})"
    if status:
        return f"the store answered {status[1]}{f' {code[1]}' if code else ''}; try again later"
    if "169.254.169.254" in text or "credential" in text.lower():
        return "no credentials were found; set those of the store in the environment, such as AWS_ACCESS_KEY_ID"
    return "the store cannot be reached, or did not answer in time; look at the network and the address"
