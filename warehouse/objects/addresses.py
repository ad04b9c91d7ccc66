"""Addresses of object stores, and how one is opened: with settings of the environment, and timeouts that end."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from warehouse.faults import StoreError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

KINDS = "s3://bucket/folder, gs://bucket/folder or az://container/folder"
SCHEMES = {"s3": "s3", "gs": "gs", "gcs": "gs", "az": "az", "abfs": "az", "azure": "az"}
"""Each scheme, also by its further names."""
CLIENT = {"connect_timeout": "10s", "timeout": "60s"}
RETRIES: dict[str, Any] = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
"""How often and how long a request is sent again that met no answer or an error of the server."""
ENDPOINT = "AWS_ENDPOINT_URL"


def is_object_address(url: str) -> bool:
    """Returns whether a landing zone is in an object store, and not in a folder."""
    return "://" in url and not url.startswith("file:")


def hide_credentials(url: str) -> str:
    """Returns the URL without credentials or parameters."""
    scheme, mark, rest = url.split("?")[0].rpartition("://")
    return f"{scheme}{mark}{rest.split('@')[-1]}"


def parse_address(url: str) -> str:
    """Returns an address in its one form, `s3://bucket/folder`. Raises StoreError for one that names no store."""
    where = hide_credentials(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise StoreError(f"{where}: not an address; use {KINDS}") from None
    if parts.scheme not in SCHEMES:
        raise StoreError(f"{where}: {parts.scheme}:// is not an object store that Heartbeat knows; use {KINDS}")
    if parts.query or "@" in parts.netloc:
        raise StoreError(f"{where}: write credentials, {ENDPOINT} and AWS_REGION into the environment; use {KINDS}")
    if not parts.netloc:
        raise StoreError(f"{where}: names no bucket; use {KINDS}")
    return f"{SCHEMES[parts.scheme]}://{parts.netloc}/{parts.path.strip('/')}".rstrip("/")


def open_store(address: str, is_anonymous: bool = False) -> "ObjectStore":
    """Opens the store that an address names, without asking it anything. Raises StoreError.

    An anonymous reader does not look for the credentials of a cloud machine, which takes seconds.
    """
    # Late: who lands in a folder needs none of it.
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    options: dict[str, Any] = {
        "config": {"skip_signature": True} if is_anonymous else {},
        "client_options": CLIENT | {"allow_http": os.environ.get(ENDPOINT, "").startswith("http://")},
        "retry_config": RETRIES,
    }
    try:
        store: ObjectStore = from_url(quote(address, safe=":/"), **options)
    except (BaseError, ValueError) as error:
        # The library's own message may quote what it was given.
        raise StoreError(
            f"{address}: the store cannot be opened with these settings ({type(error).__name__})"
        ) from None
    return store
