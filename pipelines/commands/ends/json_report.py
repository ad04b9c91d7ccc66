"""Writes a check as JSON.

- `evidence`: `version`, `published_at`, `age_days`, `is_sample` (made-up data) and `source`.
- `today`, `until`: the window, ISO dates. `exit_code`. `warnings`: sentences. `ignored`: how many places are.
- `ids`: each id once, the most urgent first; each has `id` as written, `urgency` (`ended`, `soon`, `undated`,
  `unknown`, `none`), `message`, the fields of the page that decides, `nearest` (the known name that is most like an
  unknown one), `elsewhere`, a list of the same fields for other pages whose word may matter, and `places`, each with
  `path`, `line` and `column` (from 1, in characters).
- Fields of a page: those of `PageWord`; null is what it does not say.
- `files`: `read`, and those that were not: `too_large`, `binary`, `unreadable` (their paths), `tests`, `docs`, `locks`,
  `links`, `repositories` (within the project), `folders` (of others' files, outside of git).
"""

import json
from dataclasses import asdict
from typing import Any

from pipelines.commands.ends.project import JudgedId, ProjectReport
from pipelines.commands.ends.sentences import LONGEST, describe_fate
from pipelines.commands.ends.tree import REASONS
from pipelines.text.values import clean_line
from warehouse.ends.fates import PageWord


def write_json(report: ProjectReport) -> str:
    """Returns the check as JSON."""
    evidence, skipped = report.evidence, report.skipped
    content = {
        "evidence": {
            "version": evidence.version, "published_at": evidence.published_at.isoformat(),
            "age_days": (report.now - evidence.published_at).days, "is_sample": evidence.is_sample,
            "source": clean_line(evidence.source, LONGEST),
        },
        "today": report.today, "until": report.until, "exit_code": report.exit_code, "warnings": report.warn(),
        "ignored": report.ignored,
        "ids": [_to_json(found) for found in report.ids],
        "files": {
            "read": report.files_read, **{reason: skipped.counts[reason] for reason in REASONS},
            "unreadable": [clean_line(path, LONGEST) for path in skipped.unreadable],
        },
    }  # fmt: skip
    return json.dumps(content, indent=1, default=str) + "\n"


def _to_json(found: JudgedId) -> dict[str, Any]:
    asked, fate = clean_line(found.id), found.fate
    return {
        "id": asked, "urgency": fate.word.urgency, "message": describe_fate(fate, asked), **_word_to_json(fate.word),
        "nearest": fate.nearest or None, "elsewhere": [_word_to_json(word) for word in fate.elsewhere],
        "places": [
            {"path": clean_line(place.path.as_posix(), LONGEST), "line": place.line, "column": place.column}
            for place in found.places
        ],
    }  # fmt: skip


def _word_to_json(word: PageWord) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in asdict(word).items()}
