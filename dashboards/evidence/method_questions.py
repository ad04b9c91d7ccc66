"""The published questions of the method: the figures that answer each, how these are defined, and what is left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.frame import snapshot_reader
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot

LETTERS = {
    "R": "Responsiveness", "S": "Resolution", "D": "Depth", "C": "Contributions", "N": "Newcomers", "B": "Bots",
    "L": "Releases and ends",
    "A": "Adoption", "U": "Customizability", "X": "Accessibility", "T": "Status", "Q": "Texts",
}  # fmt: skip
FULL, PART, NONE = "answered", "in part", "not answered"


def load_questions(snapshot: Snapshot) -> list[DictRow]:
    """Loads one entry per question, in the order of the letters, with the definitions of its metrics; empty where the
    snapshot has no method."""
    if not (
        snapshot_reader.has_table(snapshot, "metrics.method_questions")
        and snapshot_reader.has_table(snapshot, "meta.metrics")
    ):
        return []
    defined = {row["name"]: row for row in snapshot_reader.load_rows(snapshot, "select * from meta.metrics")}
    by_id: dict[str, DictRow] = {}
    for row in snapshot_reader.load_rows(
        snapshot, "select * from metrics.method_questions order by question_code, metric_name"
    ):
        entry = by_id.setdefault(
            row["question_code"],
            {
                "code": row["question_code"],
                "title": row["question_title"],
                "why": row["left_out_reason"],
                "metrics": [],
            },
        )
        if row["metric_name"]:
            entry["metrics"].append(defined.get(row["metric_name"], {"name": row["metric_name"]}))
    return sorted((entry | {"state": judge_state(entry)} for entry in by_id.values()), key=_sort_key)


def load_metrics(snapshot: Snapshot) -> list[DictRow]:
    """Loads every published measure with its header, by name; empty where the snapshot lacks them."""
    if not snapshot_reader.has_table(snapshot, "meta.metrics"):
        return []
    return snapshot_reader.load_rows(snapshot, "select * from meta.metrics where is_public order by name")


def _sort_key(entry: DictRow) -> tuple[int, int, str]:
    letter, _, number = entry["code"].partition("-")
    return [*LETTERS, letter].index(letter), int(number) if number.isdigit() else 0, entry["code"]


def judge_state(entry: Mapping[str, Any]) -> str:
    """Judges whether a question is answered, answered in part, or left out."""
    if not entry["metrics"]:
        return NONE
    return PART if entry["why"] else FULL


def group_by_letter(entries: Sequence[DictRow]) -> dict[str, list[DictRow]]:
    """Groups questions by the name of their letter."""
    groups: dict[str, list[DictRow]] = {}
    for entry in entries:
        letter = entry["code"].partition("-")[0]
        groups.setdefault(LETTERS.get(letter, letter), []).append(entry)
    return groups


def select_matching(entries: Sequence[DictRow], sought: str) -> list[DictRow]:
    """Selects questions that contain every word searched for, in their title or in their metrics' definitions."""
    wanted = sought.lower().split()
    return [entry for entry in entries if all(word in _searchable_text(entry) for word in wanted)]


def _searchable_text(entry: DictRow) -> str:
    keys = ("name", "question", "standard", "unit", "caveats")
    texts = [
        entry["code"],
        entry["title"],
        entry["why"] or "",
        *(str(metric.get(key) or "") for metric in entry["metrics"] for key in keys),
    ]
    return " ".join(texts).lower().replace("_", " ")


def name_proofs(metric: DictRow) -> list[str]:
    """Names the tests that would fail if a metric were wrong, as sentences."""
    names = [proof.strip() for proof in (metric.get("proof") or "").split(",") if proof.strip()]
    return [
        f"{test.removeprefix('test_').replace('_', ' ')} ({file})"
        for file, _, test in (name.partition("::") for name in names)
    ]


def describe_metric(metric: DictRow) -> str:
    """Formats a metric's name and its question in Markdown."""
    question = (
        numbers.escape_markdown(metric["question"])
        if metric.get("question")
        else "this snapshot does not carry its definition."
    )
    return f"**{numbers.escape_markdown(metric['name'])}**: {question}"


def describe_definition(metric: DictRow) -> str:
    """Formats what a metric counts, which standard it follows, its limits and its proof, in Markdown."""
    parts = [(label, metric.get(label.lower())) for label in ("Unit", "Standard", "Version", "Grain")]
    parts_in_words = [
        f"*{label}:* {numbers.escape_markdown(value)}" for label, value in parts if value not in (None, "", "none")
    ]
    rest = [("Keep in mind", metric.get("caveats")), ("Would fail if it were wrong", "; ".join(name_proofs(metric)))]
    return "  \n".join(
        [
            " · ".join(parts_in_words),
            *(f"*{label}:* {numbers.escape_markdown(value)}" for label, value in rest if value),
        ]
    ).strip()
