"""A folder of pages that an index links to, each about one model: read like a folder of files."""

import hashlib
import re
from urllib.parse import urljoin

from pipelines.http.answers import redact_url
from pipelines.http.client import Http
from pipelines.http.errors import Fatal, Gone

MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")


class Cards:
    """The pages whose names match a pattern in the index at an address."""

    def __init__(self, url: str, http: Http, pattern: str) -> None:
        self._url, self._http, self._pattern = url, http, pattern
        self._texts: dict[str, str] = {}
        self.etag: str | None = "cards"
        """Marks that they were read before; a card changes without the index, so no request is conditional on it."""

    def list_files(self, etag: str | None, endings: tuple[str, ...]) -> dict[str, str]:
        """Reads all cards; returns the hash of each by its name. Raises Fatal if the index names none."""
        index = self._http.get(self._url, accept=MARKDOWN).content.decode("utf-8-sig", "replace")
        names = sorted({name for name in re.findall(self._pattern, index) if name.endswith(endings)})
        files = {name: hash_ for name in names if (hash_ := self._read_card(name))}
        if not files:
            raise Fatal(f"{redact_url(self._url)}: 200, but it links to no card; the page has changed shape")
        return files

    def read(self, hash_: str) -> str:
        """Returns the text of a card by its hash."""
        return self._texts[hash_]

    def make_page_url(self, name: str) -> str:
        """Makes the address of a card."""
        return urljoin(self._url, name)

    def _read_card(self, name: str) -> str:
        """Reads a card and returns its hash; empty if it is gone, though the index names it."""
        try:
            text = self._http.get(self.make_page_url(name), accept=MARKDOWN).content.decode("utf-8-sig", "replace")
        except Gone:
            return ""
        hash_ = hashlib.sha256(text.encode()).hexdigest()[:16]
        self._texts[hash_] = text
        return hash_
