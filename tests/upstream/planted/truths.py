"""What is planted for each claim, and the figures of the two sides by which it comes about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """The verdict that the board must reach, and why the world gives it."""

    claim: str
    verdict: str
    because: str


TRUTHS = (
    Truth("h1", "holds", "for models of like kind hosts of open families ask an eighth"),
    Truth(
        "h2",
        "holds",
        "open families are asked more about getting it to run, and fewer are helped with it; half of them have like "
        "places on the other side, and that is enough",
    ),
    Truth("h3", "holds", "of four derived models of the open families three are tuned, adapted or merged"),
    Truth("h4", "cannot be observed", "questions for like use cannot be counted"),
    Truth(
        "h5",
        "mixed",
        "many people answer, but strangers make half of the fixes, few in some open families and most in others",
    ),
    Truth("h6", "holds", "proprietary trackers answer and help more, and no robot closes there what nobody read"),
    Truth("h7", "refuted", "answers in proprietary families hold more code"),
)


@dataclass(frozen=True, slots=True)
class Side:
    """The figures of one side; families differ from them as `spread` says."""

    price: float
    """USD for a million tokens read, of the middle model (H1)."""
    controls: int
    """Controls that a request takes, of those that anybody takes (H3)."""
    setup: float
    """Share of questions about getting it to run (H2)."""
    answered: float
    """Share of questions that are ever answered (H6)."""
    fast: float
    """Share of answers that come within hours (H6)."""
    slow_hours: float
    closed: float
    """Share of questions that people close; a robot closes the rest where there is one (H6)."""
    stale_days: int
    """After so many days without a word a robot closes; 0 is never (H6)."""
    confirms: float
    """Share of the askers' replies that say it works (H6)."""
    code: float
    """Shares of answers with code, with a reference to source, deep ones, and mere brush-offs (H7)."""
    source: float
    deep: float
    deflects: float


OPEN = Side(
    price=0.25, controls=12, setup=0.5, answered=0.74, fast=0.5, slow_hours=120, closed=0.56, stale_days=30,
    confirms=0.25, code=0.1, source=0.1, deep=0.04, deflects=0.18,
)  # fmt: skip
PROPRIETARY = Side(
    price=2.0, controls=7, setup=0.3, answered=0.94, fast=0.75, slow_hours=60, closed=0.8, stale_days=0,
    confirms=0.75, code=0.2, source=0.22, deep=0.14, deflects=0.06,
)  # fmt: skip
BETWEEN = Side(
    price=1.0, controls=9, setup=0.35, answered=0.8, fast=0.55, slow_hours=90, closed=0.65, stale_days=60,
    confirms=0.4, code=0.2, source=0.2, deep=0.1, deflects=0.1,
)  # fmt: skip
"""Hosts, and places that all families share."""
SPREAD = 0.25
"""How far families stray from their side, on the scale of log odds."""
