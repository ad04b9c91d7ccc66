"""What is searched fast is what `re` and the parser of Markdown find: in every letter, and in drawn texts."""

import re
import sys

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipelines.text.blocks import split_code_from_prose
from pipelines.text.patterns import LinePattern, fold_case

PATTERN = r"[ \t]*(?:- |```)?x+(?:\n\n?y)?$"
LINES = (
    "```", "````", "```py", "``` py x", "  ```", "    ```", "\t```", "```a`b", "`x` is one", "words", " words",
    "words ", "", "  ", "\u3000words", "words\x0b", "> quoted", "- item", "1. item", "# head", "===", "    code", "<b>",
    "~~~", "\0",
)  # fmt: skip


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


@given(st.lists(st.sampled_from(LINES), max_size=9).map("\n".join), st.sampled_from(("", "\n", "\n  ")))
@settings(max_examples=500)
@example("words\n```py\nx\n```", "")
@example("```\nnever closed\n   ", "")
def test_a_text_is_split_at_its_fences_as_the_parser_does(text: str, end: str) -> None:
    """The parser is left out where fenced code is all that a text has."""
    tokens = MarkdownIt("commonmark").parse(text + end)
    code, prose = split_code_from_prose(text + end)

    if all(token.type in ("fence", "paragraph_open", "inline", "paragraph_close") for token in tokens):
        fences = [token for token in tokens if token.type == "fence"]
        assert code == [((token.info.lower().split() or [""])[0], token.content) for token in fences]
        paragraphs = "\n".join(token.content for token in tokens if token.type == "inline")
        assert prose == paragraphs if fences else prose.split() == paragraphs.split()
