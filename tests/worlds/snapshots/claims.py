"""The claims and the method of a test snapshot: every verdict, questions answered in full, in part and not, rules good
and weak."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from tests.worlds.snapshots import rows

if TYPE_CHECKING:
    from tests.worlds.snapshots.rows import World
Row = dict[str, Any]
VERDICTS = {
    "h1": "supported",
    "h2": "refuted",
    "h3": "no difference shown",
    "h4": "not enough data",
    "h5": "not observable",
    "h6": "supported",
}
EFFECTS = {"supported": (0.12, 0.08, 0.16), "refuted": (-0.2, -0.3, -0.1), "no difference shown": (0.01, -0.04, 0.06)}
TEXT, NUMBER, COUNT, FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
VERDICT = {
    **dict.fromkeys(("claim_id", "title", "claim", "why_it_matters", "would_refute", "verdict", "wording"), TEXT),
    "sensitivity_note": TEXT,
    **dict.fromkeys(("metric", "statistic", "scale", "explanation"), TEXT),
    **dict.fromkeys(("claim_version", "n", "open_count", "proprietary_count", "tests_count", "judged_count"), COUNT),
    **dict.fromkeys(("supported_count", "refuted_count", "turns_count"), COUNT),
    **dict.fromkeys(("effect", "effect_low", "effect_high", "p_adjusted"), NUMBER),
    "registered_on": pa.date32(), "as_of_at": pa.timestamp("us"),
}  # fmt: skip
TEST = {
    **dict.fromkeys(("claim_id", "left_out", "metric", "segment", "statistic", "window", "scale", "expects"), TEXT),
    "verdict": TEXT,
    **dict.fromkeys(("explanation", "test_why"), TEXT),
    **dict.fromkeys(("least_effect", "effect", "effect_low", "effect_high", "p_value", "p_adjusted"), NUMBER),
    **dict.fromkeys(("test_number", "n", "open_count", "proprietary_count"), COUNT), "is_deciding": FLAG,
}  # fmt: skip
CLAIM_TEXT = dict.fromkeys(("claim_id", "rule", "verdict"), TEXT)
QUESTION = dict.fromkeys(("question_code", "question_title", "metric_name", "left_out_reason"), TEXT)
ACCURACY = {
    **dict.fromkeys(("feature", "class", "part", "channel_kind", "language", "weakness"), TEXT),
    **dict.fromkeys(("labelled_count", "found_count", "right_count", "labelled_twice_count", "method_version"), COUNT),
    **dict.fromkeys(("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high"), NUMBER),
    "kappa": NUMBER,
    "is_weak": FLAG,
}  # fmt: skip


def tables(world: "World") -> dict[str, pa.Table]:
    """Verdicts, tests, rules of judging, questions of the method, and accuracy."""
    makers = {
        "claim_verdicts": (verdicts, VERDICT), "claim_tests": (tests, TEST), "claim_texts": (rules, CLAIM_TEXT),
        "method_questions": (questions, QUESTION), "feature_accuracy": (accuracies, ACCURACY),
    }  # fmt: skip
    return {
        f"metrics.{name}": pa.Table.from_pylist(
            [row for row in make(world) if world.has_rows], pa.schema(list(schema.items()))
        )
        for name, (make, schema) in makers.items()
    }


def said(world: "World", text: str, place: int) -> str:
    """A text, or an attack in its place."""
    return rows.HOSTILE[place % len(rows.HOSTILE)] if world.is_hostile else text


def verdicts(world: "World") -> Iterator[Row]:
    """A claim for each verdict, and a second one that is supported."""
    for place, (claim, verdict) in enumerate(VERDICTS.items()):
        effect, low, high = EFFECTS.get(verdict, (None, None, None))
        yield {
            "claim_id": claim, "title": said(world, f"Claim {claim}", place),
            "claim": said(world, "Open answers sooner.", place + 1),
            "why_it_matters": "It is what people choose by.", "would_refute": said(world, "Slower answers.", place + 2),
            "verdict": verdict,
            "wording": said(world, f"Worded before: {verdict}.", place + 3), "claim_version": 1,
            "registered_on": date(2026, 11, 1),
            "sensitivity_note": "The verdict changes: refuted without qwen.", "effect": effect, "effect_low": low,
            "effect_high": high, "n": 1200,
            "open_count": 6, "proprietary_count": 5, "tests_count": 2, "judged_count": 0 if effect is None else 2,
            "supported_count": 2 if verdict == "supported" else 0, "refuted_count": 2 if verdict == "refuted" else 0,
            "as_of_at": world.as_of_at,
        }  # fmt: skip


def tests(world: "World") -> Iterator[Row]:
    """Two tests that decide, a difference of shares and a ratio, and one of context; each once more without a
    family."""
    for claim, verdict in VERDICTS.items():
        effect, low, high = EFFECTS.get(verdict, (None, None, None))
        for number, scale in ((1, "difference"), (2, "ratio"), (3, "order")):
            for left_out in ("none", "qwen"):
                yield {
                    "claim_id": claim, "left_out": left_out, "metric": "answered_share", "segment": "anyone",
                    "statistic": "within_24h",
                    "window": "365d", "scale": scale, "expects": "open higher", "verdict": verdict,
                    "explanation": said(world, f"answered_share: expected open higher. {verdict}.", number),
                    "test_why": "A day is soon.",
                    "least_effect": 1.5 if scale == "ratio" else 0.05, "effect": effect, "effect_low": low,
                    "effect_high": high,
                    "p_value": None if effect is None else 0.0001, "p_adjusted": None if effect is None else 0.0004,
                    "test_number": number,
                    "n": 1200, "open_count": 6, "proprietary_count": 5, "is_deciding": number < 3,
                }  # fmt: skip


def rules(world: "World") -> Iterator[Row]:
    """By which rule each claim is judged."""
    del world
    for claim in VERDICTS:
        yield {"claim_id": claim, "rule": "all" if claim == "h1" else "most", "verdict": "supported"}


def questions(world: "World") -> Iterator[Row]:
    """One answered by two metrics, one in part, one not at all."""
    for code, title, metric, why in (
        ("R-2", "Answered in time", "answered_share", None),
        ("R-2", "Answered in time", "first_response_hours", None),
        ("R-10", "Who asks", "answered_share", said(world, "Labels are not read.", 1)),
        ("Q-3", said(world, "Tone", 4), "", said(world, "Texts are not kept.", 2)),
    ):
        yield {"question_code": code, "question_title": title, "metric_name": metric, "left_out_reason": why}


def accuracies(world: "World") -> Iterator[Row]:
    """A good rule with its parts, one that finds nothing, and one of many classes."""
    for feature, name, part, language, shares, weakness in (
        ("has_code", "yes", "all", "all", (0.9, 0.84, 0.94), None),
        ("has_code", "yes", "reply", "en", (0.6, 0.4, 0.8), said(world, "has_code was tried on 5 cases only.", 6)),
        ("has_patch", "yes", "all", "all", None, said(world, "has_patch finds none of 30 labelled cases.", 7)),
        (said(world, "question_type", 8), "any type", "all", "all", (0.85, 0.8, 0.9), None),
        (said(world, "question_type", 8), "docs", "all", "all", (0.5, 0.4, 0.6), "few"),
        ("has_code of sought texts", "yes", "all", "all", (1.0, 0.6, 1.0), None),
    ):
        value, low, high = shares or (None, 0.0, 1.0)
        yield {
            "feature": feature, "class": name, "part": part, "channel_kind": "all", "language": language,
            "labelled_count": 30,
            "found_count": 30, "right_count": 27, "labelled_twice_count": 12 if shares else None, "precision": value,
            "precision_low": low, "precision_high": high, "recall": value, "recall_low": low, "recall_high": high,
            "kappa": 0.92 if shares else None, "is_weak": weakness is not None, "weakness": weakness,
            "method_version": 1,
        }  # fmt: skip


def keep(connection: duckdb.DuckDBPyConnection, world: "World") -> None:
    """What the ledger keeps over time: verdicts that changed, a definition that changed, and the three figures it
    restated."""
    if not world.has_rows:
        return
    before: datetime = world.as_of_at - timedelta(days=9)
    for number, verdict, at in ((1, "no difference shown", before), (2, "supported", world.as_of_at)):
        connection.execute(
            "insert into ledger.verdicts values ('h1', ?, 1, ?, 0.1, 0.0, 0.2, 1200, ?)", [number, verdict, at]
        )
    connection.execute(
        "insert into ledger.verdicts values ('h2', 1, 1, 'refuted', -0.2, -0.3, -0.1, 1200, ?)", [world.as_of_at]
    )
    for name, version, number in (("answered_share", 1, 1), ("uptime_share", 1, 2), ("answered_share", 2, 3)):
        connection.execute(
            "insert into ledger.methods values (?, ?, ?, ?, ?)",
            [name, version, f"digest {number}", world.as_of_at, number],
        )
    for family in ("qwen", "claude", "gpt"):
        connection.execute(
            "insert into ledger.restatements (name, number, old_version, new_version, family_id) values "
            "('answered_share', 3, 1, 2, ?)",
            [family],
        )
