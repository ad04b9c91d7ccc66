"""The board of claims as it was published: its rows, its verdicts as words with a shape, and its effects as they are said and drawn."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import reading, words
from dashboards.charts import Spec
from dashboards.charts_lines import Look, intervals
from dashboards.colours import Palette
from warehouse.snapshot import Snapshot

Row = dict[str, Any]
TABLES = ("metrics.claim_verdicts", "metrics.claim_tests", "metrics.claim_texts", "meta.verdicts", "meta.metrics")
SHAPES = {"supported": "●", "refuted": "▲", "no difference shown": "◇", "not enough data": "≈", "not observable": "?"}
"""The mark of each verdict; the last two are those of figures that are lacking."""
RULES = {
    "all": "By its rule each of them must support it, and one that says the opposite refutes it.",
    "most": "By its rule more than half of those judged must support it, and none say the opposite.",
}
RULE = "select max(w.rule) from metrics.claim_texts w where w.claim_id = v.claim_id"
UNJUDGED = ("not enough data", "not observable")
EXPECTED = {
    "open higher": "open families higher", "open lower": "open families lower", "above": "above a level", "below": "below a level",
}  # fmt: skip


def claims(snapshot: Snapshot) -> list[Row]:
    """One entry a claim, with its tests and the history of its verdicts; none where the snapshot knows no claims."""
    if not all(reading.has(snapshot, table) for table in TABLES):
        return []
    tests = reading.rows(
        snapshot,
        "select t.*, m.unit from metrics.claim_tests t left join meta.metrics m on m.name = t.metric"
        " where t.left_out = 'none' order by t.claim_id, t.test_number",
    )
    history = reading.rows(snapshot, "select * from meta.verdicts order by claim_id, number")
    return [
        claim
        | {"tests": [test for test in tests if test["claim_id"] == claim["claim_id"]]}
        | {"history": [entry for entry in history if entry["claim_id"] == claim["claim_id"]]}
        for claim in reading.rows(snapshot, f"select v.*, ({RULE}) as rule from metrics.claim_verdicts v order by v.claim_id")
    ]


def answer(board: Sequence[Row]) -> str:
    """How many claims are supported, refuted, show no difference, or cannot be judged."""
    kinds = Counter(claim["verdict"] for claim in board)
    supported, refuted, alike = kinds["supported"], kinds["refuted"], kinds["no difference shown"]
    unknown = sum(kinds[verdict] for verdict in UNJUDGED)
    return (
        f"Of {len(board)} claims **{supported} {words.be(supported)} supported and {refuted} {words.be(refuted)} refuted**; "
        f"{alike} {'shows' if alike == 1 else 'show'} no difference, and {unknown} cannot be judged."
    )


def verdict(said: str) -> str:
    """`◇ no difference shown`: a word with its shape."""
    return f"{SHAPES.get(said, '')} {said}".strip()


def families(row: Mapping[str, Any]) -> str:
    """`12 open and 7 proprietary families`."""
    counts = [f"{row[f'{side}_count']} {side}" for side in ("open", "proprietary") if row[f"{side}_count"]]
    return f"{words.listed(counts)} families" if counts else "no families"


def effect(test: Mapping[str, Any]) -> str:
    """The effect with its interval in the unit in which it was found, or why there is none."""
    if test["effect"] is None:
        return verdict(test["verdict"])
    value, low, high = (_number(test, test[name]) for name in ("effect", "effect_low", "effect_high"))
    return f"{value}{_unit(test)} ({low} to {high})"


def short_effect(test: Mapping[str, Any]) -> str:
    """The effect alone, for narrow places."""
    return verdict(test["verdict"]) if test["effect"] is None else f"{_number(test, test['effect'])}{_unit(test)}"


def _number(test: Mapping[str, Any], value: float) -> str:
    if test["scale"] == "ratio":
        return f"×{words.GAP}{words.two_digits(math.exp(min(value, 50)))}"
    shown = value * 100 if _is_points(test) else value
    return ("+" if shown > 0 else "\N{MINUS SIGN}" if shown < 0 else "") + words.two_digits(abs(shown))


def _unit(test: Mapping[str, Any]) -> str:
    """Shares differ by percentage points; an order and a ratio have no unit."""
    if test["scale"] != "difference":
        return ""
    return f"{words.GAP}points" if _is_points(test) else f"{words.GAP}{test['unit'] or ''}".rstrip()


def _is_points(test: Mapping[str, Any]) -> bool:
    return (test["scale"], test["unit"]) == ("difference", "share")


def name(test: Mapping[str, Any]) -> str:
    """`answered share, within 24h`; in brackets where it is context and decides nothing."""
    parts = [test["metric"], test["statistic"], *([] if test["segment"] in ("all", "anyone") else [test["segment"]])]
    said = ", ".join(part.replace("_", " ") for part in parts)
    return said if test["is_deciding"] else f"({said})"


def line(test: Mapping[str, Any]) -> Row:
    """A test as it is drawn: in units of the smallest effect that matters, turned so that what speaks for the claim lies right."""
    drawn: Row = {
        "look": test["verdict"],
        "value": None,
        "low": None,
        "high": None,
        "mark": SHAPES.get(test["verdict"], ""),
        "note": f"{effect(test)}: {test['verdict']}",
    }
    if test["effect"] is None:
        return drawn
    least = math.log(test["least_effect"]) if test["scale"] == "ratio" else test["least_effect"]
    turned = 1 if test["expects"] in ("open higher", "above") else -1
    low, high = sorted(turned * test[end] / least for end in ("effect_low", "effect_high"))
    return drawn | {"value": turned * test["effect"] / least, "low": low, "high": high}


def chart(groups: Sequence[Row], tone: Palette) -> Spec:
    """Effects around the line of no effect; dashed is the smallest one that matters, either way."""
    ends = [abs(one[end]) for group in groups for one in group["lines"] for end in ("low", "high") if one[end] is not None]
    top = max([2.0, *ends]) * 1.05
    says = "datum.value < 0 ? '← against the claim' : datum.value > 0 ? 'for the claim →' : '0'"
    axis = {"values": [-top, 0, top], "labelExpr": says, "labelFlush": True, "grid": False, "title": None}
    looks = {
        "supported": Look("circle", True, tone.ink),
        "refuted": Look("triangle-up", True, tone.warn),
        "no difference shown": Look("diamond", False, tone.muted),
    }
    return intervals(groups, looks, ({"domain": [-top, top], "nice": False}, axis), {0: False, -1: True, 1: True}, tone)


def overview(board: Sequence[Row]) -> list[Row]:
    """A group a claim: its verdict in words, and a line for each test that decides."""
    return [
        {
            "name": f"{SHAPES.get(claim['verdict'], '')} {claim['claim_id'].upper()} {claim['title']}",
            "said": claim["verdict"],
            "short": "",
            "mark": "",
            "lines": [line(test) for test in claim["tests"] if test["is_deciding"]],
        }
        for claim in board
    ]


def details(claim: Mapping[str, Any]) -> list[Row]:
    """A group a test of one claim."""
    return [
        {
            "name": name(test), "said": effect(test), "short": short_effect(test),
            "mark": SHAPES.get(test["verdict"], "") if test["effect"] is None else _number(test, test["effect"]),
            "lines": [line(test)],
        }
        for test in claim["tests"]
    ]  # fmt: skip
