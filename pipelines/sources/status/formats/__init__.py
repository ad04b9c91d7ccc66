"""The forms of status pages, by the name that a channel gives as its `format`: one file each."""

from contextlib import suppress

from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, SourceError
from pipelines.http.items import SHAPE_ERRORS
from pipelines.sources.status.formats import (
    atom,
    aws,
    betterstack,
    datadog,
    flashduty,
    google,
    incidentio,
    statuspage,
    xai,
)
from pipelines.sources.status.pages import Shape, StatusFormat, get_content_type

LOOKED_AT = 200_000
"""Characters of a page that are searched for signs of its platform."""
FORMATS: dict[str, StatusFormat] = {
    "atom": atom.FORMAT,
    "aws": aws.FORMAT,
    "betterstack": betterstack.FORMAT,
    "datadog": datadog.FORMAT,
    "flashduty": flashduty.FORMAT,
    "google": google.FORMAT,
    "incidentio": incidentio.FORMAT,
    "statuspage": statuspage.FORMAT,
    "xai": xai.FORMAT,
}


def refuse_others(answer: Answer, expected: str) -> None:
    """Raises Fatal if an answer certainly comes from another platform, and says which format to set."""
    names = looks_like(answer)
    if names and not names & {expected, *FORMATS[expected].kin}:
        name = min(names)
        advice = f"this looks like a page of {FORMATS[name].platform}: set format = '{name}'"
        raise Fatal(f"{redact_url(answer.url)}: no longer a page of {FORMATS[expected].platform}; {advice}")


def looks_like(answer: Answer) -> set[str]:
    """Returns the formats that certainly fit an answer; empty if nothing is certain."""
    text = answer.content[:LOOKED_AT].decode("utf-8", "replace")
    if get_content_type(answer) == "text/html":
        return {name for name, form in FORMATS.items() if any(mark in text for mark in form.html_marks)}
    data = None
    if text.lstrip("\ufeff \t\r\n")[:1] in ("[", "{"):
        with suppress(SourceError):  # broken JSON is reported by the reader that needs it
            data = answer.json()
    shape = Shape(data, text)
    return {name for name, form in FORMATS.items() if _recognises(form, shape)}


def _recognises(form: StatusFormat, shape: Shape) -> bool:
    with suppress(*SHAPE_ERRORS):  # what holds a value of another type there is not certainly of this format
        return form.recognise(shape)
    return False
