"""What is searched fast is what `re` finds: in every letter, and in drawn texts."""

import re
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.patterns import LinePattern, fold_case

PATTERN = r"[ \t]*(?:- |```)?x+(?:\n\n?y)?$"


def test_a_letter_is_folded_to_what_it_matches_where_case_is_ignored() -> None:
    """In every character of Unicode: three of them match i and s without being their capital letters."""
    letters = re.compile("[a-z]", re.IGNORECASE)
    every = "".join(map(chr, range(sys.maxunicode + 1)))

    assert len(fold_case(every)) == len(every)
    assert {one for one in every if "a" <= fold_case(one) <= "z"} == set(letters.findall(every))
    assert all(re.fullmatch(fold_case(one), one, re.IGNORECASE) for one in letters.findall(every))


@given(st.text(st.sampled_from(" \t-`xy\n"), max_size=30))
@settings(max_examples=300)
def test_a_line_begins_with_a_pattern_where_re_says_so(text: str) -> None:
    """Also at the end of the text, and beyond the line."""
    found = re.search(f"^(?:{PATTERN})", text, re.MULTILINE)
    assert LinePattern(PATTERN, re.MULTILINE).is_in(text) == (found is not None)
