"""Links in one form, however they are written, and what lies above them."""

import re
from urllib.parse import unquote, urlsplit

HOSTS = {"hf.co": "huggingface.co", "old.reddit.com": "reddit.com"}
"""Further names of a host."""
LINK = re.compile(r"(?:https?://|(?<![\w@./%-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/)[^\s<>\"'`\\)\]}|]+", re.IGNORECASE)
"""A link within a text, also without its scheme."""
_FORMS = (
    # A number names one thread, whichever list of the repository shows it; what follows are views of it.
    (r"(/.+)/(?:pulls?|issues|discussions)/(\d+)(?:/[^#]*)?(#.*)?", r"\1/issues/\2\3"),
    (r"(.*)/t/(?!\d+(?:[/#]|$))[^/]+/(\d+(?:/\d+)?)(?:#.*)?", r"\1/t/\2"),
    (r"(.*)/questions/\d+/[^/#]+[/#](\d+)(?:#.*)?", r"\1/a/\2"),
    (r"(.*)/(?:questions|q)/(\d+)(?:[/#].*)?", r"\1/questions/\2"),
    (r"(.*)/a/(\d+)(?:[/#].*)?", r"\1/a/\2"),
    (r"(?:/r/[^/]+)?/comments/(\w+)/[^/]+/(\w+)(?:#.*)?", r"/comments/\1/_/\2"),
    (r"(?:/r/[^/]+)?/comments/(\w+)(?:[/#].*)?", r"/comments/\1"),
)
"""Paths that mean the same, and their one form; the first that fits is taken."""


def normalize_link(text: str) -> str:
    """Returns a link in its one form: `host/path#part` in small letters; empty for what is no link to a page."""
    try:
        parts = urlsplit(text.strip() if "://" in text else f"https://{text.strip()}")
    except ValueError:
        return ""
    host, path = parts.netloc.lower().removeprefix("www."), re.sub("/+", "/", unquote(parts.path)).rstrip("/").lower()
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w-]+[.:][\w.:-]+", host) or re.search(r"\s", path):
        return ""
    if re.fullmatch(r"[\w-]+", parts.fragment):
        path = f"{path}#{parts.fragment.lower()}"
    for pattern, form in _FORMS:
        if re.fullmatch(pattern, path):
            path = re.sub(pattern, form, path, count=1)
            break
    return f"{HOSTS.get(host, host)}{path}"


def list_ancestors(link: str) -> list[str]:
    """Lists a normal link and all that it lies below, but for the host, which is everybody's."""
    place, part = link.partition("#")[::2]
    segments = place.split("/")
    above = ["/".join(segments[:count]) for count in range(len(segments), 1, -1)]
    return [*([link] if part else []), *above]
