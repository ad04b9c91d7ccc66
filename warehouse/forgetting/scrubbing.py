"""Removes what was forgotten from rows and manifests: rows about it go, and whole texts that name it in others."""

import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from warehouse.forgetting.links import LINK, list_ancestors, normalize_link
from warehouse.forgetting.register import Forgotten

KEPT = ("channel_id", "thing", "key", "misfit")
"""Columns that identify a row, or reject it."""
_WORD = re.compile(r"(?P<mark>(?<!\w)(?:@|[uU]/))?(?P<word>\w[\w.-]*)")
"""A word of a text, with the sign that marks it as an account."""


def scrub_table(forgotten: Forgotten, table: pa.Table) -> pa.Table:
    """Returns landed rows without what was forgotten; the same table if they hold none of it."""
    rows = table.to_pylist() if forgotten.digests else []
    scrubbed = [scrub_row(forgotten, row) for row in rows]
    return table if scrubbed == rows else pa.Table.from_pylist(list(filter(None, scrubbed)), table.schema)


def scrub_row(forgotten: Forgotten, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns a row without what was forgotten; None if the row is about it."""
    links = [above for link in list_links(row) for above in list_ancestors(link)]
    is_about = any(forgotten.knows(word) for word in (str(row.get("actor")), *links))
    if is_about or is_named(forgotten, (row.get("misfit") or {}).get("value") or ""):
        return None
    return {name: value if name in KEPT else scrub_value(forgotten, value) for name, value in row.items()}


def list_links(row: Mapping[str, Any]) -> list[str]:
    """Lists the normal links of the page that a row is about: its thread or comment, or its model."""
    own = normalize_link(row.get("url") or "")
    # On Stack Exchange the address of an answer does not lie below its question's.
    question = re.sub(r"/a/\d+$", f"/questions/{row.get('number')}", own)
    model = f"huggingface.co/{row['model_id']}".lower() if row.get("model_id") else ""
    return [link for link in (own, question, model) if link]


def scrub_value(forgotten: Forgotten, value: Any) -> Any:
    """Returns a value with null for each text in it that names what was forgotten."""
    if isinstance(value, str):
        return None if is_named(forgotten, value) else value
    if isinstance(value, list):
        return [scrub_value(forgotten, item) for item in value]
    if isinstance(value, dict):
        return {name: scrub_value(forgotten, item) for name, item in value.items()}
    return value


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
