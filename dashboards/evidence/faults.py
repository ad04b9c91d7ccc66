"""What a failed or unfinished visit means, in plain words, from what the collector wrote down."""

KINDS = {
    "it may not be read: the page asks collectors to stay away": ("robots.txt",),
    "the source asked to slow down or its allowance is used up; the next visit goes on": (
        "429", "rate_limit", "slow down", "goes on from here",
    ),
    "it is gone: moved, deleted or made private": ("404", "410", "no such repository", "not found", "is gone"),
    "access was refused: the token is missing, wrong or may not read this": ("_token", "401", "403", "denied", "forbidden"),
    "the source could not be reached; it is tried again": ("no address", "no connection", "dns", "unreachable", "connection reset"),
    "the source did not answer in time; it is tried again": ("deadline", "timeout", "timed out"),
    "the source itself failed; it is tried again": ("500", "502", "503", "504", "bad gateway", "unavailable"),
    "the answer was cut off or repeated itself; it is tried again": ("cut off", "not whole", "again and again"),
    "the source has changed how it answers; the collector must be mended": (
        "changed", "not json", "no list", "no atom", "well-formed", "refuses the question",
    ),
    "nothing came where something was expected": ("empty", "nothing in it"),
}  # fmt: skip
"""The more particular ones first."""


def in_words(error: str | None, state: str = "failed") -> str:
    """What went wrong, as somebody who did not write the collector would say it."""
    told = (error or "").lower()
    if not told:
        return "" if state not in ("failed", "partial") else "no reason was written down"
    return next(
        (meaning for meaning, marks in KINDS.items() if any(mark in told for mark in marks)),
        "another fault, told as it was written down",
    )
