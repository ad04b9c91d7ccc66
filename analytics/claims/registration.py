"""Registration of the claims: the text of all claims and of the rule in one canonical form, and its digest.

Anyone who registers the digest elsewhere before the first collection can prove later that nothing was changed. It is
JSON with sorted keys, one space of indent and a line end, so that comments and layout of the files do not matter.
"""

import hashlib
import json
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from analytics.claims.reader import FOLDER, RULE_FILE


def render_canonical_text(folder: Path = FOLDER) -> str:
    """Renders all claims of a folder and the rule by which they are judged."""
    claims = {path.stem: _read(path) for path in sorted(folder.glob("h[0-9]*.toml"))}
    return _render({"claims": claims, "rule": _read(folder / RULE_FILE.name)})


@cache
def render_claim(claim_id: str) -> str:
    """Renders one claim."""
    (path,) = FOLDER.glob(f"{claim_id}_*.toml")
    return _render(_read(path))


def compute_digest(text: str) -> str:
    """Computes the SHA-256 of a canonical text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _render(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, default=_render_day) + "\n"


def _render_day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a claim may hold texts, numbers, lists and days, not {type(value).__name__}")
