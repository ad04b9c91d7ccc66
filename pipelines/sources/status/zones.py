"""Reads the abbreviated time zones of the posts in Statuspage's feeds as offsets."""

import re
from datetime import timedelta

_HOURS: dict[str, tuple[float, ...]] = {
    "UTC": (0,), "GMT": (0,), "Z": (0,), "WET": (0,), "WEST": (1,), "CET": (1,), "CEST": (2,), "EET": (2,),
    "EEST": (3,), "MSK": (3,), "SAST": (2,), "IDT": (3,),
    "PST": (-8,), "PDT": (-7,), "MST": (-7,), "MDT": (-6,), "CDT": (-5,), "EST": (-5,), "EDT": (-4,), "ADT": (-3,),
    "NST": (-3.5,), "NDT": (-2.5,), "AKST": (-9,), "AKDT": (-8,), "HST": (-10,), "BRT": (-3,),
    "JST": (9,), "KST": (9,), "SGT": (8,), "HKT": (8,), "WIB": (7,), "PKT": (5,), "AWST": (8,), "ACST": (9.5,),
    "ACDT": (10.5,), "AEST": (10,), "AEDT": (11,), "NZST": (12,), "NZDT": (13,),
    "CST": (-6, 8), "IST": (5.5, 1, 2), "BST": (1, 6), "AST": (-4, 3),
}  # fmt: skip
"""Hours ahead of UTC; of an abbreviation that several places use, each of theirs."""
PATTERN = r"(?:(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?|[A-Z]{1,5})(?![\w:+-])"
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?")


def read_offsets(word: str) -> tuple[timedelta, ...]:
    """Reads the offsets that a zone's word may mean: one for `PDT` or `GMT+2`, several for `CST`, else none."""
    if match := _OFFSET.fullmatch(word):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        # No place is further from UTC.
        return (-offset if match[1] == "-" else offset,) if offset <= timedelta(hours=14) else ()
    return tuple(timedelta(hours=hours) for hours in _HOURS.get(word, ()))
