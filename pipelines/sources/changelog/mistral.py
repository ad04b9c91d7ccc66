"""Mistral's changelog: a file per entry in the repository of its documentation, in two forms.

Up to July 2026 `changelog/en/YYYY-MM-DD.mdx` with the date in its front matter, since then
`src/data/releases/en/*.json`.
"""

import json
import re

from pipelines.http.errors import Fatal
from pipelines.markup.github_folder import strip_suffix
from pipelines.sources.changelog.dated import split_lines
from pipelines.sources.changelog.releases import Release
from pipelines.text.values import clean_line, parse_instant

_FRONT = re.compile(r"\A\s*---[^\S\n]*\n(?P<head>.*?)\n---[^\S\n]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^(\w+):(.*)$", re.MULTILINE)


def read_file(name: str, text: str) -> Release | None:
    """Reads the entry in a file; None for JSON without an entry. Raises Fatal if the file's shape has changed."""
    return _read_json(name, text) if name.endswith(".json") else _read_mdx(name, text)


def _read_mdx(name: str, text: str) -> Release:
    front = _FRONT.match(text)
    pairs = {name: value.strip().strip("'\"") for name, value in _PAIR.findall(front["head"])} if front else {}
    published = parse_instant(pairs.get("date"))
    if not front or published is None:
        raise Fatal(f"{name}: no date in its front matter; the changelog has changed shape")
    code = clean_line(pairs.get("id") or strip_suffix(name), 120)
    release = Release(code, pairs.get("title") or code, None, published)
    release.headline = next((line.text for line in split_lines(text[front.end() :]) if not line.is_heading), "")
    return release


def _read_json(name: str, text: str) -> Release | None:
    try:
        values = json.loads(text)
    except ValueError:
        raise Fatal(f"{name}: not JSON; the changelog has changed shape") from None
    if not isinstance(values, dict) or "title" not in values:
        return None
    published = parse_instant(values.get("date"))
    title = clean_line(values["title"], 160)
    words = [str(values[part]) for part in ("summary", "whatsNew", "getStarted") if values.get(part)]
    return Release(
        strip_suffix(name), title, None, published, "exact" if published else "unknown", headline=next(iter(words), "")
    )
