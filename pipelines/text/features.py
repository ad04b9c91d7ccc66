"""Counts features of a text; the text itself is never stored.

What counts them is loaded with the first text: most visits bring none, and most commands read none.
"""

READER_VERSION = 9
"""Version of the rules; raised whenever they would count the same text differently."""
Features = dict[str, int | bool | str | None]
LONGEST = 100_000
"""Maximum number of characters read of a text; GitHub itself allows 65,536."""


def count_features(markdown: object) -> Features:
    """Counts words in Markdown, and detects thanks, solutions and the like.

    Quotations and HTML comments are dropped. Detected features are None for an empty text. Each character of Chinese
    or Japanese counts as one word.
    """
    from pipelines.text.counting import count_in_markdown

    text = markdown[:LONGEST] if isinstance(markdown, str) else ""
    return {**count_in_markdown(text), "reader_version": READER_VERSION}


def count_features_of_parts(code: list[tuple[str, str]], inline: list[str], plain: str) -> Features:
    """Counts features as `count_features` does, in blocks of code with their language, inline code and plain text."""
    from pipelines.text.counting import count_in_parts

    return {**count_in_parts(code, inline, plain), "reader_version": READER_VERSION}
