"""A yardstick kept by hand: what is said of some 500 real ids, against their makers' own pages (`known_ends.csv`).

In the file, `end` is a day, `>` and a day for "not before", `undated` for a model that ends without one, `none` for one
that a page lists as active, `unknown` for one that no page names.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from warehouse.ends.evidence import Evidence
from warehouse.ends.fates import PageWord, judge_id

KNOWN = Path(__file__).with_name("known_ends.csv")
WINDOW = timedelta(days=180)
SAME, OTHER, UNKNOWN, FALSE = OUTCOMES = ("same day", "other day", "unknown", "false no end")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of an id, and how that compares with the yardstick."""

    row: Row
    said: str
    outcome: str

    @property
    def group(self) -> str:
        """The maker, or the host that serves it."""
        return self.row["maker"] if self.row["host"] == "maker" else self.row["host"]

    def __str__(self) -> str:
        return f"{self.row['id']} ({self.row['host']}): {self.row['end']}, but {self.said}"


def read_known() -> list[Row]:
    """Reads the ids with what their makers' pages say."""
    with KNOWN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure_evidence(evidence: Evidence, today: date) -> list[Finding]:
    """Compares what the evidence says of each id with the yardstick."""
    until = today + WINDOW
    return [judge_word(row, judge_id(row["id"], evidence.names, today, until).word, until) for row in read_known()]


def judge_word(row: Row, word: PageWord | None, until: date) -> Finding:
    """Compares a statement with the yardstick; an id that was not found leaves a reader calm."""
    said = _name_end(word) if word else "unknown"
    if row["end"] == said:
        return Finding(row, said, SAME)
    is_calm = word is None or (word.urgency == "none" and said != "unknown")
    if is_calm and row["end"][0].isdigit() and row["end"] <= f"{until}":
        return Finding(row, said, FALSE)
    return Finding(row, said, UNKNOWN if said == "unknown" else OTHER)


def _name_end(word: PageWord) -> str:
    """Writes an answer as the yardstick writes ends."""
    if on := word.ends_on:
        return f">{on}" if word.ends_kind == "not_before" else f"{on:%Y-%m}" if word.ends_kind == "month" else f"{on}"
    return {"no_end_announced": "none", "undated": "undated", "ended": "ended"}.get(word.state, "unknown")


def sum_up(findings: Sequence[Finding]) -> dict[str, Any]:
    """Counts the outcomes, and lists each id that is not the same."""
    counts = Counter(finding.outcome for finding in findings)
    misses = [finding for finding in findings if finding.outcome != SAME]
    return {
        "ids": len(findings), **{outcome.replace(" ", "_"): counts[outcome] for outcome in OUTCOMES},
        "misses": [
            {"id": one.row["id"], "host": one.row["host"], "known": one.row["end"], "said": one.said,
             "outcome": one.outcome, "source": one.row["source"], "read_on": one.row["read_on"]}
            for one in misses
        ],
    }  # fmt: skip
