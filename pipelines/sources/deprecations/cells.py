"""Reads the cells of tables: names of models, endpoints and features, and their replacements."""

import re
from typing import Literal

from pipelines.markup.dates import strip_footnotes
from pipelines.text.values import clean_line

Subject = Literal["model", "alias", "endpoint", "feature"]
"""An alias is a second name of a model that has a notice of its own."""

_CODE = re.compile(r"`([^`]+)`")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_BETWEEN = re.compile(r"(?:\||,|;|&|\band\b|\bor\b)\s*|(?:^|\s)/(?:\s+|$)")
"""A slash separates names only between spaces: `a/b` is one name."""
_ID = re.compile(r"[A-Za-z0-9][\w.:@/+-]*")
_ENDPOINT = re.compile(r"(?:^|\s)/?v\d+(?:beta\d?)?/|^/|\bendpoints?$", re.IGNORECASE)
_FEATURE = re.compile(
    r"\bAPI\b|\bbeta\s*:|\bbeta "
    r"v\d|=|fine-?tun|\btraining\b|\bSDK\b|\bdashboard\b|\bplatform\b|\bplayground\b|\bconnectors?\b|\btools?\b"
    r"|\bparameters?\b|\bheaders?\b|\bapp\b|\bmodule\b|\bBuilder\b",
    re.IGNORECASE,
)
_TUNING = re.compile(r"(?:^|/ )[^,/]*fine-?tun", re.IGNORECASE)
"""A heading about fine-tuning, not one that lists it among other things."""
_NOTHING = re.compile(
    r"(?:-+|n/?a|none|tbd|tba|not available|no (?:direct )?replacement|coming soon)?\.?", re.IGNORECASE
)
_POINTER = re.compile(r"\b(?:guides?|docs|documentation|see|view|contact|migrat\w*|learn)\b", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"\b(?:us(?:e|ing)|instead|see|except|excluding|not|based on|tuned|re-?rout\w*|redirect\w*)\b"
    r"|\b(?:replac|migrat|upgrad|switch|supersed|success|recommend)",
    re.IGNORECASE,
)
"""Words in brackets for another model than that of the cell, as opposed to `a` (including `b`, which points to it)."""
_TAIL = re.compile(r"(?<!\s)(?:\s+(?:with|in|using|via|version:?|on)\s|\s*\().*$", re.DOTALL)
REDIRECT = re.compile(
    r"redirect|re-?rout|\brouted to\b|\bserved by\b|automatically (?:migrat|upgrad|switch|point)", re.IGNORECASE
)
"""Words for a retired name that still answers, as another model."""


def split_names(cell: str) -> list[str]:
    """Splits a cell into its names, without the words around them; a phrase is one name."""
    outside = _IN_BRACKETS.sub(" ", cell)
    codes = _CODE.findall(outside)
    # Code joined by nothing but separators is a list of names. Other words make the cell one phrase.
    if codes and _BETWEEN.sub("", strip_footnotes(_CODE.sub(" ", outside))).strip():
        return _tidy_names([outside])
    inside = [words for words in _IN_BRACKETS.findall(cell) if not _OF_ANOTHER.search(words)]
    if codes := [*codes, *(name for words in inside for name in _CODE.findall(words))]:
        return _tidy_names(codes)
    parts = [part.strip() for part in re.split(r"\||,", strip_footnotes(outside))]
    is_list = len(parts) > 1 and all(_ID.fullmatch(part) for part in parts)
    return _tidy_names(parts if is_list else [strip_footnotes(outside) or strip_footnotes(cell)])


def list_unread_brackets(cell: str) -> list[str]:
    """Lists the brackets whose code is not taken for a name, because their words are about another model."""
    return [words for words in _IN_BRACKETS.findall(cell) if _CODE.search(words) and _OF_ANOTHER.search(words)]


def classify_subject(name: str, section: str = "") -> Subject:
    """Returns whether a name is a model's, an endpoint's or a feature's; `section` is the heading above it."""
    if _ENDPOINT.search(name):
        return "endpoint"
    return "feature" if _FEATURE.search(name) or _TUNING.search(section) else "model"


def split_replacements(cell: str) -> list[str]:
    """Splits a cell into the recommended replacements, in the page's order, without pointers to guides."""
    text = _TAIL.sub("", cell) if not _CODE.match(cell.strip()) else cell
    names = _split_codes(text) or [_TAIL.sub("", part.strip()) for part in _BETWEEN.split(strip_footnotes(text))]
    return [name for name in _tidy_names(names) if not _NOTHING.fullmatch(name) and not _POINTER.search(name)]


def _split_codes(text: str) -> list[str]:
    """Splits off the leading code of a cell: `a` and `b` of "`a` or `b`", but only `a` of "`a` with `low` effort"."""
    codes: list[str] = []
    for number, part in enumerate(_CODE.split(text)):
        if number % 2:
            codes.append(part)
        elif codes and _BETWEEN.sub("", strip_footnotes(part)).strip():
            break
    return codes


def _tidy_names(names: list[str]) -> list[str]:
    tidied = [clean_line(strip_footnotes(name), 120).strip(" .,;") for name in names]
    return list(dict.fromkeys(name for name in tidied if name))
