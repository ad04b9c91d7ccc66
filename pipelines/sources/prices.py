"""Prices and lifetimes of models: OpenRouter's public list, downloaded once for all families.

A model gets a row on each day on which it changed, and one when it leaves the list; each row holds until the next.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from decimal import Decimal, InvalidOperation
from typing import Any

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Retriable
from pipelines.http.items import ItemReader
from pipelines.http.keys import ItemKeys
from pipelines.http.requests import is_address, join_address
from pipelines.text.values import clean_line, format_instant

BASE_URL = "https://openrouter.ai"
FORMATS = ("openrouter",)
STREAMS = {"models": Stream()}
CURSOR = 1
LIST = "/api/v1/models?limit=1000"
JSON = ("application/json",)
PRICES = {
    "prompt": "prompt_usd", "completion": "completion_usd", "input_cache_read": "cache_read_usd",
}  # fmt: skip
OTHER_PRICES = frozenset((
    "request", "image", "input_cache_write", "internal_reasoning",
    "image_token", "image_output", "audio", "audio_output", "input_audio_cache", "input_cache_write_1h", "web_search",
    "discount", "overrides",
))  # fmt: skip
"""Known prices that are not stored."""
MOST_DIGITS = 30
"""Digits of a price, and places by which its point is moved, at most; an honest one has fewer than twenty."""
MODELS = ItemKeys("models", "data", {"pricing": dict})


def models(visit: Visit) -> Iterator[Page]:
    """Yields every model of the list that is new, changed or gone since the last visit."""
    first = visit.http.get(
        (visit.channel.base_url or BASE_URL).rstrip("/") + LIST, accept=JSON, etag=_load_cursor(visit).get("etag")
    )
    if first.status == 304:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    listing = _Listing()
    answer, visited = first, {first.url}
    while True:
        items, onward = _read_list(visit, answer)
        listing.add(answer, items)
        if onward is None:
            break
        if onward in visited:
            raise Retriable(f"{redact_url(onward)}: a page of models points back to an earlier one")
        visited.add(onward)
        answer = visit.http.get(onward, accept=JSON)
    # An ETag covers one page: only if that is the whole list does a 304 mean that nothing changed.
    yield _compare_models(visit, listing, first.etag if len(visited) == 1 else None)


class _Listing:
    """The models of a list, and the names of those that could not be read."""

    def __init__(self) -> None:
        self.bodies: dict[str, dict[str, Any]] = {}
        self.unread: set[str] = set()
        """Names of models that are listed in another shape; "" is a model without a name."""
        self.skipped: list[str] = []

    def add(self, answer: Answer, items: Sequence[Any]) -> None:
        """Adds the models of an answer. Raises Fatal if none of them can be read."""
        bodies = ItemReader(redact_url(answer.url), self.skipped).read_each(items, _read_model)
        self.bodies.update((body["model_id"], body) for body in bodies)
        self.unread |= {_read_id(item) for item in items} - {body["model_id"] for body in bodies}

    def lacks(self, name: str) -> bool:
        """True if a model is in the list in no shape whatever; False while a nameless one may be it."""
        return name not in self.bodies and not self.unread & {name, ""}


def _compare_models(visit: Visit, listing: _Listing, etag: str | None) -> Page:
    """Makes the rows of models that differ from the last visit's, or that have been missing on two days."""
    cursor_before, today = _load_cursor(visit), visit.now.astimezone(UTC).date().isoformat()
    hashes_before: Mapping[str, str] = cursor_before.get("known") or {}
    missed: Mapping[str, str] = cursor_before.get("missing") or {}
    absent = _list_absent(hashes_before, listing, visit.channel.target)
    hashes = {name: _hash_body(body) for name, body in listing.bodies.items()}
    # A model missing once may have slipped between two pages; missing on a later day too, it is gone.
    gone = {name: missed[name] for name in absent if missed.get(name, today) < today}
    waiting = {name: missed.get(name, today) for name in absent if name not in gone}
    rows = [
        _make_row(name, {**listing.bodies[name], "is_listed": True}, today)
        for name, hash_ in hashes.items()
        if hashes_before.get(name) != hash_
    ]
    rows += [_make_row(name, {"model_id": name, "is_listed": False}, day) for name, day in gone.items()]
    cursor = {
        "v": CURSOR,
        # A 304 would never look again for the missing models, nor read those that could not be read.
        "etag": None if waiting or listing.skipped else etag,
        "known": {name: hash_ for name, hash_ in hashes_before.items() if name not in gone} | hashes,
        "missing": waiting,
    }
    return Page(
        rows,
        cursor,
        expected=len(rows) + len(listing.skipped),
        skipped=tuple(listing.skipped),
        is_unchanged=bool(hashes_before) and not rows and not listing.skipped,
    )


