"""Extracts the author's own text from the HTML of a post: code, links and prose, without quotations and pictures."""

from collections import Counter
from dataclasses import dataclass, field

from pipelines.markup.parser import TolerantParser
from pipelines.text.features import LONGEST, Features, count_features_of_parts

Attributes = list[tuple[str, str | None]]
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
BLOCKS = frozenset(
    {
        "p",
        "div",
        "li",
        "br",
        "hr",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "details",
        "summary",
    }
)
LEFT_OUT = frozenset({"blockquote", "script", "style", "svg", "template", "iframe"})
LEFT_OUT_CLASSES = frozenset({"quote", "onebox", "lightbox-wrapper", "quote-controls", "footnote-backref"})
"""Classes of Discourse for quotations, previews of linked pages, pictures with their sizes, and buttons."""
NO_LINKS = frozenset(
    {"mention", "mention-group", "hashtag", "hashtag-cooked", "anchor", "lightbox", "attachment", "footnote-backref"}
)


@dataclass(slots=True)
class TextParts:
    """The parts of a text."""

    code: list[tuple[str, str]] = field(default_factory=list)
    """Blocks of code: language (empty if not stated) and text."""
    inline: list[str] = field(default_factory=list)
    plain: str = ""
    """The prose, with the addresses of links."""

    def count_features(self, own: str = "") -> Features:
        """Counts features as `count_features` does for Markdown."""
        return count_features_of_parts(self.code, self.inline, self.plain, own)


def read_html(html: object) -> TextParts:
    """Splits a post into its parts, which are empty for anything but text; an unclosed tag ends with the text."""
    reader = _PostReader()
    reader.read(html[: LONGEST * 4] if isinstance(html, str) else "")
    reader.close_tags()
    return reader.parts


class _PostReader(TolerantParser):
    """Parses with the standard library; a stack of the open tags gives the context of each word."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts = TextParts()
        self._open: list[tuple[str, bool]] = []
        self._counts = Counter[str]()
        """How often each tag is open; searching the stack for every word would take quadratic time."""
        self._prose: list[str] = []
        self._code: list[str] = []
        self._language = ""

    def close_tags(self) -> None:
        """Closes all open tags."""
        while self._open:
            self._close_tag()
        self.parts.plain = "".join(self._prose)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = frozenset(values.get("class", "").split())
        hidden = self._is_hidden or tag in LEFT_OUT or bool(classes & LEFT_OUT_CLASSES)
        if not self._is_hidden and "onebox" in classes:
            self._add_link(values.get("data-onebox-src") or values.get("href", ""))
        if tag in BLOCKS and not hidden:
            self._prose.append("\n")
        if tag == "a" and not hidden and not classes & NO_LINKS:
            self._add_link(values.get("href", ""))
        if tag == "code" and self._is_in("pre"):
            self._language = next(
                (word.partition("-")[2] for word in classes if word.startswith(("lang-", "language-"))), ""
            )
        if tag not in VOID:
            self._open.append((tag, hidden))
            self._counts[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        if self._is_in(tag):
            while self._close_tag() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._is_hidden:
            return
        if self._is_in("pre") or self._is_in("code"):
            self._code.append(data)
        elif not (self._is_in("a") and data.strip().startswith(("http://", "https://"))):  # a bare link is its own text
            self._prose.append(data)

    @property
    def _is_hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _is_in(self, tag: str) -> bool:
        return self._counts[tag] > 0

    def _close_tag(self) -> str:
        tag, hidden = self._open.pop()
        self._counts[tag] -= 1
        if hidden:
            return tag
        if tag == "pre" and not self._is_in("pre"):
            language = self._language.lower()
            self.parts.code.append(
                ("" if language in ("auto", "nohighlight", "plaintext") else language, "".join(self._code))
            )
            self._code, self._language = [], ""
        elif tag == "code" and not self._is_in("pre") and not self._is_in("code"):
            self.parts.inline.append("".join(self._code))
            self._code = []
        if tag in BLOCKS:
            self._prose.append("\n")
        return tag

    def _add_link(self, address: str) -> None:
        if address.lower().startswith(("http://", "https://")):
            self._prose.append(f" {address} ")
