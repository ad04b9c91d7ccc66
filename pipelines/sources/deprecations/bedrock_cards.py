"""Amazon Bedrock: a card for each model, the only place of the ends of those launched since 7 September 2026."""

import hashlib
import re
from urllib.parse import urljoin

from pipelines.http.answers import redact_url
from pipelines.http.client import Http
from pipelines.http.errors import Fatal, Gone
from pipelines.markup.dates import read_promise
from pipelines.markup.page_blocks import read_markdown_blocks
from pipelines.sources.deprecations.notice import EndNotice
from pipelines.sources.deprecations.tables import STAGES, find_columns

MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
_FIELD = re.compile(r"(Model launch date|EOL no sooner than|Model EOL date|Model lifecycle): (.+)")
_SOME = re.compile(r"\bspecific regions\b", re.IGNORECASE)


def read_card(text: str, name: str) -> list[EndNotice]:
    """Reads a notice for each id of a model that has a last day, or an earliest one.

    `name` is the card's, for errors. Raises Fatal if it has no day of launch.
    """
    blocks = read_markdown_blocks(text)
    fields = {match[1]: match[2] for block in blocks if (match := _FIELD.match(block.text))}
    if "Model launch date" not in fields:
        raise Fatal(f"{name}: a card without a day of launch; the cards have changed shape")
    lifecycle = fields.get("Model lifecycle", "")
    shutdown = read_promise(fields.get("Model EOL date", ""))
    shutdown = shutdown if shutdown.on else read_promise(fields.get("EOL no sooner than", ""), is_floor=True)
    # Which regions an end is of is in the list of ends only.
    if not shutdown.on or _SOME.search(lifecycle):
        return []
    cells = [
        row[columns["model"]].strip("`")
        for block in blocks
        if block.kind == "table" and "model id" in map(str.lower, block.header)
        for columns in [find_columns(block.header)]
        for row in block.rows
    ]
    stage = STAGES.get(lifecycle.lower(), "")
    return [
        EndNotice(code, "model", "", shutdown=shutdown, stage=stage)
        for code in dict.fromkeys(cells)
        if "." in code and " " not in code
    ]


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
