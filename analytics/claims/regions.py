"""Places an effect against the smallest one that matters: beyond it, short of it, or undecided.

These are the three regions of Goeman, Solari and Stijnen (2010), by the whole 95 % interval of Student's t.
"""

from scipy import special

from analytics.claims.deciding import JudgedTest
from analytics.statistics.effects import Effect

TAIL = 0.025
"""Probability beyond either end of a 95 % interval."""
SUPPORTED, RULED_OUT, UNDECIDED = "supported", "ruled out", "undecided"


def place_effect(effect: Effect, least: float, direction: int) -> JudgedTest:
    """Places an effect; `direction` is 1 if the claim says higher and -1 if it says lower, `least` is above 0.

    What was not seen counts against either verdict. Each p is the chance of so clear an effect if the true one is just
    the smallest that matters.
    """
    value = direction * effect.value
    short, more = (effect.below, effect.above) if direction > 0 else (effect.above, effect.below)
    p_supported = _compute_upper_tail(value - short - least, effect)
    p_ruled_out = _compute_upper_tail(least - value - more, effect)
    word = SUPPORTED if p_supported < TAIL else RULED_OUT if p_ruled_out < TAIL else UNDECIDED
    is_opposite = _compute_upper_tail(-value - more - least, effect) < TAIL
    return JudgedTest(word, p_supported, p_ruled_out, is_opposite)


def compute_detectable_effect(effect: Effect, least: float, tail: float, power: float) -> float:
    """Computes the true effect that such errors would show to matter with the given power, at one-sided `tail`,
    whatever was not seen (Bloom 1995)."""
    least += effect.below + effect.above
    if effect.error == 0:
        return least
    reach = special.stdtrit(effect.freedom, 1 - tail) + special.stdtrit(effect.freedom, power)
    return least + float(reach) * effect.error


def _compute_upper_tail(gap: float, effect: Effect) -> float:
    """Computes the chance of so large a gap if there is none; a figure counted without error leaves none to chance."""
    if effect.error == 0:
        return 0.0 if gap > 0 else 1.0
    return float(special.stdtr(effect.freedom, -gap / effect.error))
