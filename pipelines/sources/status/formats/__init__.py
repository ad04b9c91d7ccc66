"""The formats of status pages: one file a format, found by its name, each with a `FORMAT`."""

from contextlib import suppress

from pipelines.formats import discover_formats
from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, SourceError
from pipelines.sources.status.pages import Shape, StatusFormat, kind_of

LOOKED_AT = 200_000
"""Characters of a page that are searched for whose it is."""
FORMATS = discover_formats(__name__, StatusFormat)


def refuse_others(answer: Answer, expected: str) -> None:
    """Raises Fatal where an answer is surely another platform's than the format that is expected, with what to set
    instead."""
    names = looks_like(answer)
    if names and not names & {expected, *FORMATS[expected].kin}:
        name = min(names)
        found = f"this looks like a page of {FORMATS[name].platform}: set format = '{name}'"
        raise Fatal(f"{redact_url(answer.url)}: no longer a page of {FORMATS[expected].platform}; {found}")


def looks_like(answer: Answer) -> set[str]:
    """The formats that an answer surely is of; empty where nothing tells."""
    text = answer.content[:LOOKED_AT].decode("utf-8", "replace")
    if kind_of(answer) == "text/html":
        return {name for name, one in FORMATS.items() if any(mark in text for mark in one.html_marks)}
    data = None
    if text.lstrip("\ufeff \t\r\n")[:1] in ("[", "{"):
        with suppress(SourceError):  # what cannot be read is told by whoever reads it
            data = answer.json()
    shape = Shape(data, text)
    return {name for name, one in FORMATS.items() if one.recognise(shape)}
