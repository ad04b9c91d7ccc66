"""What the steps of random sequences are drawn from."""

from hypothesis import strategies as st

from tests.faults.toy import ENDS, PACKAGES

NUMBERS = st.integers(0, 200)
ENDINGS = st.dictionaries(st.sampled_from(PACKAGES), st.tuples(st.integers(0, 3), st.sampled_from(sorted(ENDS))))
"""Which visits end early: after how many pages, and how."""


def any_fault(kinds: tuple[str, ...]) -> st.SearchStrategy[tuple[str, int, int] | None]:
    """Draws which fault waits, at which step, and at which call of it; or none."""
    return st.none() | st.tuples(st.sampled_from(kinds), st.integers(0, 99), st.integers(1, 4))
