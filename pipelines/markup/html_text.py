"""Extracts the author's own text from the HTML of a post: code, links and prose, without quotations and pictures."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from pipelines.http.errors import Fatal
from pipelines.markup.parser import TEXT, parse_html
from pipelines.text.features import LONGEST, Features, count_features_of_parts

WEB = ("http://", "https://")
BLOCKS = frozenset({
    "p", "div", "li", "br", "hr", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "details",
    "summary",
})  # fmt: skip
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

    def count_features(self) -> Features:
        """Counts features as `count_features` does for Markdown."""
        return count_features_of_parts(self.code, self.inline, self.plain)


def read_html(html: object) -> TextParts:
    """Splits a post into its parts, empty for anything but text, and for tags nested as nobody writes them."""
    parts = TextParts()
    try:
        parts.plain = "".join(_read(parse_html(html[: LONGEST * 4] if isinstance(html, str) else ""), parts))
    except (Fatal, RecursionError):
        return TextParts()
    return parts


def _read(node: LexborNode, parts: TextParts, is_link: bool = False) -> Iterator[str]:
    """Yields the prose inside a tag; adds its code to the parts."""
    for child in node.iter(include_text=True):
        tag, classes = child.tag or "", set((child.attributes.get("class") or "").split())
        if tag == TEXT:
            text = child.text_content or ""
            yield "" if is_link and text.strip().startswith(WEB) else text  # a bare link is its own text
        elif tag in LEFT_OUT or classes & LEFT_OUT_CLASSES:
            yield _make_link(child, "data-onebox-src", "href") if "onebox" in classes else ""
        elif tag == "pre":
            parts.code.append((_find_language(child), child.text()))
        elif tag == "code":
            parts.inline.append(child.text())
        else:
            end = "\n" if tag in BLOCKS else ""
            yield end + (_make_link(child, "href") if tag == "a" and not classes & NO_LINKS else "")
            yield from _read(child, parts, is_link or tag == "a")
            yield end


def _find_language(pre: LexborNode) -> str:
    """Finds the language that a block of code states, in lower case."""
    code = pre.css_first("code[class]")
    classes = (code.attributes["class"] or "").split() if code else []
    language = next((one.partition("-")[2].lower() for one in classes if one.startswith(("lang-", "language-"))), "")
    return "" if language in ("auto", "nohighlight", "plaintext") else language


def _make_link(node: LexborNode, *names: str) -> str:
    address = next((value for name in names if (value := node.attributes.get(name))), "")
    return f" {address} " if address.lower().startswith(WEB) else ""
