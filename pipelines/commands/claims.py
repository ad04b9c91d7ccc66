"""`heartbeat claims`: prints each claim's verdict, effect, evidence and date."""

from collections import Counter
from typing import Any

from rich.console import Console

from pipelines.commands.terminal import say
from warehouse.database import WarehouseError
from warehouse.guesses import advise
from warehouse.snapshot import Snapshot, query

STYLES = {"holds": "green", "mixed": "yellow", "refuted": "red"}
"""Colours of verdicts on a terminal; the word says the same."""

BOARD = """
select v.*, h.since_at
from metrics.claim_verdicts as v
left join (
    select claim_id, max(as_of_at) as since_at from meta.verdicts group by claim_id
) as h on h.claim_id = v.claim_id
order by v.claim_id
"""
TESTS = """
select
    test_number, title, metric, segment, statistic, "window", expects, scale, least_effect, verdict, is_opposite,
    effect, effect_low, effect_high, p_supported, p_ruled_out, detectable_effect, detectable_note, n, open_count,
    proprietary_count
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


def read_board(snapshot: Snapshot, name: str = "") -> list[dict[str, Any]]:
    """Returns one entry per claim, or the named one's, with its tests and the history of its verdicts, ready for JSON.
    Raises WarehouseError for an unknown name."""
    board: list[dict[str, Any]] = query(snapshot, BOARD).to_pylist()
    claims = [claim for claim in board if name.lower() in ("", claim["claim_id"])]
    if board and not claims:
        raise WarehouseError(f"unknown claim {name!r}: {advise(name, [one['claim_id'].upper() for one in board])}")
    for claim in claims:
        claim["tests"] = query(snapshot, TESTS, [claim["claim_id"]]).to_pylist()
        claim["history"] = query(snapshot, HISTORY, [claim["claim_id"]]).to_pylist()
    return claims


def read_registration(snapshot: Snapshot) -> dict[str, Any]:
    """Returns the text of all claims and of their rule, with its digest."""
    (row,) = query(snapshot, "from metrics.registered_claims").to_pylist()
    registration: dict[str, Any] = row
    return registration


def print_board(console: Console, snapshot: Snapshot, claims: list[dict[str, Any]]) -> None:
    """Prints of each claim first which difference the data can find, and then its verdict and wording."""
    if snapshot.is_sample:
        say(console, "sample world: simulated, not measured", "yellow")
    if snapshot.origin:
        say(console, f"published by {snapshot.origin.publisher}, followed from {snapshot.origin.source}")
    if len(claims) > 1:
        say(console, _count_verdicts(claims), "bold")
    for claim in claims:
        say(console, claim["detectable_note"] or "", "bold", mark=f"{claim['claim_id'].upper()} {claim['title']}. ")
        since = f" since {claim['since_at']:%Y-%m-%d}" if claim["since_at"] else ""
        verdict = f"{claim['verdict'].upper()}{since}. "
        say(console, claim["wording"], STYLES.get(claim["verdict"], ""), indent=4, mark=verdict)
        turns = "" if claim["p_adjusted"] is None else f". {claim['sensitivity_note']}"
        say(console, f"{claim['tests_note']}{turns}", indent=4)
    registration = read_registration(snapshot)
    say(console, f"all claims and the rule: sha256 {registration['digest']} (`heartbeat claims --registered`)")
    say(console, "`heartbeat claims --json` adds effects with intervals, each test, and what would refute a claim")


def _count_verdicts(claims: list[dict[str, Any]]) -> str:
    counts = Counter(claim["verdict"] for claim in claims)
    stated = (
        f"{count} {'hold' if verdict == 'holds' and count > 1 else verdict}" for verdict, count in counts.most_common()
    )
    return f"{len(claims)} claims: {', '.join(stated)}"