def _list_absent(hashes_before: Mapping[str, str], listing: _Listing, target: str) -> list[str]:
    """Lists the models of the last visit that are gone. Raises Fatal if half of them are: no vendor withdraws so many
    at once, so the list is broken."""
    absent = [name for name in hashes_before if listing.lacks(name)]
    if len(absent) > len(hashes_before) / 2:
        raise Fatal(
            f"{target}: {len(absent)} of {len(hashes_before)} models disappeared from the list; answer rejected"
        )
    return absent


def _make_row(name: str, body: Mapping[str, Any], day: str) -> Row:
    return Row(f"{name}@{day}", None, {**body, "day_on": day})


def _hash_body(body: Mapping[str, Any]) -> str:
    """Hashes the stored facts of a model to eight digits that change whenever they do."""
    return hashlib.blake2b(json.dumps(body, sort_keys=True).encode(), digest_size=4).hexdigest()


def _read_list(visit: Visit, answer: Answer) -> tuple[list[Any], str | None]:
    """Reads the models of a page and the address of the next page."""
    body = visit.keys.check(answer.json(), MODELS)
    items = body.get("data") if isinstance(body, dict) else None
    if not isinstance(items, list) or not any(map(_read_id, items)):
        raise Fatal(f"{redact_url(answer.url)}: no list of models with ids in `data`; its format has changed")
    links = body.get("links")
    onward = links.get("next") if isinstance(links, dict) else None
    if onward is not None and not isinstance(onward, str):
        raise Fatal(f"{redact_url(answer.url)}: the next page's address is not text; its format has changed")
    address = join_address(answer.url, onward) if onward else None
    if address is not None and not is_address(address):
        raise Fatal(f"{redact_url(answer.url)}: the next page's address is none; its format has changed")
    return items, address


def _read_id(item: object) -> str:
    model_id = _as_table(item).get("id")
    return clean_line(model_id, 160) if isinstance(model_id, str) else ""


def _read_model(item: Mapping[str, Any]) -> dict[str, Any]:
    model_id = _read_id(item)
    if not model_id:
        raise Fatal("a model without an id")
    pricing, kinds = (_as_table(item.get(name)) for name in ("pricing", "architecture"))
    if not {"prompt", "completion"} <= pricing.keys():
        raise Fatal(f"{model_id[:80]}: a model without prices of prompt and completion; the list's format has changed")
    usd = {ours: _read_usd(pricing.get(theirs)) for theirs, ours in PRICES.items()}
    return {
        "model_id": model_id,
        "canonical_id": clean_line(item.get("canonical_slug"), 160) or None,
        "hub_id": clean_line(item.get("hugging_face_id"), 160) or None,
        "created_at": format_instant(item.get("created")),
        "expires_on": _read_day(item.get("expiration_date")),
        "context_tokens": _read_count(item.get("context_length")),
        **usd,
        "is_price_variable": any(str(value).startswith("-") for value in pricing.values()),
        "input_kinds": _read_words(kinds.get("input_modalities")),
        "supported": _read_words(item.get("supported_parameters")),
        "drift": [f"pricing={clean_line(name, 40)}" for name in sorted(pricing.keys() - PRICES.keys() - OTHER_PRICES)],
    }


def _load_cursor(visit: Visit) -> Mapping[str, Any]:
    return visit.cursor if visit.cursor.get("v") == CURSOR else {}


def _as_table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _read_usd(value: object) -> str | None:
    """Reads a price as a plain decimal, as exact as the list gives it; None if missing or negative."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        return None
    _, digits, exponent = price.as_tuple()
    # Written out, 1e-999999999 takes gigabytes, and zero with such an exponent as well.
    if not isinstance(exponent, int) or len(digits) > MOST_DIGITS or abs(exponent) > MOST_DIGITS:
        return None
    # OpenRouter writes -1 for a price that depends on the request.
    return format(price, "f") if 0 <= price < 1000 else None


def _read_count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def _read_day(value: object) -> str | None:
    """Reads the day of a date, or of an instant that begins with one."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat() if re.match(r"\d{4}-\d\d-\d\d", str(value)) else None
    except ValueError:
        return None


def _read_words(value: object) -> list[str]:
    return (
        sorted({clean_line(word, 40) for word in value if isinstance(word, str)})[:60]
        if isinstance(value, list)
        else []
    )
