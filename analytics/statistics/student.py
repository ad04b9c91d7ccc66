"""Student's distribution for any number of degrees of freedom, also fractions, as Satterthwaite's rule gives them."""

from scipy import special


def compute_student_p(statistic: float, freedom: float) -> float:
    """Computes the two-sided p of a statistic; the freedom may be infinite."""
    return 2 * float(special.stdtr(freedom, -abs(statistic)))


def compute_student_quantile(freedom: float, tail: float = 0.025) -> float:
    """Computes the quantile that Student's t exceeds with the probability `tail`; the freedom may be infinite."""
    return -float(special.stdtrit(freedom, tail))
