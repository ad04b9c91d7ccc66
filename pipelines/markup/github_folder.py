"""Reads a folder of a GitHub repository: one conditional request for the list, then one per new or changed file.

The list gives the hash of each file's content, so unchanged files are not read again. Files are read from GitHub's raw
host, which does not count towards the requests that an address may make without a token. The hash returns whether it
returned the listed content; only if it did not, the interface is asked for the file.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pipelines.http.answers import redact_url
from pipelines.http.client import Http
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.http.requests import is_address
from warehouse.faults import Fault

MOST = 1000
"""Maximum number of files that GitHub lists; it does not report that it excluded others."""
JSON = ("application/json",)
SISTER_HOSTS = {"api.github.com": ("raw.githubusercontent.com",)}
"""Hosts that a folder's files may be read from, by the host that lists them."""


class Folder:
    """The folder at an address: `https://api.github.com/repos/{owner}/{name}/contents/{path}`.

    Raises Fatal for an address of another form.
    """

    def __init__(self, url: str, http: Http, token: str | None) -> None:
        self._url, self._http = url, http
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self._raw_urls: dict[str, str] = {}
        self.etag: str | None = None
        if "/contents/" not in self._url:
            raise Fatal(
                f"{redact_url(url)}: base_url must name a folder, as "
                f"https://api.github.com/repos/OWNER/NAME/contents/FOLDER",
                Fault.MISCONFIGURED,
            )

    def list_files(self, etag: str | None, endings: tuple[str, ...]) -> dict[str, str] | None:
        """Lists the hashes of the files with one of the endings, by name; None if the folder has not changed.

        Raises Fatal.
        """
        answer = self._http.get(self._url, accept=JSON, etag=etag, headers=self._headers)
        self.etag = answer.etag
        if answer.status == 304:
            return None
        items = answer.json()
        if not isinstance(items, list) or not all(
            isinstance(item, Mapping) and {"name", "sha", "type"} <= item.keys() for item in items
        ):
            raise Fatal(
                f"{redact_url(self._url)}: not a list of files; the folder has moved or the interface has changed"
            )
        if len(items) >= MOST:
            raise Fatal(f"{redact_url(self._url)}: {len(items)} files; GitHub stops at {MOST}, so some may be missing")
        listed = [item for item in items if item["type"] == "file" and str(item["name"]).endswith(endings)]
        files = {str(item["name"]): str(item["sha"]) for item in listed}
        self._raw_urls = {str(item["sha"]): str(item.get("download_url") or "") for item in listed}
        if not files:
            raise Fatal(
                f"{redact_url(self._url)}: no file that ends in {' or '.join(endings)}; the folder has changed",
                Fault.EMPTY,
            )
        return files

    def read(self, sha: str) -> str:
        """Reads the text of a file by its hash. Raises Fatal if the hash is malformed or the file unreadable."""
        if not sha.isalnum():
            raise Fatal(f"{redact_url(self._url)}: {sha[:40]!r} is not the hash of a file")
        raw = self._read_raw(sha)
        if raw is not None:
            return raw.decode("utf-8-sig", "replace")
        repository, _, _ = self._url.partition("/contents/")
        answer = self._http.get(f"{repository}/git/blobs/{sha}", accept=JSON, headers=self._headers).json()
        try:
            return base64.b64decode(answer["content"]).decode("utf-8-sig", "replace")
        except (KeyError, TypeError, ValueError, binascii.Error):
            raise Fatal(
                f"{redact_url(self._url)}: the file {sha[:12]} cannot be read; the interface has changed"
            ) from None

    def make_page_url(self, name: str) -> str:
        """Makes the address of a file's public page: on github.com, or on the host of an Enterprise server."""
        parts = urlsplit(self._url)
        path = parts.path.partition("/repos/")[2].replace("/contents/", "/blob/HEAD/", 1)
        host = "github.com" if parts.hostname == "api.github.com" else parts.netloc
        return f"{parts.scheme}://{host}/{path.rstrip('/')}/{name}"

    def _read_raw(self, sha: str) -> bytes | None:
        """Reads a file from where the list says; None if that is another content, or nothing."""
        url, own = self._raw_urls.get(sha, ""), urlsplit(self._url).hostname or ""
        if not is_address(url) or urlsplit(url).hostname not in (own, *SISTER_HOSTS.get(own, ())):
            return None
        try:
            content = self._http.get(url).content
        except (Fatal, Gone):
            return None
        except Retriable:
            self._raw_urls = {}  # the host is in trouble: the interface is asked for the other files too
            return None
        # The raw host is minutes behind after a change.
        return content if _hash_file(content) == sha else None


def _hash_file(content: bytes) -> str:
    """Hashes a file's content as git does."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def strip_suffix(name: str) -> str:
    """Strips the ending from a file's name."""
    return PurePosixPath(name).stem


def list_changed_files(files: Mapping[str, str], last_files: Mapping[str, str]) -> Iterator[str]:
    """Lists the names of files that are new or changed since the last visit, sorted; both map names to hashes."""
    return (name for name in sorted(files) if files[name] != last_files.get(name))
