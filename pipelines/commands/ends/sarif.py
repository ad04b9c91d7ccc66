"""Writes a check as SARIF 2.1.0, which code hosts show beside the lines of a change.

Only what a reader should act on is a result: an id that ended, one that ends within the window or may end on an
unknown day. An unknown one is a result with `--fail-on unknown`, or if it ends at another place.
"""

import hashlib
import json
import os
from collections import Counter
from typing import Any
from urllib.parse import quote

from pipelines import VERSION
from pipelines.commands.ends.project import FoundId, JudgedId, ProjectReport
from pipelines.commands.ends.sentences import describe_fate
from pipelines.text.values import clean_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RULES = (
    ("model-ended", "A model that has ended", "Requests to it fail.", "error"),
    ("model-ends-soon", "A model that ends soon", "It ends within the window, or on no announced day.", "warning"),
    ("model-unknown", "A model of no known end", "No page that is read names it: it is not known to be safe.", "note"),
)
"""Id, title, description and level of each rule."""
RESULTS = {"ended": (0, "error"), "soon": (1, "warning"), "undated": (1, "note"), "unknown": (2, "note")}
"""Rule and level of each urgency that has a result."""


def write_sarif(report: ProjectReport) -> str:
    """Returns the check as a SARIF log with one run."""
    made_up = "Made-up data: " if report.evidence.is_sample else ""
    counts: Counter[tuple[str, str]] = Counter()
    warnings = [{"level": "warning", "message": {"text": warning}} for warning in report.warn()]
    run = {
        "tool": {"driver": {"name": "Heartbeat", "version": VERSION, "rules": [_to_rule(*rule) for rule in RULES]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": warnings}],
        "results": [
            _to_result(found, place, made_up, counts)
            for found in report.ids
            if found.fate.word.urgency in RESULTS
            and (found.fate.word.urgency != "unknown" or "unknown" in report.failing or found.fate.elsewhere)
            for place in found.places
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _to_rule(name: str, title: str, description: str, level: str) -> dict[str, Any]:
    texts = {"shortDescription": {"text": title}, "fullDescription": {"text": description}}
    return {"id": name, **texts, "defaultConfiguration": {"level": level}}


def _to_result(found: JudgedId, place: FoundId, made_up: str, counts: Counter[tuple[str, str]]) -> dict[str, Any]:
    asked, address = clean_line(found.id), _to_address(place)
    rule, level = RESULTS[found.fate.word.urgency]
    link = f"; {found.fate.word.url}" if found.fate.word.url else ""
    counts[address, asked] += 1
    # Neither a moved line nor a day that has come makes it another result.
    identity = f"{address}\n{asked}\n{counts[address, asked]}"
    end = place.column + len(found.id)
    region = {"startLine": place.line, "startColumn": place.column, "endLine": place.line, "endColumn": end}
    artifact = {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": "%SRCROOT%"}
    return {
        "ruleId": RULES[rule][0], "ruleIndex": rule, "level": level,
        "message": {"text": f"{made_up}{asked}: {describe_fate(found.fate, asked)}{link}"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"modelId/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }  # fmt: skip


def _to_address(place: FoundId) -> str:
    """Returns the address of a file: relative to the folder of the run if it is in it."""
    path = os.path.relpath(place.path)
    if path.startswith(".."):
        return "file://" + quote(os.fsencode(place.path.absolute().as_posix()))
    return quote(os.fsencode(path.replace(os.sep, "/")))
