"""The ways in which a text may write a name or a link, each brought to one before it is compared."""

import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

MOST_PARTS = 8
"""Parts of a hyphenated word that are tried as one name."""
ENDS = ".,;:!?*_~…"
"""Signs after a link that belong to its sentence."""
MOST_TURNS = 3
"""How often a link may have been encoded."""
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Signs that nobody sees, such as the one after `@` that keeps a forge from telling somebody."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_SCHEME = re.compile("(?=https?://)", re.IGNORECASE)


def normalize_name(name: str) -> str:
    """Returns a name in small letters, each in the form that all its ways of writing have in common."""
    return unicodedata.normalize("NFKC", name).lower()


def simplify_text(text: str) -> str:
    """Returns a text without escapes of JSON and HTML, without signs that nobody sees, and with usual letters."""
    if text.isascii() and "\\" not in text and "&" not in text:
        return text
    text = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text).replace("\\/", "/")
    # Two escapes may be one letter.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", html.unescape(text)))


def list_carried(link: str) -> list[str]:
    """Lists a link and those that it carries, as links of archives and redirects do, encoded or not, also without the
    signs that end a sentence."""
    found, text = [link], link
    for _ in range(MOST_TURNS if link.lower().count("http") > 1 else 0):
        for part in _SCHEME.split(text)[1:]:
            found += [part, part.partition("&")[0]]
        decoded = unquote(text)
        if decoded == text:
            break
        text = decoded
    return [*found, *(one.rstrip(ENDS) for one in found if one[-1:] in ENDS)]


def list_names(word: str) -> Iterator[str]:
    """Lists what may be a name in a word, in small letters: its parts, singly and joined."""
    parts = re.split("([._-])", normalize_name(word))
    for start in range(0, len(parts), 2):
        for end in range(start + 1, min(start + 2 * MOST_PARTS, len(parts) + 1), 2):
            yield "".join(parts[start:end])
