"""The board of claims as published: its rows, its verdicts as words with a shape, and its effects in words and
drawn."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts.colours import Palette
from dashboards.charts.lines import draw_intervals
from dashboards.charts.marks import Spec
from dashboards.frame import snapshot_reader
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot
from warehouse.wording import GAP, is_are, pluralize

SHAPES = {
    "holds": "●", "supported": "●", "mixed": "○", "refuted": "▲", "ruled out": "▲", "too close to call": "◇",
    "undecided": "◇", "too few data": "≈", "cannot be read": "✕", "cannot be observed": "?",
}  # fmt: skip
"""The mark of each verdict on a claim or a test."""
ENDS = ("effect", "effect_low", "effect_high")
UNJUDGED = ("too few data", "cannot be read", "cannot be observed")
EXPECTED = {
    "open higher": "open families higher", "open lower": "open families lower", "above": "above a level",
    "below": "below a level",
}  # fmt: skip


def load_claims(snapshot: Snapshot) -> list[DictRow]:
    """Loads one entry per claim, with its tests and the history of its verdicts; empty if the snapshot has no
    claims."""
    rows = snapshot_reader.load_rows(
        snapshot,
        "select t.*, m.unit from metrics.claim_tests t left join meta.metrics m on m.name = t.metric"
        # The other rows repeat each test with one family excluded.
        " where t.left_out = 'none' order by t.claim_id, t.test_number",
    )
    if not rows:
        return []
    parts = {
        "tests": rows,
        "history": snapshot_reader.load_rows(snapshot, "select * from meta.verdicts order by claim_id, number"),
    }
    return [
        claim | {name: [row for row in rows if row["claim_id"] == claim["claim_id"]] for name, rows in parts.items()}
        for claim in snapshot_reader.load_rows(snapshot, "select * from metrics.claim_verdicts order by claim_id")
    ]


def load_not_compared(snapshot: Snapshot, metric: str, statistic: str) -> str:
    """Loads what the claim with a test on this figure says is not compared: its first sentence; empty if there is
    none."""
    rows = snapshot_reader.load_rows(
        snapshot,
        "select v.wording from metrics.claim_verdicts v join metrics.claim_tests t using (claim_id) "
        "where t.metric = ? and t.statistic = ? order by claim_id limit 1",
        metric,
        statistic,
    )
    return "".join(f"{row['wording'].partition('. ')[0]}." for row in rows)


def judge_page(board: Sequence[DictRow]) -> str:
    """Words as a verdict how many claims hold and how many are refuted."""
    kinds = Counter(claim["verdict"] for claim in board)
    holds, refuted, whole = (numbers.spell_count(count) for count in (kinds["holds"], kinds["refuted"], len(board)))
    lost = f"{refuted} {is_are(kinds['refuted'])}" if kinds["refuted"] else "none is"
    held = f"{holds.capitalize()} of" if kinds["holds"] else "None of"
    verb = pluralize(kinds["holds"] or 1, "holds", "hold")
    return f"**{held} {whole} claims {verb}, {lost} refuted.**"


def answer_page(board: Sequence[DictRow]) -> str:
    """Counts the other verdicts, and states how many families and cases all of them rest on."""
    kinds = Counter(claim["verdict"] for claim in board)
    others = [f"{kinds[word]} {is_are(kinds[word])} {word}" for word in ("mixed", "too close to call") if kinds[word]]
    for word in UNJUDGED:
        has = f"{pluralize(kinds[word], 'has', 'have')} " if word == "too few data" else ""
        others += [f"{kinds[word]} {has}{word}"] if kinds[word] else []
    stated = [f"{numbers.join_words(others)}."] if others else []
    if judged := [claim for claim in board if claim["effect"] is not None]:
        most = {f"{side}_count": max(claim[f"{side}_count"] for claim in judged) for side in ("open", "proprietary")}
        cases = sorted({claim["n"] for claim in judged})
        spread = numbers.format_count(cases[0]) + (f" to {numbers.format_count(cases[-1])}" if len(cases) > 1 else "")
        stated.append(f"They rest on up to {count_families(most)}; n{GAP}={GAP}{spread} items per claim.")
    return " ".join(stated)


def format_verdict(word: str) -> str:
    """Formats a verdict as a word with its shape: `◇ too close to call`."""
    return f"{SHAPES.get(word, '')} {word}".strip()


def count_families(row: Mapping[str, Any]) -> str:
    """Counts the families on both sides: `12 open and 7 proprietary families`."""
    counts = [f"{row[f'{side}_count']} {side}" for side in ("open", "proprietary") if row[f"{side}_count"]]
    return f"{numbers.join_words(counts)} families" if counts else "no families"


def format_effect(test: Mapping[str, Any]) -> str:
    """Formats the effect for these families with its interval in its own unit, or says why there is none."""
    if test["effect"] is None:
        return format_verdict(test["verdict"])
    is_points = (test["scale"], test["unit"]) == ("difference", "share")
    scale, unit = 100 if is_points else 1, "points" if is_points else test["unit"] or ""
    ends = [test[name] if test["scale"] == "ratio" else scale * test[name] for name in ENDS]
    form = numbers.format_ratio if test["scale"] == "ratio" else _format_signed
    # An order or a ratio has no unit.
    named = f"{GAP}{unit}".rstrip() if test["scale"] == "difference" else ""
    value, low, high = map(form, ends)
    is_counted = test["effect_low"] == test["effect_high"]
    return f"{value}{named} ({'all counted' if is_counted else f'{low} to {high}'})"


def _format_signed(value: float) -> str:
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return sign + numbers.format_two_digits(abs(value))


def make_line(test: Mapping[str, Any]) -> DictRow:
    """Prepares a test with an effect for drawing: in units of the smallest that matters, oriented so that support for
    the claim lies to the right."""
    drawn: DictRow = {"look": test["verdict"], "note": f"{format_effect(test)}: {test['verdict']}"}
    least = math.log(test["least_effect"]) if test["scale"] == "ratio" else test["least_effect"]
    turned = 1 if test["expects"] in ("open higher", "above") else -1
    low, high = sorted(turned * test[end] / least for end in ("effect_low", "effect_high"))
    return drawn | {"value": turned * test["effect"] / least, "low": low, "high": high}


def draw_board(claims: Sequence[DictRow], tone: Palette) -> Spec | None:
    """Draws each claim with its verdict in words, and below it its tests as intervals; None if no test has an
    effect."""
    if not any(has_effect(test) for claim in claims for test in claim["tests"]):
        return None
    groups = [group for claim in claims for group in group_claim(claim)]
    lines = [line for group in groups for line in group["lines"]]
    ends = [abs(line[end]) for line in lines for end in ("low", "high")]
    reach = max([2.0, *ends]) * 1.05
    says = "datum.value < 0 ? '← against' : datum.value > 0 ? 'for the claim →' : '0'"
    axis = {"values": [-reach, 0, reach], "labelExpr": says, "labelFlush": True, "grid": False, "title": None}
    scaled = {"domain": [-reach, reach], "nice": False}, axis
    looks = {
        "supported": tone.look("circle", tone.ink, is_filled=True),
        "ruled out": tone.look("triangle-up", tone.warn, is_filled=True),
        "undecided": tone.look("diamond", tone.muted, is_filled=False),
    }
    return draw_intervals(groups, looks, scaled, {0: False, -1: True, 1: True}, tone)


def group_claim(claim: DictRow) -> list[DictRow]:
    """Makes the lines of a claim: its name with its verdict, then each test with its effect."""
    verdict = format_verdict(claim["verdict"])
    head = {
        "name": f"{claim['claim_id'].upper()} {claim['title']}", "said": f"{verdict}{tally_tests(claim)}",
        "short": verdict, "lines": [], "is_head": True,
    }  # fmt: skip
    return [head, *(_group_test(test) for test in claim["tests"])]


def has_effect(test: DictRow) -> bool:
    return test["effect"] is not None


def _group_test(test: DictRow) -> DictRow:
    effect = format_effect(test)
    return {
        "name": test["title"],
        "said": effect,
        "short": effect,
        "lines": [make_line(test)] if has_effect(test) else [],
    }


def tally_tests(claim: Mapping[str, Any]) -> str:
    """Counts how many of the tests agree: `, 3 of 4 tests for it`; empty for a claim that was not judged."""
    if claim["verdict"] in UNJUDGED:
        return ""
    against = f", {claim['ruled_out_count']} ruled out" if claim["ruled_out_count"] else ""
    return f", {claim['supported_count']} of {claim['tests_count']} tests for it{against}"
