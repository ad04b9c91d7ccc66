"""Server answers, and their safe display."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from pipelines.http.errors import Denied, Fatal, Retriable, TokenRefused
from pipelines.http.hosts import name_host
from pipelines.http.swarms import refuse_swarm


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: 200 with content, or 304 without."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    url: str
    """The final address, after redirects."""
    etag: str | None
    last_modified: str | None

    def json(self) -> Any:
        """Parses the content as JSON. Rejects NaN, duplicate keys and too many values; a cut-off text is Retriable."""
        refuse_swarm(self.content, redact_url(self.url))
        try:
            return json.loads(
                self.content.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_refuse_twins
            )
        except json.JSONDecodeError as error:
            if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated"):
                raise Retriable(f"{redact_url(self.url)}: the answer is cut off") from None
            raise Fatal(
                f"{redact_url(self.url)}: not JSON (line {error.lineno}: {error.msg}); the format has changed"
            ) from None
        except (ValueError, RecursionError) as error:
            raise Fatal(
                f"{redact_url(self.url)}: not usable as JSON: {type(error).__name__}: {str(error)[:100]}"
            ) from None


_HINTS = {
    401: ": the token is missing, invalid or expired",
    403: ": access denied by policy or for lack of permission",
}
_KEY_REFUSED = re.compile(rb"`?key`? doesn't match a known application")
"""How Stack Exchange, whose keys are part of the address, refuses one: as a bad parameter, with status 400."""


def is_token_refused(answer: Answer) -> bool:
    """Returns whether an answer refuses the token of its request, which had one."""
    return answer.status == 401 or (answer.status == 400 and _KEY_REFUSED.search(answer.content[:4000]) is not None)


def describe_token_refusal(answer: Answer) -> str:
    """Describes how a host refused the token, which every other request to it would meet as well."""
    return f"{name_host(answer.url)}: {answer.status}: the token is wrong, expired or revoked; set a new one"


def explain_refusal(answer: Answer, url: str, has_token: bool) -> Fatal:
    """Returns the error for an answer that no retry can change; `url` is what may be shown of the address."""
    word = find_refusal_word(answer)
    explanation = {"": "", "html": " (an HTML page, probably from a bot filter)"}.get(word, f" ({word})")
    if has_token and is_token_refused(answer):
        error: Fatal = TokenRefused(f"{describe_token_refusal(answer)}{explanation}")
    else:
        kind = Denied if answer.status in _HINTS else Fatal
        error = kind(f"{url}: {answer.status}{_HINTS.get(answer.status, '')}{explanation}")
    error.word = word
    return error


def find_refusal_word(answer: Answer) -> str:
    """Finds the upstream's one-word reason for a refusal: `html` for an HTML page, empty if there is none."""
    if answer.headers.get("content-type", "").startswith("text/html") or re.match(
        rb"\s*<(?:!doctype|html)", answer.content[:200], re.IGNORECASE
    ):
        return "html"
    try:
        refusal = json.loads(answer.content[:20_000])
    except (ValueError, RecursionError):
        return ""
    # Only a single lower-case word: a whole sentence might repeat a secret that was sent.
    words = (refusal.get(name) for name in ("error_type", "error_name")) if isinstance(refusal, dict) else ()
    return next((word for word in words if isinstance(word, str) and re.fullmatch(r"[a-z_]{3,40}", word)), "")


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not valid JSON")


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("duplicate key")
    return values


def redact_url(url: str) -> str:
    """Redacts an address for pages and logs: drops user, password, fragment and query values."""
    parts = urlsplit(url)
    names = "&".join(f"{pair.partition('=')[0]}=…" for pair in parts.query.split("&") if pair)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, names, ""))


def to_web_link(value: object, base: str = "") -> str | None:
    """Returns an absolute http or https address without credentials, fit for a page; None for anything else."""
    if not isinstance(value, str) or not value.strip() or re.search(r"[\x00-\x20\x7f<>\"'`\\]", value.strip()):
        return None
    try:
        url = urljoin(base, value.strip())
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    # Anyone who reads a link looks for `https:` as it is usually written.
    return parts.scheme + url[len(parts.scheme) :] if is_web and len(url) <= 500 else None
