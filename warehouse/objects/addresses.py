"""Addresses of object stores: which store one names, and how it is opened, with timeouts that end."""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from warehouse.faults import StoreError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

KINDS = "s3://bucket/folder, gs://bucket/folder or az://container/folder"
CLIENT = {"connect_timeout": "10s", "timeout": "60s"}
RETRIES: dict[str, Any] = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
"""How often and how long a request is sent again that met no answer or an error of the server."""
OPTIONS = {
    "s3": frozenset({"endpoint_override", "region", "scheme"}),
    "gs": frozenset({"endpoint_override"}),
    "az": frozenset({"endpoint_override", "account"}),
}
"""What may stand behind the `?` of an address, as PyArrow's addresses have it."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """An address, read: what it names, and the credentials that may stand in it."""

    scheme: str
    bucket: str
    folder: str
    user: str
    password: str
    options: dict[str, str]

    @property
    def label(self) -> str:
        """The address without credentials or options."""
        return f"{self.scheme}://{self.bucket}/{self.folder}".rstrip("/")

    @property
    def endpoint(self) -> str:
        """The address of the server, where another one than the provider's is asked."""
        endpoint = self.options.get("endpoint_override", "")
        return endpoint if "://" in endpoint or not endpoint else f"{self.options.get('scheme', 'https')}://{endpoint}"


def is_object_address(url: str) -> bool:
    """Tells whether a landing zone is in an object store, and not in a folder."""
    return "://" in url and not url.startswith("file:")


def hide_credentials(url: str) -> str:
    """Returns the URL without credentials or parameters."""
    scheme, mark, rest = url.split("?")[0].rpartition("://")
    return f"{scheme}{mark}{rest.split('@')[-1]}"


def parse_address(url: str) -> StoreAddress:
    """Reads an address. Raises StoreError for one that names no object store."""
    where = hide_credentials(url)
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        bucket = parts.netloc.rpartition("@")[2]
    except ValueError:
        raise StoreError(f"{where}: not an address; use {KINDS}") from None
    scheme = {"gcs": "gs", "abfs": "az", "azure": "az"}.get(parts.scheme, parts.scheme)
    if scheme not in OPTIONS:
        raise StoreError(f"{where}: {scheme}:// is not an object store that Heartbeat knows; use {KINDS}")
    if not bucket:
        raise StoreError(f"{where}: names no bucket; use {KINDS}")
    if unknown := sorted(options.keys() - OPTIONS[scheme]):
        raise StoreError(
            f"{where}: unknown option {unknown[0]!r}; an address may have {', '.join(sorted(OPTIONS[scheme]))}"
        )
    return StoreAddress(scheme, bucket, parts.path.strip("/"), user, password, options)


def open_store(address: StoreAddress, is_anonymous: bool = False) -> "ObjectStore":
    """Opens the store that an address names, without asking it anything. Raises StoreError.

    An anonymous reader does not look for the credentials of a cloud machine, which takes seconds.
    """
    # Late: who lands in a folder needs none of it.
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    config = {name: value for name, value in _list_config(address).items() if value}
    endpoint = address.endpoint or (os.environ.get("AWS_ENDPOINT_URL", "") if address.scheme == "s3" else "")
    options: dict[str, Any] = {
        "config": config | ({"skip_signature": True} if is_anonymous else {}),
        "client_options": CLIENT | {"allow_http": endpoint.startswith("http://")},
        "retry_config": RETRIES,
    }
    try:
        store: ObjectStore = from_url(f"{address.scheme}://{address.bucket}/{quote(address.folder)}", **options)
    except (BaseError, ValueError) as error:
        # The library's own message may quote what it was given.
        raise StoreError(
            f"{address.label}: the store cannot be opened with these settings ({type(error).__name__})"
        ) from None
    return store


def _list_config(address: StoreAddress) -> dict[str, str]:
    """Lists the settings that an address has; what it leaves open comes from the environment."""
    if address.scheme == "gs":
        return {"base_url": address.endpoint}
    if address.scheme == "az":
        account = address.options.get("account") or address.user
        return {"account_name": account, "account_key": address.password, "endpoint": address.endpoint}
    return {
        "region": address.options.get("region", ""), "endpoint": address.endpoint,
        "access_key_id": address.user, "secret_access_key": address.password,
    }  # fmt: skip
