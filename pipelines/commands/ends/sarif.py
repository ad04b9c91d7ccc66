"""Writes a check as SARIF 2.1.0, which code hosts show beside the lines of a change.

Only what a reader should act on is a result: an id that ended, one that ends within the window or may end on an
unknown day, and one that is unknown.
"""

import hashlib
import json
import os
from collections import Counter
from typing import Any
from urllib.parse import quote

from pipelines import VERSION
from pipelines.commands.ends.project import FoundId, ProjectReport
from pipelines.commands.ends.sentences import describe_fate
from pipelines.text.values import clean_line
from warehouse.ends.fates import Urgency

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RULES = (
    ("model-ended", "A model that has ended", "The model has ended; requests to it fail.", "error"),
    (
        "model-ends-soon",
        "A model that ends soon",
        "The model ends within the window, or may end on a day that is not announced.",
        "warning",
    ),
    (
        "model-unknown",
        "A model that nobody knows",
        "The snapshot holds neither a notice nor a listing of the model, so it is not known to be safe.",
        "note",
    ),
)
"""Id, title, description and level of each rule."""
RESULTS: dict[Urgency, tuple[int, str]] = {
    "ended": (0, "error"), "soon": (1, "warning"), "undated": (1, "note"), "unknown": (2, "note"),
}  # fmt: skip
"""Rule and level of what has a result."""


def write_sarif(report: ProjectReport) -> str:
    """Returns the check as a SARIF log with one run."""
    made_up = "Made-up data: " if report.snapshot.is_sample else ""
    counts: Counter[tuple[str, str]] = Counter()
    run = {
        "tool": {"driver": {"name": "Heartbeat", "version": VERSION, "rules": [_to_rule(*rule) for rule in RULES]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": warning}} for warning in report.warn()
                ],
            }
        ],
        "results": [_to_result(match, made_up, counts) for match in report.ids if match.fate.word.urgency in RESULTS],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _to_rule(name: str, title: str, description: str, level: str) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": description},
        "defaultConfiguration": {"level": level},
    }


def _to_result(match: FoundId, made_up: str, counts: Counter[tuple[str, str]]) -> dict[str, Any]:
    asked, address = clean_line(match.id), _to_address(match)
    rule, level = RESULTS[match.fate.word.urgency]
    link = f"; {match.fate.word.url}" if match.fate.word.url else ""
    counts[address, asked] += 1
    # Neither a moved line nor a day that has come makes it another result.
    identity = f"{address}\n{asked}\n{counts[address, asked]}"
    return {
        "ruleId": RULES[rule][0], "ruleIndex": rule, "level": level,
        "message": {"text": f"{made_up}{asked}: {describe_fate(match.fate, asked)}{link}"},
        "locations": [{"physicalLocation": _to_location(match, address)}],
        "partialFingerprints": {"modelId/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }  # fmt: skip


def _to_location(match: FoundId, address: str) -> dict[str, Any]:
    region = {
        "startLine": match.line,
        "startColumn": match.column,
        "endLine": match.line,
        "endColumn": match.column + len(match.id),
    }
    artifact = {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": "%SRCROOT%"}
    return {"artifactLocation": artifact, "region": region}


def _to_address(match: FoundId) -> str:
    """Returns the address of a file: relative to the folder of the run where it lies in it."""
    path = os.path.relpath(match.path)
    if path.startswith(".."):
        return "file://" + quote(os.fsencode(match.path.absolute().as_posix()))
    return quote(os.fsencode(path.replace(os.sep, "/")))
