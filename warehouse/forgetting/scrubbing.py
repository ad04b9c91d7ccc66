"""Takes what was forgotten out of rows, cursors and texts: rows that are about it, and else the word or link."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from warehouse.forgetting.links import LINK, list_ancestors, normalize_link
from warehouse.forgetting.register import Forgotten, Trace
from warehouse.forgetting.spellings import list_carried, list_names, normalize_name, simplify_text

FILLER, LINK_FILLER = "…", "-"
"""What stands where a name was: in a text, and within a link, which leads on for most forums."""
HUB, FORGE = "huggingface.co/", "github.com/"
OWN_IDS = ("comment_id", "event_id", "sha", "release_id")
"""Fields that identify a row that opens no thread."""
KEY_SIGNS = frozenset("/:@")
"""Signs of a key of cursors, outcomes or alerts that holds what a source said."""
_PSEUDONYM = re.compile("[0-9a-f]{16}")
_THREAD = re.compile(r"(?<![\w.-])[\w-]+\.([\w.-]+)#([\w.#/-]+)")
"""A thread as tables name it: family, source and target, then its number."""
_SHORT = re.compile(r"(?<![\w./-])([\w.-]+/[\w.-]+)#(\d+)")
"""A thread as GitHub's texts name it: owner, repository and number."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ENCODED = re.compile(r"(?:[\w.~-]|%[0-9A-Fa-f]{2})*%[0-9A-Fa-f]{2}(?:[\w.~-]|%[0-9A-Fa-f]{2})*")
"""A part of a link with signs that are percent-encoded."""
_WORD = re.compile(r"(?P<mark>(?<!\w)(?:@|[uU]/))?(?P<word>[\w.-]*\w[\w.-]*)")
_STAMPED = re.compile(r"\d+(?=\D)")


def read_place(channel_id: str) -> str:
    """Reads the place of a channel: its source and target, whichever family names it."""
    return channel_id.partition(".")[2]


