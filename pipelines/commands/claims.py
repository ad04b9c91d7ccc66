"""`heartbeat claims`: prints each claim's verdict, effect, evidence and date."""

import math
from typing import Any

from rich.console import Console

from warehouse.snapshot import Snapshot, query

BOARD = """
select v.*, h.since_at, h.changes_count
from metrics.claim_verdicts as v
left join (
    select claim_id, max(as_of_at) as since_at, count(*) as changes_count from meta.verdicts group by claim_id
) as h on h.claim_id = v.claim_id
order by v.claim_id
"""
TESTS = """
select
    test_number, metric, segment, statistic, "window", channel_kinds, expects, scale, least_effect, is_deciding,
    verdict, is_opposite, explanation, test_why, effect, effect_low, effect_high, general_effect, general_low,
    general_high, raw_effect, raw_low, raw_high, p_supported, p_ruled_out, detectable_effect, detectable_note, n,
    open_count, proprietary_count
from metrics.claim_tests
where claim_id = ? and left_out = 'none'
order by test_number
"""
HISTORY = """
select number, claim_version, verdict, effect, effect_low, effect_high, n, as_of_at
from meta.verdicts
where claim_id = ?
order by number
"""


def read_board(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Returns one entry per claim, with its tests and the history of its verdicts, ready for JSON."""
    claims: list[dict[str, Any]] = query(snapshot, BOARD).to_pylist()
    for claim in claims:
        claim["tests"] = query(snapshot, TESTS, [claim["claim_id"]]).to_pylist()
        claim["history"] = query(snapshot, HISTORY, [claim["claim_id"]]).to_pylist()
    return claims


def read_registration(snapshot: Snapshot) -> dict[str, Any]:
    """Returns the text of all claims and of their rule, with its digest and day."""
    (row,) = query(snapshot, "from metrics.registered_claims").to_pylist()
    registration: dict[str, Any] = row
    return registration


def print_board(console: Console, snapshot: Snapshot, claims: list[dict[str, Any]]) -> None:
    """Prints each claim with its verdict, then its wording, the reasons and how sensitive the verdict is."""

    def print_line(text: str) -> None:
        console.print(text, markup=False)

    if snapshot.is_sample:
        print_line("sample world: simulated, not measured")
    if snapshot.origin:
        print_line(f"published by {snapshot.origin.publisher}, followed from {snapshot.origin.source}")
    for claim in claims:
        print_line(f"{claim['claim_id'].upper()} {claim['title']}: {claim['verdict'].upper()}{_format_since(claim)}")
        print_line(f"    claim: {claim['claim']}")
        print_line(f"    {claim['wording']}")
        print_line(f"    {_format_effect(claim)}; {_format_counts(claim)}")
        for test in claim["tests"]:
            print_line(f"    {'-' if test['is_deciding'] else '(context)'} {test['explanation']}")
        if claim["detectable_note"]:
            print_line(f"    {claim['detectable_note']}")
        print_line(f"    {claim['sensitivity_note']}")
        print_line(f"    would refute it: {claim['would_refute']}")
        print_line(f"    rule: {claim['rule_words']}")
        print_line(f"    version {claim['claim_version']} of {claim['registered_on']}, sha256 {claim['digest']}")
    registration = read_registration(snapshot)
    print_line(f"all claims and the rule: sha256 {registration['digest']} (`heartbeat claims --registered`)")


def _format_since(claim: dict[str, Any]) -> str:
    return f" since {claim['since_at']:%Y-%m-%d}" if claim["since_at"] else ""


def _format_effect(claim: dict[str, Any]) -> str:
    """Describes the leading effect: its intervals, item count and families."""
    if claim["effect"] is None:
        return "effect unknown"
    families = " and ".join(
        f"{claim[f'{side}_count']} {side}" for side in ("open", "proprietary") if claim[f"{side}_count"]
    )
    effect = _format_interval(claim, "effect", "effect_low", "effect_high")
    general = "" if claim["general_effect"] is None else ", families in general "
    general += general and _format_interval(claim, "general_effect", "general_low", "general_high")
    return f"{claim['metric']} {claim['statistic']}: {effect}{general}, {claim['n']} items of {families} families"


def _format_interval(claim: dict[str, Any], *names: str) -> str:
    # Bounded, since an open interval would overflow `exp`.
    value, low, high = (
        f"× {math.exp(min(claim[name], 50)):.2f}" if claim["scale"] == "ratio" else f"{claim[name]:+.3f}"
        for name in names
    )
    return f"{value} ({low} to {high})"


def _format_counts(claim: dict[str, Any]) -> str:
    return (
        f"{claim['supported_count']} of {claim['tests_count']} tests support it, {claim['ruled_out_count']} are ruled"
        f" out, {claim['opposed_count']} show the opposite, {claim['tests_count'] - claim['judged_count']} cannot be"
        f" judged"
    )
