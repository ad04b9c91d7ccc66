"""The parts of a figure's interval: how far chance, reading and what was not seen move each of its ends.

An interval is split by asking the figure's own query again, for the ends that it would have if labels told the error of
reading without one of their own, and if everything had been seen.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

ENDS = ("low", "high")
CHANCE, READING = "chance", "reading"
NOT_SEEN = "not seen"
"""Also the reason of an item that counts, but of which it was not seen whether it has the property."""
NOT_ATTRIBUTED = "not attributed"
"""What stands for the unseen in a rate of incidents: those that name no component."""
BOUNDED = ("uptime_share", "naive_uptime_share")
"""Metrics whose ends are bounds of what is not known; nothing is left to chance."""
VARIANCE = "coalesce(e.shift_variance, 0)"
"""Where the variance of the labels enters the statement of a share that they put right."""
WILSON = "n_known"
"""What the statement of a share of items has: its ends are Wilson's around the share if none or all unseen are so."""
ATTRIBUTED_TOO = "'api or unattributed'"
CURVE = 'subject, family_id, channel_kind, channel_role, segment, "window"'
SEEN_SHARES = (
    f"(select s.* replace (s.low / t.part as low, 1 - (1 - s.high) / t.part as high) from metrics.{{table}} as s"
    f" join (select {CURVE}, n / (n + n_unseen) as part from metrics.survival_totals) as t using ({CURVE}))"
)
"""Ends of a share of waiting, before they were moved to where all unseen had ended, or none."""
WAITED_SHARES = ("survival_shares", "competing_shares", "asker_shares")
ALL_SEEN = {
    r"\bmetrics\.survival_summary\b":
        "(select * replace (seen_low as low, seen_high as high) from metrics.survival_summary)",
    **{rf"\bmetrics\.{name}\b": SEEN_SHARES.format(table=name) for name in WAITED_SHARES},
    r"\bas is_unseen\b": "and false as is_unseen",
    ATTRIBUTED_TOO: "'api'",
}  # fmt: skip
"""What in a statement makes it one of a world in which everything was seen, and each incident attributed."""
SHARE = "share"
LEAST_POINTS, LEAST_MOVE = 0.0005, 1e-6
"""A share that moves less, and any other figure that does, does not move."""
TWO_DIGITS = 10
NOTHING_ELSE = "nothing went unseen, and no reading is put right by labels"
END_WORDS = {"low": "a lower", "high": "an upper"}
Row = dict[str, Any]


def split_interval(read_ends: Callable[[str], Row], name: str, sql: str, figure: Row, unseen: int) -> list[Row]:
    """Splits the interval of a figure into its parts, as differences to the value; an end that is open is None.

    `read_ends` reads the figure's ends by a statement like its own. Empty for a figure without an interval: one without
    a value, or counted in full.
    """
    ends = [figure[end] for end in ENDS]
    if figure["value"] is None or not figure["n"] or ends in ([None] * 2, [figure["value"]] * 2):
        return []
    if name in BOUNDED:
        moves = {NOT_SEEN: _subtract(figure, figure["value"])}
    elif WILSON in sql:
        moves = _split_share(figure, read_ends(sql.replace(VARIANCE, "0")) if VARIANCE in sql else figure, unseen)
    else:
        seen = read_ends(if_seen) if (if_seen := assume_seen(sql)) != sql else figure
        moves = {CHANCE: _subtract(seen, figure["value"]), NOT_SEEN: _subtract(figure, seen)}
    last = NOT_ATTRIBUTED if ATTRIBUTED_TOO in sql else NOT_SEEN
    still = dict.fromkeys(ENDS, 0.0)
    return [
        {"part": last if part == NOT_SEEN else part, **moves.get(part, still)} for part in (CHANCE, READING, NOT_SEEN)
    ]


def assume_seen(sql: str) -> str:
    """Returns the statement that gives the ends as if everything had been seen."""
    for pattern, instead in ALL_SEEN.items():
        sql = re.sub(pattern, instead, sql)
    return sql


def _split_share(figure: Row, unshaken: Row, unseen: int) -> dict[str, Row]:
    """Splits the ends of a share of items, of which some could not be seen."""
    seen = figure["n"] / (figure["n"] + unseen)
    hidden = {"low": figure["value"] * (seen - 1), "high": (1 - figure["value"]) * (1 - seen)}
    chance = {end: unshaken[end] - figure["value"] - hidden[end] for end in ENDS}
    return {CHANCE: chance, READING: _subtract(figure, unshaken), NOT_SEEN: hidden}


def _subtract(ends: Row, others: Row | float) -> Row:
    """Subtracts other ends, or one value, from the ends. An open end is no distance away, unless the other is open."""
    taken = others if isinstance(others, dict) else dict.fromkeys(ENDS, others)
    gaps: Row = {}
    for end in ENDS:
        one, other = ends[end], taken[end]
        gaps[end] = one - other if None not in (one, other) else 0.0 if one is other else None
    return gaps


def describe_parts(parts: Sequence[Row], unit: str) -> str:
    """Describes how far each part moves the ends; a part that moves none is named, and chance alone is called that.
    Empty without parts."""
    moved = [part for part in parts if any(_moves(part[end], unit) for end in ENDS)]
    still = [part["part"] for part in parts if part not in moved]
    if not moved:
        return f"nothing for {_join(still)}" if still else ""
    if [part["part"] for part in moved] == [CHANCE]:
        return f"chance alone, {_describe_move(moved[0], unit)}: {NOTHING_ELSE}"
    words = [f"{part['part']} {_describe_move(part, unit)}" for part in moved]
    return "; ".join(words + ([f"nothing for {_join(still)}"] if still else []))


def _moves(move: float | None, unit: str) -> bool:
    return move is None or abs(move) >= (LEAST_POINTS if unit == SHARE else LEAST_MOVE)


def _describe_move(part: Row, unit: str) -> str:
    name = "points" if unit == SHARE else unit
    if None not in (part["low"], part["high"]):
        return f"{_sign(part['low'], unit)} and {_sign(part['high'], unit)} {name}"
    told = [
        f"{_sign(part[end], unit)} {name}" if part[end] is not None else f"without {END_WORDS[end]} end" for end in ENDS
    ]
    return " and ".join(told)


def _sign(move: float, unit: str) -> str:
    if unit == SHARE:
        return f"{100 * move:+.1f}"
    # Two digits, never in scientific notation.
    rounded = float(f"{move:.2g}") if abs(move) >= LEAST_MOVE else 0.0
    return f"{rounded:+,.0f}" if abs(rounded) >= TWO_DIGITS else f"{rounded:+.2g}"


def _join(words: Sequence[str]) -> str:
    return " and ".join(words)
