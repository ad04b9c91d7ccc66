"""A place in an object store, with the few verbs that landing and publishing need of it."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.faults import StoreError
from warehouse.objects.addresses import open_store, parse_address

if TYPE_CHECKING:
    from obstore.store import ObjectStore

REFUSED = {
    "NoSuchBucket": "there is no such bucket; create it, or fix the address",
    "ContainerNotFound": "there is no such container; create it, or fix the address",
    "AccessDenied": "permission denied: the credentials must allow to list, read, write and delete there",
    "InvalidAccessKeyId": "permission denied: the store does not know this access key",
    "SignatureDoesNotMatch": "permission denied: the secret is not that of the access key",
    "ExpiredToken": "permission denied: the credentials have expired",
}
"""What an error of a store means, by the code in its answer."""


PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as a list has it."""

    key: str
    size: int


class ObjectPlace:
    """One folder of a bucket. All keys are relative to it. Every verb raises StoreError where the store cannot."""

    def __init__(self, store: "ObjectStore", label: str) -> None:
        self.label = label
        self._store = store

    def read(self, key: str) -> bytes:
        """Reads an object. Raises FileNotFoundError."""
        return b"".join(self.read_pieces(key))

    def read_pieces(self, key: str) -> Iterator[bytes]:
        """Reads an object piece by piece. Raises FileNotFoundError."""
        import obstore

        with self._explain(f"read {key}"):
            pieces = iter(obstore.get(self._store, key).stream(PIECE_BYTES))
        while True:
            # What the reader does with a piece is not the store's fault.
            with self._explain(f"read {key}"):
                piece = next(pieces, None)
            if piece is None:
                return
            yield bytes(piece)

    def list_all(self, folder: str = "") -> list[StoredFile]:
        """Lists all objects below a folder."""
        import obstore

        with self._explain("list what is there"):
            chunks = obstore.list(self._store, folder or None)
            return [StoredFile(meta["path"], meta["size"]) for chunk in chunks for meta in chunk]

    def put(self, key: str, content: bytes | Path) -> None:
        """Writes an object over a former one, whole or not at all."""
        import obstore

        with self._explain(f"write {key}"):
            obstore.put(self._store, key, content)

    def delete(self, key: str) -> None:
        """Deletes an object, if it is there."""
        import obstore

        with self._explain(f"delete {key}"), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, key)

    def remove_stale(self) -> None:
        """Does nothing: a store shows no incomplete object."""

    @contextlib.contextmanager
    def _explain(self, work: str) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            is_bucket = any(code in str(error) for code in ("NoSuchBucket", "ContainerNotFound"))
            if isinstance(error, FileNotFoundError) and not is_bucket:
                raise FileNotFoundError(f"{self.label}: no such object") from None
            raise StoreError(f"{self.label}: cannot {work}: {explain_refusal(error)}") from None


def open_objects(url: str, is_anonymous: bool = False) -> ObjectPlace:
    """Opens the place that an address names, without asking the store anything. Raises StoreError."""
    address = parse_address(url)
    return ObjectPlace(open_store(address, is_anonymous), address)


def explain_refusal(error: Exception) -> str:
    """Explains why a store did not do what it was asked; its own words may quote what it was sent."""
    text = str(error)
    code = re.search(r"<Code>(\w{1,60})</Code>", text) or re.search(r"<(?:Error)>(\w{1,60})<", text)
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
