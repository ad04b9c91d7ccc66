"""Links in one form, however they are written, and what lies above them."""

import re
from urllib.parse import unquote, urlsplit

HOSTS = {"hf.co": "huggingface.co", "old.reddit.com": "reddit.com", "np.reddit.com": "reddit.com",
         "new.reddit.com": "reddit.com"}  # fmt: skip
"""Further names of a host."""
LINK = re.compile(r"(?:https?://|(?<![\w@./%-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/)[^\s<>\"'`\\)\]}|]+", re.IGNORECASE)
"""A link within a text, also without its scheme."""
_FORMS = (
    # A number stands for one thread, whichever list of the repository shows it; what follows are views of it.
    (re.compile(r"(/.+)/(?:pull|pulls|issues|discussions)/(\d+)(?:/.*)?"), r"\1/issues/\2"),
    (re.compile(r"((?:/.+)?)/t/(?![0-9]+(?:/|$))[^/]+/(\d+(?:/\d+)?)"), r"\1/t/\2"),
    (re.compile(r"((?:/.+)?)/questions/\d+/[^/]+/(\d+)"), r"\1/a/\2"),
    (re.compile(r"((?:/.+)?)/(?:questions|q)/(\d+)(?:/.*)?"), r"\1/questions/\2"),
    (re.compile(r"((?:/.+)?)/a/(\d+)(?:/.*)?"), r"\1/a/\2"),
    (re.compile(r"(?:/r/[^/]+)?/comments/(\w+)/[^/]+/(\w+)"), r"/comments/\1/_/\2"),
    (re.compile(r"(?:/r/[^/]+)?/comments/(\w+)(?:/.*)?"), r"/comments/\1"),
)
"""Paths that mean the same, and their one form; the first that fits is taken."""


def normalize_link(text: str) -> str:
    """Returns a link in its one form: `host/path#part` in small letters; empty for what is no link to a page."""
    try:
        parts = urlsplit(text.strip() if "://" in text else f"https://{text.strip()}")
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    path = re.sub("/+", "/", unquote(parts.path)).rstrip("/").lower()
    is_host = "." in host or (bool(host) and "://" in text)
    if parts.scheme.lower() not in ("http", "https") or not is_host or re.search(r"[\s\x00-\x1f]", path):
        return ""
    if host == "redd.it":
        host, path = "reddit.com", f"/comments{path}"
    part = parts.fragment.lower() if re.fullmatch(r"[\w-]+", parts.fragment) else ""
    if part.isdigit() and (found := re.fullmatch(r"((?:/.+)?)/(?:questions|q)/\d+(?:/.*)?", path)):
        path, part = f"{found[1]}/a/{part}", ""  # an answer on the page of its question
    for pattern, form in _FORMS:
        if pattern.fullmatch(path):
            path = pattern.sub(form, path)
            break
    place = f"{HOSTS.get(host, host)}{f':{port}' if port else ''}{path}"
    return f"{place}#{part}" if part else place


def list_ancestors(link: str) -> list[str]:
    """Lists a normal link and all that it lies below, but for the host, which is everybody's."""
    place, part = link.partition("#")[::2]
    segments = place.split("/")
    above = ["/".join(segments[:count]) for count in range(len(segments), 1, -1)]
    return [*([link] if part else []), *above]
