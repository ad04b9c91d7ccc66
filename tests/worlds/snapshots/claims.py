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
    "h1": "holds",
    "h2": "refuted",
    "h3": "too close to call",
    "h4": "too few data",
    "h5": "not observable",
    "h6": "holds",
    "h7": "mixed",
}
EFFECTS = {
    "holds": (0.12, 0.08, 0.16), "refuted": (-0.2, -0.3, -0.1), "too close to call": (0.01, -0.04, 0.06),
    "mixed": (0.12, 0.08, 0.16),
}  # fmt: skip
OUTCOMES = {"holds": "supported", "refuted": "ruled out", "too close to call": "undecided", "mixed": "supported"}
"""Verdicts of a claim's tests; those of a claim that cannot be judged are the same."""
TEXT, NUMBER, COUNT, FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
VERDICT = {
    **dict.fromkeys(("claim_id", "title", "claim", "why_it_matters", "would_refute", "verdict", "wording"), TEXT),
    **dict.fromkeys(("sensitivity_note", "rule_words", "digest", "detectable_note"), TEXT),
    **dict.fromkeys(("metric", "statistic", "scale", "explanation"), TEXT),
    **dict.fromkeys(("claim_version", "n", "open_count", "proprietary_count", "tests_count", "judged_count"), COUNT),
    **dict.fromkeys(("supported_count", "ruled_out_count", "opposed_count", "turns_count"), COUNT),
    **dict.fromkeys(("effect", "effect_low", "effect_high", "general_effect", "general_low", "general_high"), NUMBER),
    **dict.fromkeys(("p_adjusted", "detectable_effect"), NUMBER),
    "registered_on": pa.date32(), "as_of_at": pa.timestamp("us"),
}  # fmt: skip
TEST = {
    **dict.fromkeys(("claim_id", "left_out", "metric", "segment", "statistic", "window", "scale", "expects"), TEXT),
    "verdict": TEXT,
    **dict.fromkeys(("explanation", "test_why", "detectable_note"), TEXT),
    **dict.fromkeys(("least_effect", "effect", "effect_low", "effect_high"), NUMBER),
    **dict.fromkeys(("general_effect", "general_low", "general_high", "p_supported", "p_ruled_out"), NUMBER),
    **dict.fromkeys(("test_number", "n", "open_count", "proprietary_count"), COUNT),
    **dict.fromkeys(("is_deciding", "is_opposite"), FLAG),
}  # fmt: skip
VERSION = {
    **dict.fromkeys(("claim_id", "title", "claim", "would_refute", "rule", "tests_summary", "why_changed"), TEXT),
    "claim_version": COUNT, "registered_on": pa.date32(),
}  # fmt: skip
REGISTRATION = {
    "digest": TEXT, "registered_on": pa.date32(), "rule_version": COUNT, "registered_text": TEXT,
}  # fmt: skip
QUESTION = dict.fromkeys(("question_code", "question_title", "metric_name", "left_out_reason"), TEXT)
CHANGE = {
    "metric_name": TEXT, "change_number": COUNT, "method_version": COUNT, "changed_on": pa.date32(),
    "change_reason": TEXT,
}  # fmt: skip
ACCURACY = {
    **dict.fromkeys(("feature", "class", "part", "channel_kind", "language", "weakness"), TEXT),
    **dict.fromkeys(("labelled_count", "found_count", "right_count", "labelled_twice_count", "method_version"), COUNT),
    **dict.fromkeys(("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high"), NUMBER),
    "kappa": NUMBER,
    "is_weak": FLAG,
}  # fmt: skip
GATE = {
    "feature": TEXT, **dict.fromkeys(("needed_precision", "needed_recall", "precision", "recall"), NUMBER),
    "labelled_count": COUNT, "is_passed": FLAG, "reason": TEXT,
}  # fmt: skip


