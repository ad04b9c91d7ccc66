"""The standard library's parser of HTML, without the one error that it raises on broken mark-up."""

from html.parser import HTMLParser


class TolerantParser(HTMLParser):
    """Parses any text: what begins like a marked section and is none (`<![>`) counts as a comment, as in browsers."""

    def read(self, text: str) -> None:
        """Reads a whole text."""
        whole, end, rest = text.rpartition(">")
        # No tag ends after the last `>`, yet the parser would search for an end at each `<` there, in quadratic time.
        self.feed(whole + end + rest.replace("<", " "))
        self.close()

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Returns the position after the section that begins at `i`; -1 if it is not closed yet."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i, report)