@dataclass(slots=True)
class Scrubber:
    """Scrubs what belongs to one place, and learns from rows that go what else belongs to them."""

    forgotten: Forgotten
    place: str = ""
    learned: set[tuple[Trace, str]] = field(default_factory=set)
    """Traces of rows that went: their own, those of threads that they open, and their links."""
    urls: set[str] = field(default_factory=set)
    """Links of rows that went, as they were written."""
    rows: int = 0
    """Rows that went."""
    texts: int = 0
    """Texts, links and pseudonyms that went from rows which stay."""

    def knows(self, trace: Trace, value: str) -> bool:
        """Tells whether a trace was forgotten, or belongs to a row that went."""
        return (trace, value) in self.learned or self.forgotten.knows(trace, value)

    def scrub_rows(self, table: pa.Table) -> pa.Table:
        """Returns landed rows without what was forgotten; the same table where nothing was."""
        bodies = [_parse_body(text) for text in table["body"].to_pylist()]
        for body in bodies:
            self._learn(body)
        # Once more, as an answer may stand before its thread.
        kept = [not self._is_about(body) for body in bodies]
        texts = table["body"].to_pylist()
        scrubbed = [
            (self._scrub_body(body, text) if body else self.scrub_text(text or "")) if is_kept else text
            for body, text, is_kept in zip(bodies, texts, kept, strict=True)
        ]
        self.rows += kept.count(False)
        self.texts += sum(new != old for new, old in zip(scrubbed, texts, strict=True))
        if scrubbed == texts and all(kept):
            return table
        index = table.schema.get_field_index("body")
        return table.set_column(index, "body", pa.array(scrubbed, pa.string())).filter(pa.array(kept))

    def _learn(self, body: Mapping[str, Any]) -> None:
        if not self._is_about(body) or self.knows(Trace.PLACE, self.place):
            return
        own, thread = _find_own(body), _find_thread(body)
        if own:
            self.learned.add((Trace.ITEM, f"{self.place}/{own}"))
        elif thread:
            self.learned.add((Trace.ITEM, f"{self.place}#{thread}"))
        if isinstance(url := body.get("url"), str) and (link := normalize_link(url)):
            self.learned.add((Trace.LINK, link))
            self.urls.add(url)

    def _is_about(self, body: Mapping[str, Any]) -> bool:
        """Tells whether a row is about somebody or something forgotten: by them, of their thread, or below the link."""
        return any(self.knows(trace, value) for trace, value in self._list_traces(body))

    def _list_traces(self, body: Mapping[str, Any]) -> Iterator[tuple[Trace, str]]:
        yield Trace.PLACE, self.place
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

    def _scrub_body(self, body: dict[str, Any], text: str) -> str:
        changed = {name: self.scrub_value(value) for name, value in body.items() if not name.endswith(("_at", "_on"))}
        changed = body | changed
        if changed.get("fixed_by") != body.get("fixed_by"):
            changed["fix_url"] = None  # a change of theirs
        return text if changed == body else json.dumps(changed, ensure_ascii=False, sort_keys=True)

    def scrub_value(self, value: Any) -> Any:
        """Returns a value of a row or of JSON without what was forgotten; None for what was nothing else."""
        if isinstance(value, str):
            return self._scrub_field(value)
        if isinstance(value, Mapping):
            return {name: self.scrub_value(item) for name, item in value.items()}
        if isinstance(value, list):
            items = [(item, self.scrub_value(item)) for item in value]
            return [new for old, new in items if new is not None or old is None]
        return value

    def _scrub_field(self, value: str) -> str | None:
        if _PSEUDONYM.fullmatch(value):
            return None if self.knows(Trace.PERSON, value) else value
        if LINK.fullmatch(value):
            return None if self._is_below(value) else self._scrub_words(value, LINK_FILLER)
        return self.scrub_text(value)

    def scrub_text(self, text: str) -> str:
        """Returns a text without forgotten links, threads, pseudonyms and names, however they are written."""
        simple = simplify_text(text)
        if simple != text and (scrubbed := self._scrub_plain(simple)) != simple:
            return scrubbed
        return self._scrub_plain(text)

    def _scrub_plain(self, text: str) -> str:
        text = LINK.sub(lambda link: FILLER if self._is_below(link[0]) else link[0], text)
        text = _THREAD.sub(lambda thread: FILLER if self._is_thread(thread[1], thread[2]) else thread[0], text)
        text = _SHORT.sub(lambda one: FILLER if self._is_below(f"{FORGE}{one[1]}/issues/{one[2]}") else one[0], text)
        text = _MAIL.sub(lambda one: FILLER if self.knows(Trace.NAME, normalize_name(one[0])) else one[0], text)
        return self._scrub_words(text, FILLER)

    def _is_below(self, url: str) -> bool:
        links = (link for one in list_carried(url) for link in list_ancestors(normalize_link(one)))
        return any(self.knows(Trace.LINK, link) for link in links)

    def _is_thread(self, place: str, code: str) -> bool:
        parts = re.split("([/#])", code)
        codes = {"".join(parts[:count]) for count in range(1, len(parts) + 1, 2)}
        return any(self.knows(Trace.ITEM, f"{place}#{one}") for one in codes)

    def _scrub_words(self, text: str, filler: str) -> str:
        if "%" in text:
            text = _ENCODED.sub(lambda found: filler if self._is_about_text(unquote(found[0])) else found[0], text)
        return _WORD.sub(lambda found: self._scrub_word(found, filler), text)

    def _is_about_text(self, text: str) -> bool:
        return self._scrub_plain(text) != text

    def _scrub_word(self, found: re.Match[str], filler: str) -> str:
        if not self._is_named(found["word"], bool(found["mark"])):
            return found[0]
        # What ends a sentence is no part of the word.
        return filler + found["word"][len(found["word"].rstrip("._-")) :]

    def _is_named(self, word: str, is_marked: bool) -> bool:
        return any(
            self.knows(Trace.NAME, one)
            or (is_marked and self.knows(Trace.MENTION, one))
            or (_PSEUDONYM.fullmatch(one) is not None and self.knows(Trace.PERSON, one))
            for one in list_names(word)
        )

    def scrub_state(self, value: Any, of: str = "") -> Any:
        """Returns cursors or outcomes without what was forgotten; `of` is the key that a value belongs to."""
        if isinstance(value, Mapping):
            kept = {name: item for name, item in value.items() if not self._is_key_about(str(name))}
            return {name: self.scrub_state(item, str(name)) for name, item in kept.items()}
        if isinstance(value, list):
            return [self.scrub_state(item, of) for item in value if not (isinstance(item, str) and self._is_item(item))]
        if not isinstance(value, str):
            return value
        words = value.split(" ")
        # The numbers of a model's discussions as a cursor carries them.
        numbered = [(word, _STAMPED.match(word)) for word in words]
        kept_words = [
            word for word, found in numbered
            if not (of and found and self.knows(Trace.ITEM, f"{self.place}#{of}#{found[0]}"))
        ]  # fmt: skip
        return self.scrub_text(" ".join(kept_words))

    def _is_key_about(self, key: str) -> bool:
        # One without these signs is a word of ours, which somebody may be called like.
        return self._is_item(key) or (not KEY_SIGNS.isdisjoint(key) and self._is_about_text(key))

    def _is_item(self, key: str) -> bool:
        return self.knows(Trace.ITEM, f"{self.place}#{key}") or self.knows(Trace.LINK, normalize_link(f"{HUB}{key}"))


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
