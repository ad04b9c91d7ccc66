"""Mistral's changelog: a file an entry, in the repository of its documentation, in two forms.

Up to July 2026 `changelog/en/YYYY-MM-DD.mdx` with the date in its front matter, since then `src/data/releases/en/*.json`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.github_folder import Folder, list_changed_files, make_page_url, strip_suffix
from pipelines.sources.changelog.pages import Release, lines, take
from pipelines.text.values import clean_line, parse_instant

ENDINGS = (".mdx", ".json")
FILES_AT_ONCE = 25
"""Files read before they are landed, so that a visit that is cut short keeps what it has."""
_FRONT = re.compile(r"\A\s*---\s*\n(?P<head>.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^(\w+):\s*['\"]?(.*?)['\"]?\s*$", re.MULTILINE)


def entries(visit: Visit, row: Any) -> Iterator[Page]:
    """The entries whose files are new or changed; `row` makes the row of a release and its page."""
    folder = Folder(visit.channel.base_url, visit.http, visit.tokens.get("GITHUB_TOKEN"))
    known: dict[str, str] = dict(visit.cursor.get("files") or {})
    files = folder.list_files(visit.cursor.get("etag"), ENDINGS)
    if files is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    todo = list(list_changed_files(files, known))
    has_news = False
    others = {str(name) for name in visit.cursor.get("others") or () if name in files}
    for start in range(0, len(todo), FILES_AT_ONCE):
        rows: list[Row] = []
        skipped: list[str] = []
        for name in todo[start : start + FILES_AT_ONCE]:
            try:
                release = read_file(name, folder.read(files[name]))
            except Fatal as refused:
                skipped.append(str(refused))
                continue
            rows += [row(release, make_page_url(visit.channel.base_url, name))] if release else []
            others = others - {name} if release else others | {name}
            known[name] = files[name]
        has_news = has_news or bool(rows)
        waiting = max(0, len(todo) - start - FILES_AT_ONCE)
        yield Page(
            rows,
            {"files": dict(known), "others": sorted(others)},
            expected=len(todo),
            waiting=waiting,
            skipped=tuple(skipped),
        )
    if todo and not known:
        raise Fatal(
            f"{redact_url(visit.channel.base_url)}: none of its {len(todo)} files is an entry; the changelog has changed shape"
        )
    kept = {name: sha for name, sha in known.items() if name in files}
    # A file that was passed over is read again when the folder changes: before that it would be the same file.
    done = {"files": kept, "others": sorted(others), "etag": folder.etag}
    yield Page([], done, total=len(files) - len(others), waiting=0, is_unchanged=not has_news)


def read_file(name: str, text: str) -> Release | None:
    """The entry in one file; None for a file of JSON that is no entry. Raises Fatal for a file that has lost its shape."""
    return _json(name, text) if name.endswith(".json") else _mdx(name, text)


def _mdx(name: str, text: str) -> Release:
    found = _FRONT.match(text)
    pairs = dict(_PAIR.findall(found["head"])) if found else {}
    at = parse_instant(pairs.get("date"))
    if not found or at is None:
        raise Fatal(f"{name}: no date in its front matter; the changelog has changed shape")
    code = clean_line(pairs.get("id") or strip_suffix(name), 120)
    release = Release(code, pairs.get("title") or code, None, at)
    for is_heading, line, level in lines(text[found.end() :]):
        take(release, "" if is_heading else line, "", level)
    return release


def _json(name: str, text: str) -> Release | None:
    try:
        told = json.loads(text)
    except ValueError:
        raise Fatal(f"{name}: is no JSON; the changelog has changed shape") from None
    if not isinstance(told, dict) or "title" not in told:
        return None
    at = parse_instant(told.get("date"))
    release = Release(
        strip_suffix(name), clean_line(told["title"], 160), None, at, date_kind="exact" if at else "unknown"
    )
    for part in ("summary", "whatsNew", "getStarted"):
        take(release, str(told.get(part) or ""), "", 0)
    return release
