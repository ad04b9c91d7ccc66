"""Statements of the brief, each with the page that shows it in full."""

import re
from dataclasses import dataclass
from html import escape

from dashboards.frame.view import View
from dashboards.metric_row import Row

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
MARKS = re.compile(r"[\\`*_\[\]|~#$]|(?<=\w):(?=//)|@|(?i:www)(?=\.)")
"""Characters that Markdown could read as more than text, and those by which readers recognize a bare address."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in Markdown, the address of the page that shows it in full, and the command that traces its figure."""

    text: str
    page: str = ""
    receipt: str = ""
    """Empty where the sentence rests on no single published figure."""


def escape_plain(text: object) -> str:
    """Escapes text from elsewhere for Markdown by character references, so that it also reads well where it is not
    rendered."""
    flat = escape(CONTROLS.sub(" ", str(text)), quote=False)
    return MARKS.sub(lambda mark: "".join(f"&#{ord(letter)};" for letter in mark[0]), flat)


def quote_model(name: object) -> str:
    """Quotes a model's id as code, in which nothing is markup."""
    return f"`{CONTROLS.sub(' ', str(name)).replace('`', chr(39)).strip() or '?'}`"


def name_family(page: View, row: Row) -> str:
    """Names the family of a row, escaped for Markdown."""
    return escape_plain(page.titles.get(row["family_id"], row["family_id"]))
