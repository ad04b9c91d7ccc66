"""A place in an object store, with the few verbs that a landing zone needs of it.

What is written is there as a whole or not at all. A conditional write says whether somebody else was faster, also
where the answer to an earlier try of the same write was lost on the way.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from warehouse.faults import StoreError
from warehouse.objects.addresses import StoreAddress, open_store, parse_address

if TYPE_CHECKING:
    from obstore.store import ObjectStore

REFUSED = {
    "NoSuchBucket": "there is no such bucket; create it, or mend the address",
    "ContainerNotFound": "there is no such container; create it, or mend the address",
    "AccessDenied": "permission denied: the credentials must allow to list, read, write and delete there",
    "InvalidAccessKeyId": "permission denied: the store does not know this access key",
    "SignatureDoesNotMatch": "permission denied: the secret is not that of the access key",
    "ExpiredToken": "permission denied: the credentials have expired",
}
"""What an error of a store means, by the code in its answer."""


class Conflict(Exception):
    """A conditional write that came too late: the object is there already, or somebody else changed it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of an object that a conditional write rests on, and when the server says that it was written."""

    e_tag: str | None
    version: str | None
    changed_at: datetime | None = None
    """Known where the object was read."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as a list has it."""

    key: str
    size: int
    changed_at: datetime


class ObjectPlace:
    """One folder of a bucket. All keys are relative to it. Every verb raises StoreError where the store cannot."""

    def __init__(self, store: "ObjectStore", label: str) -> None:
        self.label = label
        self._store = store

    def read(self, key: str) -> tuple[bytes, Stamp] | None:
        """Reads an object; None where there is none."""
        import obstore

        with self._explain(f"read {key}"):
            try:
                got = obstore.get(self._store, key)
                content = bytes(got.bytes())
            except FileNotFoundError as error:
                self._refuse_bucket(error)
                return None
            return content, _read_stamp(got.meta)

    def find(self, key: str) -> StoredObject | None:
        """Finds an object; None where there is none."""
        import obstore

        with self._explain(f"look for {key}"):
            try:
                return _read_entry(obstore.head(self._store, key))
            except FileNotFoundError as error:
                self._refuse_bucket(error)
                return None

    def list_all(self, folder: str = "") -> list[StoredObject]:
        """Lists all objects below a folder."""
        import obstore

        with self._explain("list what is there"):
            return [_read_entry(meta) for chunk in obstore.list(self._store, folder or None) for meta in chunk]

    def list_folder(self, folder: str = "") -> tuple[list[str], list[StoredObject]]:
        """Lists the folders and the objects of a folder."""
        import obstore

        with self._explain("list what is there"):
            found = obstore.list_with_delimiter(self._store, folder or None)
            return [str(one) for one in found["common_prefixes"]], [_read_entry(meta) for meta in found["objects"]]

    def put(self, key: str, content: bytes) -> None:
        """Writes an object, over a former one."""
        self._write(key, content, "overwrite")

    def create(self, key: str, content: bytes) -> Stamp:
        """Writes an object that must not be there yet. Raises Conflict where it is, with another content."""
        return self._write_if(key, content, "create")

    def change(self, key: str, content: bytes, stamp: Stamp) -> Stamp:
        """Writes an object anew if it is still as it was read. Raises Conflict where it is not."""
        told = {"e_tag": stamp.e_tag, "version": stamp.version}
        return self._write_if(key, content, {name: value for name, value in told.items() if value is not None})

    def delete(self, key: str) -> None:
        """Deletes an object, if it is there."""
        import obstore

        with self._explain(f"delete {key}"), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, key)

    def _write_if(self, key: str, content: bytes, mode: Any) -> Stamp:
        try:
            return self._write(key, content, mode)
        except Conflict:
            # A try whose answer was lost may have written it.
            found = self.read(key)
            if found and found[0] == content:
                return found[1]
            raise

    def _write(self, key: str, content: bytes, mode: Any) -> Stamp:
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._explain(f"write {key}"):
            try:
                # One request: of an object that comes in parts, no store tells whether it was there before.
                written = obstore.put(self._store, key, content, mode=mode, use_multipart=False)
            except (AlreadyExistsError, PreconditionError):
                raise Conflict(key) from None
            except FileNotFoundError as error:
                # Some stores say so of an object that was to be changed and is gone.
                self._refuse_bucket(error)
                raise Conflict(key) from None
            return Stamp(written["e_tag"], written["version"])

    @contextlib.contextmanager
    def _explain(self, work: str) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError):
                self._refuse_bucket(error)
                raise FileNotFoundError(f"{self.label}: no such object") from None
            raise StoreError(f"{self.label}: cannot {work}: {explain_refusal(error)}") from None

    def _refuse_bucket(self, error: FileNotFoundError) -> None:
        """Raises StoreError where it is the bucket that is missing."""
        if any(code in str(error) for code in ("NoSuchBucket", "ContainerNotFound")):
            raise StoreError(f"{self.label}: {explain_refusal(error)}") from None


def open_place(url: str) -> ObjectPlace:
    """Opens the place that an address names, without asking the store anything. Raises StoreError."""
    address: StoreAddress = parse_address(url)
    return ObjectPlace(open_store(address), address.label)


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


def _read_stamp(meta: Any) -> Stamp:
    return Stamp(meta["e_tag"], meta["version"], meta["last_modified"])


def _read_entry(meta: Any) -> StoredObject:
    return StoredObject(meta["path"], meta["size"], meta["last_modified"])
