"""Writes a check as JSON.

- `snapshot`: `version`, `published_at`, `age_days`, `is_sample` (made-up data) and `source`.
- `today`, `until`: the window, ISO dates. `exit_code`. `warnings`: sentences.
- `ids`: the most urgent first; each has `path`, `line`, `column` (from 1, in characters), `id` as written,
  `urgency` (`ended`, `soon`, `undated`, `unknown`, `none`), `message`, the fields of the page that decides,
  `nearest` (the known name that is most like an unknown one), and `elsewhere`, a list of the same fields for other
  pages whose word may matter.
- Fields of a page: `state` (`ended`, `ends`, `not_before`, `any_day`, `undated`, `version_ends`, `unknown`,
  `unread`, `no_end_announced`), `ends_on` (an exact day, the first day of a month, or a floor, as `ends_kind` says),
  `days_left`, `name`, `place`, `replacement`, `url`, `stage`, `as_of_on` and `note`.
- `files`: `read`, `too_large`, `binary` and `unreadable` (their paths).
"""

import json
from typing import Any

from pipelines.commands.ends.project import FoundId, ProjectReport
from pipelines.commands.ends.sentences import LONGEST, describe_fate
from pipelines.text.values import clean_line
from warehouse.ends.fates import PageWord


def write_json(report: ProjectReport) -> str:
    """Returns the check as JSON."""
    snapshot, skipped = report.snapshot, report.skipped
    content = {
        "snapshot": {
            "version": snapshot.version,
            "published_at": snapshot.published_at.isoformat(),
            "age_days": (report.now - snapshot.published_at).days,
            "is_sample": snapshot.is_sample,
            "source": report.source,
        },
        "today": report.today.isoformat(),
        "until": report.until.isoformat(),
        "exit_code": report.exit_code,
        "warnings": report.warn(),
        "ids": [_to_json(match) for match in report.ids],
        "files": {
            "read": report.files_read,
            "too_large": skipped.too_large,
            "binary": skipped.binary,
            "unreadable": [clean_line(path, LONGEST) for path in skipped.unreadable],
        },
    }
    return json.dumps(content, indent=1) + "\n"


def _to_json(match: FoundId) -> dict[str, Any]:
    asked = clean_line(match.id)
    return {
        "path": clean_line(match.path.as_posix(), LONGEST), "line": match.line, "column": match.column, "id": asked,
        "urgency": match.fate.word.urgency, "message": describe_fate(match.fate, asked),
        **_word_to_json(match.fate.word), "nearest": match.fate.nearest or None,
        "elsewhere": [_word_to_json(word) for word in match.fate.elsewhere],
    }  # fmt: skip


def _word_to_json(word: PageWord) -> dict[str, Any]:
    return {
        "state": word.state, "ends_on": word.ends_on.isoformat() if word.ends_on else None,
        "ends_kind": word.ends_kind or None, "days_left": word.days_left, "name": word.name or None,
        "place": word.place or None, "replacement": list(word.replacement), "url": word.url,
        "stage": word.stage or None, "as_of_on": word.as_of_on.isoformat() if word.as_of_on else None,
        "note": word.note or None,
    }  # fmt: skip