def tables(world: "World") -> dict[str, pa.Table]:
    """Verdicts, tests, versions of claims, questions of the method, and accuracy."""
    makers = {
        "claim_verdicts": (verdicts, VERDICT), "claim_tests": (tests, TEST), "claim_versions": (versions, VERSION),
        "registered_claims": (registration, REGISTRATION),
        "method_questions": (questions, QUESTION), "definition_changes": (changes, CHANGE),
        "feature_accuracy": (accuracies, ACCURACY), "reader_gates": (gates, GATE),
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


def changes(world: "World") -> Iterator[Row]:
    """Two reasons of a changed definition, one of a later version that was never built here, and one of a removal."""
    for number, (name, version, reason) in enumerate(
        (
            ("answered_share", 2, "A mere +1 is no answer."), ("answered_share", 2, "The interval is wider."),
            ("answered_share", 3, "Never built here."), ("rank_share", None, "Nobody is ranked by it any more."),
        ),
        start=1,
    ):  # fmt: skip
        yield {
            "metric_name": name, "change_number": number, "method_version": version,
            "changed_on": date(2026, 11, 26), "change_reason": said(world, reason, number),
        }  # fmt: skip


def verdicts(world: "World") -> Iterator[Row]:
    """A claim for each verdict, and a second one that holds."""
    for place, (claim, verdict) in enumerate(VERDICTS.items()):
        effect, low, high = EFFECTS.get(verdict, (None, None, None))
        yield {
            "claim_id": claim, "title": said(world, f"Claim {claim}", place),
            "claim": said(world, "Open answers sooner.", place + 1),
            "why_it_matters": "It is what people choose by.", "would_refute": said(world, "Slower answers.", place + 2),
            "verdict": verdict,
            "wording": said(world, f"Worded before: {verdict}.", place + 3), "claim_version": 1,
            "registered_on": date(2026, 11, 1),
            "rule_words": "holds if every deciding test supports it; refuted if one is ruled out",
            "digest": f"digest of {claim}",
            "detectable_note": None if effect is None else "With these families a difference below 14 points cannot be"
            " shown.",
            "sensitivity_note": "The verdict changes: refuted without qwen.", "effect": effect, "effect_low": low,
            "effect_high": high, "general_effect": effect, "general_low": -0.5 if low else None,
            "general_high": 0.5 if high else None, "p_adjusted": None if effect is None else 0.0004, "n": 1200,
            "open_count": 6, "proprietary_count": 5, "tests_count": 2, "judged_count": 0 if effect is None else 2,
            "supported_count": {"holds": 2, "mixed": 1}.get(verdict, 0),
            "ruled_out_count": 2 if verdict == "refuted" else 0, "opposed_count": 1 if verdict == "refuted" else 0,
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
                    "window": "365d", "scale": scale, "expects": "open higher",
                    "verdict": OUTCOMES.get(verdict, verdict),
                    "explanation": said(world, f"answered_share: expected open higher. {verdict}.", number),
                    "test_why": "A day is soon.",
                    "least_effect": 1.5 if scale == "ratio" else 0.05, "effect": effect, "effect_low": low,
                    "effect_high": high, "general_effect": effect, "general_low": -0.5 if low else None,
                    "general_high": 0.5 if high else None, "is_opposite": verdict == "refuted",
                    "detectable_note": None if effect is None else "A difference below 14 points cannot be shown.",
                    "p_supported": None if effect is None else 0.0001,
                    "p_ruled_out": None if effect is None else 0.9999, "test_number": number,
                    "n": 1200, "open_count": 6, "proprietary_count": 5, "is_deciding": number < 3,
                }  # fmt: skip


def versions(world: "World") -> Iterator[Row]:
    """What each claim says, and what the first said before."""
    for place, claim in enumerate(VERDICTS):
        for number, why in ((1, said(world, "Nobody could tell.", place)), (2, None)):
            if claim == "h1" or why is None:
                yield {
                    "claim_id": claim, "title": said(world, f"Claim {claim}", place), "claim": "Open answers sooner.",
                    "would_refute": "Slower answers.", "rule": "all", "tests_summary": "one", "why_changed": why,
                    "claim_version": number, "registered_on": date(2026, 11, number),
                }  # fmt: skip


def registration(world: "World") -> Iterator[Row]:
    """The text whose digest is shown."""
    del world
    yield {"digest": "0123abcd", "registered_on": date(2026, 11, 2), "rule_version": 2, "registered_text": "{}\n"}


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


def gates(world: "World") -> Iterator[Row]:
    """A reader good enough elsewhere that fails its gate, one that passes a low one, and one that finds nothing."""
    for feature, needed, had in (("has_code", (0.95, 0.9), 0.9), ("question_type", (0.75, 0.75), 0.85),
                                 ("has_patch", (0.8, 0.8), None)):  # fmt: skip
        is_passed = had is not None and had >= max(needed)
        yield {
            "feature": feature, "needed_precision": needed[0], "needed_recall": needed[1], "precision": had,
            "recall": had, "labelled_count": 30, "is_passed": is_passed,
            "reason": None if is_passed else said(world, f"{feature} is below its gate.", 9),
        }  # fmt: skip


def keep(connection: duckdb.DuckDBPyConnection, world: "World") -> None:
    """What the ledger keeps over time: verdicts that changed, a definition that changed with the three figures it
    restated, and a measure that is published no more."""
    if not world.has_rows:
        return
    before: datetime = world.as_of_at - timedelta(days=9)
    for number, verdict, at in ((1, "too close to call", before), (2, "holds", world.as_of_at)):
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
    figure = "'tracker', 'all', 'anyone', 'within_7d', 'all'"
    for name, new_version, family, was, now, state in (
        ("answered_share", "2", "qwen", "0.5, 0.4, 0.6, 100", "0.7, 0.6, 0.8, 120", "measured"),
        ("answered_share", "2", "claude", "0.5, 0.4, 0.6, 100", "0.5, 0.3, 0.7, 100", "measured"),
        ("answered_share", "2", "gpt", "null, null, null, 9", "null, null, null, 8", "not enough data"),
        ("rank_share", "null", "gpt", "0.5, 0.4, 0.6, 100", "null, null, null, null", "no longer published"),
    ):
        connection.execute(
            "insert into ledger.restatements (name, number, old_version, new_version, family_id, channel_kind,"
            ' channel_role, segment, statistic, "window", as_of_at, old_value, old_low, old_high, old_n, new_value,'
            f" new_low, new_high, new_n, new_state) select ?, 3, 1, {new_version}, ?, {figure}, ?, {was}, {now}, ?",
            [name, family, world.as_of_at, state],
        )
