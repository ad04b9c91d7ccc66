"""Removes what was forgotten from rows and cursors: rows about it go, and whole texts that name it in others."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from warehouse.forgetting.links import LINK, list_ancestors, normalize_link
from warehouse.forgetting.register import Forgotten, Trace

HUB = "huggingface.co/"
OWN_IDS = ("comment_id", "event_id")
"""Fields that identify a row that opens no thread."""
KEY_SIGNS = frozenset("/:@#")
"""Signs of a key that holds what a source said; other keys are words of ours."""
MOST_PARTS = 8
"""Parts of a hyphenated word that are tried as one name."""
_PSEUDONYM = re.compile("[0-9a-f]{16}")
_WORD = re.compile(r"(?P<mark>(?<!\w)(?:@|[uU]/))?(?P<word>\w[\w.-]*)")
"""A word of a text, with the sign that marks it as an account."""


def normalize_name(name: str) -> str:
    """Returns a name as it is compared: in small letters."""
    return name.lower()


def read_place(channel_id: str) -> str:
    """Reads the place of a channel, its source and target, whichever family names it."""
    return channel_id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Scrubs what belongs to one place."""

    forgotten: Forgotten
    place: str = ""

    def scrub_rows(self, table: pa.Table) -> pa.Table:
        """Returns landed rows without what was forgotten; the same table if there is nothing to remove."""
        texts = table["body"].to_pylist() if self.forgotten else []
        scrubbed = [self.scrub_body(text) for text in texts]
        if scrubbed == texts:
            return table
        index = table.schema.get_field_index("body")
        kept = pa.array([text is not None for text in scrubbed])
        return table.set_column(index, "body", pa.array(scrubbed, pa.string())).filter(kept)

    def scrub_body(self, text: str | None) -> str | None:
        """Returns the body of a row without what was forgotten; None if the row is about it."""
        body = _parse_body(text)
        if not body:
            return self._scrub_text(text or "")
        if self._is_about(body):
            return None
        changed = body | {
            name: self.scrub_value(value) for name, value in body.items() if not name.endswith(("_at", "_on"))
        }
        if changed.get("fixed_by") != body.get("fixed_by"):
            changed["fix_url"] = None  # a change of theirs
        return text if changed == body else json.dumps(changed, ensure_ascii=False, sort_keys=True)

    def list_belonging(self, text: str | None) -> Iterator[tuple[Trace, str]]:
        """Lists what else a row about the forgotten identifies: its thread if it opens one, itself, and its link."""
        body = _parse_body(text)
        if not self._is_about(body):
            return
        if own := _find_own(body):
            yield Trace.ITEM, f"{self.place}/{own}"
        elif thread := _find_thread(body):
            yield Trace.ITEM, f"{self.place}#{thread}"
        if isinstance(url := body.get("url"), str) and (link := normalize_link(url)):
            yield Trace.LINK, link

    def _is_about(self, body: Mapping[str, Any]) -> bool:
        return any(self.forgotten.knows(trace, value) for trace, value in self._list_traces(body))

    def _list_traces(self, body: Mapping[str, Any]) -> Iterator[tuple[Trace, str]]:
        if isinstance(actor := body.get("actor"), str):
            yield Trace.PERSON, actor
        if thread := _find_thread(body):
            yield Trace.ITEM, f"{self.place}#{thread}"
        if own := _find_own(body):
            yield Trace.ITEM, f"{self.place}/{own}"
        model = body.get("model_id")
        for url in (body.get("url"), f"{HUB}{model}" if isinstance(model, str) else None):
            for link in list_ancestors(normalize_link(url)) if isinstance(url, str) else ():
                yield Trace.LINK, link

    def scrub_value(self, value: Any) -> Any:
        """Returns a value of JSON without what was forgotten; None for what was nothing else."""
        if isinstance(value, str):
            return self._scrub_text(value)
        if isinstance(value, Mapping):
            return {name: self.scrub_value(item) for name, item in value.items() if not self._is_key_about(name)}
        if isinstance(value, list):
            items = [(item, self.scrub_value(item)) for item in value]
            return [new for old, new in items if new is not None or old is None]
        return value

    def _scrub_text(self, text: str) -> str | None:
        return None if self.is_named(text) else text

    def is_named(self, text: str) -> bool:
        """Returns True if a text holds a forgotten link, pseudonym or name."""
        return any(self._is_below(link) for link in LINK.findall(text)) or any(
            self._is_name(found["word"], bool(found["mark"])) for found in _WORD.finditer(text)
        )

    def _is_below(self, url: str) -> bool:
        links = list_ancestors(normalize_link(url.rstrip(".,;:!?*_~…")))
        return any(self.forgotten.knows(Trace.LINK, link) for link in links)

    def _is_name(self, word: str, is_marked: bool) -> bool:
        known = self.forgotten.knows
        return any(
            known(Trace.NAME, one)
            or (is_marked and known(Trace.MENTION, one))
            or (_PSEUDONYM.fullmatch(one) is not None and known(Trace.PERSON, one))
            for one in _list_names(word)
        )

    def _is_key_about(self, key: str) -> bool:
        known = self.forgotten.knows
        if known(Trace.ITEM, f"{self.place}#{key}") or known(Trace.LINK, normalize_link(f"{HUB}{key}")):
            return True
        return not KEY_SIGNS.isdisjoint(key) and self.is_named(key)


def _list_names(word: str) -> Iterator[str]:
    """Lists what may be a name in a word: the whole, and its parts singly and joined."""
    word = normalize_name(word)
    yield word
    parts = re.split("([._-])", word)
    for start in range(0, len(parts), 2):
        for end in range(start + 1, min(start + 2 * MOST_PARTS, len(parts) + 1), 2):
            yield "".join(parts[start:end])


def _parse_body(text: str | None) -> dict[str, Any]:
    """Parses a row's body; empty for one that is no object."""
    try:
        body = json.loads(text or "")
    except (RecursionError, ValueError):
        body = None
    return body if isinstance(body, dict) else {}


def _find_thread(body: Mapping[str, Any]) -> str:
    """Finds the number of the thread that a row is, or belongs to; empty for none."""
    number, model = body.get("post_id", body.get("number")), body.get("model_id")
    if not isinstance(number, (str, int)):
        return ""
    return f"{model}#{number}" if isinstance(model, str) else str(number)


def _find_own(body: Mapping[str, Any]) -> str:
    return next((str(body[name]) for name in OWN_IDS if body.get(name) is not None), "")
