"""Waits requested by servers, in every form that the sources use."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 120.0
"""Longest wait within a run; for a longer one the visit ends as Retriable and a later one resumes."""
LONGEST_REQUESTED = 31 * 86_400.0
"""Longest wait that is understood; a longer one would be no date any more."""
UNNAMED_SECONDS = 60.0
"""Wait for a secondary rate limit without a stated time (a 403): GitHub asks for at least a minute."""
LONGEST_HEADER = 500
"""Characters of a header that are read; an honest one has fewer than fifty."""
_WAIT_IN_BODY = re.compile(rb'"wait_seconds":\s*(\d{1,9})|available in (\d{1,9}) seconds')


def read_requested_wait(headers: Mapping[str, str], now: datetime, body: bytes = b"") -> float | None:
    """Returns the requested wait in seconds, from 0 to 31 days; None if the server names no usable time.

    Reads `Retry-After` (seconds or a date), the Hub's `RateLimit` (`t=`) and `x-ratelimit-reset` (GitHub's instant,
    Reddit's seconds), in this order, then the body of the refusal (Discourse and Stack Exchange).
    """
    wait = _read_wait({name: value[:LONGEST_HEADER] for name, value in headers.items()}, now, body)
    return None if wait is None else min(wait, LONGEST_REQUESTED)


def _read_wait(headers: Mapping[str, str], now: datetime, body: bytes) -> float | None:
    # The server's own clock, since this machine's may be wrong.
    here = parse_http_date(headers.get("date", "")) or now
    retry_after = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d+)?", retry_after):
        return float(retry_after)
    if at := parse_http_date(retry_after):
        return max(0.0, (at - here).total_seconds())
    if spent := re.search(r"\br=0\b.*?\bt=(\d{1,9})", headers.get("ratelimit", "")):
        return float(spent[1])
    remaining, reset = headers.get("x-ratelimit-remaining", ""), headers.get("x-ratelimit-reset", "")
    if remaining == "0" and re.fullmatch(r"\d{9,11}", reset):
        return max(1.0, (datetime.fromtimestamp(int(reset), UTC) - here).total_seconds() + 1)
    if re.fullmatch(r"0(\.\d+)?", remaining) and re.fullmatch(r"\d{1,4}", reset):
        return max(1.0, float(reset))
    in_body = _WAIT_IN_BODY.search(body[:4000])
    return float(in_body[1] or in_body[2]) if in_body else None


def parse_http_date(value: str) -> datetime | None:
    """Parses the date of a header; None for anything else."""
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def is_throttled(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """True for a rate limit rather than a denial, judged by headers or by the wording of GitHub and Stack Exchange."""
    if status == 429 or (status in (400, 502) and b"throttle_violation" in body[:4000]):
        return True
    says_when = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    return status == 403 and (says_when or re.search(rb"(?i)\brate limit|abuse detection", body[:4000]) is not None)
