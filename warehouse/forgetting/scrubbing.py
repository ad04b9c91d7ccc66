"""Removes what was forgotten from rows and manifests: rows about it go, and whole texts that name it in others."""

import json
import re
from typing import Any

from warehouse.forgetting.links import LINK, list_ancestors, normalize_link
from warehouse.forgetting.register import Forgotten

_VALUE = re.compile(r'"(?!\d{4}-\d\d-\d\d[T\d:.Z]*")(?:[^"\\]|\\.)*"(?=\s*[,}\]])')
"""A text in JSON that is neither a key nor a time."""
_WORD = re.compile(r"(?P<mark>(?<!\w)(?:@|[uU]/))?(?P<word>\w[\w.-]*)")
"""A word of a text, with the sign that marks it as an account."""


def scrub_body(forgotten: Forgotten, text: str) -> str | None:
    """Returns the body of a row without what was forgotten; None if the row is about it."""
    body = _parse_body(text)
    if not body:
        return None if is_named(forgotten, text) else text
    links = [above for link in list_links(text) for above in list_ancestors(link)]
    is_about = any(forgotten.knows(word) for word in (str(body.get("actor")), *links))
    return None if is_about else scrub_texts(forgotten, text)


def list_links(text: str) -> list[str]:
    """Lists the normal links of the page that a row is about: its thread or comment, or its model."""
    body = _parse_body(text)
    own = normalize_link(str(body.get("url") or ""))
    # On Stack Exchange the address of an answer does not lie below its question's.
    question = re.sub(r"/a/\d+$", f"/questions/{body.get('number')}", own)
    model = f"huggingface.co/{body['model_id']}".lower() if "model_id" in body else ""
    return [link for link in (own, question, model) if link]


def scrub_texts(forgotten: Forgotten, text: str) -> str:
    """Returns JSON with null for each text that names what was forgotten."""
    return _VALUE.sub(lambda found: "null" if is_named(forgotten, json.loads(found[0])) else found[0], text)


def is_named(forgotten: Forgotten, text: str) -> bool:
    """Returns True if a text holds a forgotten link, pseudonym or name."""
    for found in LINK.findall(text):
        if any(map(forgotten.knows, list_ancestors(normalize_link(found.rstrip(".,;:!?*_~…"))))):
            return True
    for found in _WORD.finditer(text):
        word = found["word"].lower().rstrip(".-")
        if forgotten.knows(word) or (found["mark"] and forgotten.knows(f"@{word}")):
            return True
    return False


def _parse_body(text: str) -> dict[str, Any]:
    """Parses a row's body; empty for one that is no object."""
    try:
        body = json.loads(text)
    except (RecursionError, ValueError):
        body = None
    return body if isinstance(body, dict) else {}
