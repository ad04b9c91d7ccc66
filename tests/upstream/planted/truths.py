"""What is planted for each claim, and the figures of the two sides by which it comes about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """The verdict that the board must reach, and why the world gives it."""

    claim: str
    verdict: str
    because: str


TRUTHS = (
    Truth("h1", "holds", "for models of like kind hosts of open families ask a quarter"),
    Truth(
        "h2",
        "mixed",
        "53 of 100 questions in open families are about getting it to run, against 29; that help with them is rarer "
        "there, so few cannot show",
    ),
    Truth("h3", "holds", "of four derived models of the open families three are tuned, adapted or merged"),
    Truth("h4", "cannot be observed", "questions for like use cannot be counted"),
    Truth(
        "h5",
        "mixed",
        "many people answer, but strangers make about half of the fixes",
    ),
    Truth(
        "h6", "holds", "a fifth more is answered in proprietary trackers, and no robot closes there what nobody read"
    ),
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
    """Share of questions that people close; a robot, if there is one, closes the rest (H6)."""
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
    price=0.4, controls=12, setup=0.53, answered=0.7, fast=0.48, slow_hours=120, closed=0.52, stale_days=30,
    confirms=0.42, code=0.1, source=0.1, deep=0.05, deflects=0.14,
)  # fmt: skip
PROPRIETARY = Side(
    price=1.6, controls=7, setup=0.29, answered=0.85, fast=0.64, slow_hours=70, closed=0.74, stale_days=0,
    confirms=0.5, code=0.17, source=0.17, deep=0.1, deflects=0.08,
)  # fmt: skip
BETWEEN = Side(
    price=1.0, controls=9, setup=0.35, answered=0.8, fast=0.55, slow_hours=90, closed=0.65, stale_days=60,
    confirms=0.4, code=0.2, source=0.2, deep=0.1, deflects=0.1,
)  # fmt: skip
"""Hosts, and places that all families share."""
SPREAD = 0.25
"""How far families stray from their side, on the scale of log odds."""
