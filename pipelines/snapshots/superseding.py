"""How a publisher notices that another one was faster: by the digest of the manifest that it has read."""

import hashlib
from collections.abc import Callable

from pipelines.http.download import Keep
from pipelines.http.errors import Gone
from warehouse.sharing.manifest import NAME


class Superseded(Exception):
    """Another publisher was faster: the manifest of a place is not the one that was read."""


def digest_manifest(fetch: Callable[[str, Keep], None]) -> str:
    """Returns the SHA-256 digest of the manifest that a place holds now; empty if there is none. Raises SourceError."""
    digest = hashlib.sha256()
    try:
        fetch(NAME, digest.update)
    except Gone:
        return ""
    return digest.hexdigest()
