"""The header that opens every SQL file: written once, shown on tables, charts and the method page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

REQUIRED = ("question", "grain", "caveats")
USUAL = {"unit": "none", "standard": "none", "version": "1"}
"""What a header means that leaves such a field out."""
FIGURES = "family_id, channel_kind, channel_role, segment, statistic, window"
"""The grain of a metric with a shape."""
WORDS = {
    "published": ("yes",), "stored": ("no",), "phase": ("facts", "families", "across", "daily"), "reads": ("items",),
    "cluster": ("week",), "better": ("high", "low", "none"), "waits": ("answer_waits",),
}  # fmt: skip
"""The words that a field may hold, if it may not hold any."""


class HeaderError(Exception):
    """Error for a missing or wrong header; the message names file and field."""


@dataclass(frozen=True, slots=True)
class Header:
    """Header of a SQL file or Python metric: `whole first: …` is its field `whole_first`, and so on."""

    question: str
    grain: tuple[str, ...]
    unit: str
    standard: str
    caveats: str
    version: int
    first_seen: tuple[str, ...] = ()
    earliest: tuple[str, ...] = ()
    """Columns that keep their smallest value among all rows of a key, whichever row wins."""
    latest: tuple[str, ...] = ()
    """Columns that keep their largest value among all rows of a key, whichever row wins."""
    whole_first: tuple[str, ...] = ()
    """The flags (never null) that decide between two rows of one instant: the row that has them wins, however old."""
    proof: str = ""
    """The tests that fail where the metric is wrong, as `test_file.py::test_name`."""
    items: str = ""
    """A query for what a figure was made of, where the metric's own query is not one; it may read its steps."""
    data: tuple[str, ...] = ()
    """Files of `analytics/` that a Python metric reads, as patterns: if one changes the table is built again."""
    reads: str = ""
    """`items`: a Python metric reads the items of the metrics that its data name, and not their figures."""
    is_published: bool = False
    """True (`published: yes`) for a table that a page or a command reads. Metrics, and what receipts list, always
    are."""
    is_stored: bool = True
    """False (`stored: no`) for a view: its rows are computed when they are read."""
    phase: str = ""
    """When it is built, if not with others of its layer: `facts`, of channels that families share; `families`, of one
    family alone; `across`, of the figures of all; `daily`, likewise, but only if a day has passed or much is new."""
    title: str = ""
    """Name of the measure, in lower case and without its unit."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Its titles by `statistic`, or by `statistic/segment`, if one title does not fit all figures."""
    better: str = ""
    """The end of the scale that is better for somebody who needs support: `high`, `low`, or `none` where neither is."""
    cluster: str = ""
    """`week`: items of one week are alike, but those of neighbouring weeks are not."""
    readings: Mapping[str, str] = field(default_factory=dict)
    """Features of `reading_errors` by statistic, of a share whose property a rule reads in each item."""
    waits: str = ""
    """The table of waits that the `within_…` statistics are shares of."""
    shape: str = ""
    covers: str = ""
    """The subject of `covered_subjects` that says whether there was anything to measure."""
    of: str = ""
    """Plural name of the items that n counts; by default that of `covers`."""
    segments: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    roles: str = ""
    """`together` or `apart` if a family's channels are only taken together or only by role; both by default."""
    together: tuple[str, ...] = ()
    """Segments that exist only for a family's channels of all roles together."""
    gate: str = ""
    features: tuple[str, ...] = ()
    """Inferred fields that the figure rests on; if they are read badly the figure says so."""

    @property
    def comment(self) -> str:
        """Returns the comment on the table."""
        grain = ", ".join(self.grain)
        facts = f"One row per {grain}. Unit: {self.unit}. Standard: {self.standard}."
        return f"{self.question} {facts} {self.caveats} Version {self.version}."

    @property
    def readers(self) -> list[tuple[str, str, str]]:
        """Readers of texts that figures rest on, each with their statistic and the beginning of their segment; an empty
        one is any. A statistic has its own (also its class), or that of the metric if none has; and every metric that
        of questions, if it is about a type of them."""
        own = [
            (statistic, "", feature)
            for statistic, reading in self.readings.items()
            for feature in (reading.partition("=")[0], reading)
        ]
        return [*(own or [("", "", feature) for feature in self.features]), ("", "type:", "question_type")]

    def list_readers(self, statistic: str, segment: str) -> list[str]:
        """Lists the readers of texts that comparisons rest on, also that of the class of a type."""
        named = [name for own, start, name in self.readers if own in ("", statistic) and segment.startswith(start)]
        return [*named, segment.replace("type:", "question_type=")] if segment.startswith("type:") else named


KINDS = {item.name.removeprefix("is_").replace("_", " "): item for item in fields(Header)}
"""Fields of a header by the word that opens their line."""


def read_header(path: Path) -> Header:
    """Reads the header of a `.sql` file (comment lines) or of a `.py` metric (its docstring). Raises HeaderError."""
    values = dict(USUAL)
    last = ""
    for line in _read_lines(path):
        match = re.match(r"(\w[\w ]*?): (.*)", line)
        if match and match[1] in KINDS:
            last = match[1]
            values[last] = match[2].strip()
        elif last and line.startswith("  "):
            values[last] += " " + line.strip()
    if "shape" in values:
        values.setdefault("grain", FIGURES)
    for name in REQUIRED:
        if not values.get(name):
            raise HeaderError(f"{path}: the header lacks `{name}:`")
    _check_words(path, values)
    return Header(**{KINDS[name].name: _parse(path, name, text) for name, text in values.items()})


def _parse(path: Path, name: str, text: str) -> Any:
    """Parses the text of a field as the type that the header gives it. Raises HeaderError."""
    kind = KINDS[name].type
    if kind is bool:
        return text == "yes"
    if kind is int:
        return int(text)
    if kind == tuple[str, ...]:
        return _split_names(text)
    return text if kind is str else _parse_titles(path, text)


def _check_words(path: Path, values: Mapping[str, str]) -> None:
    """Refuses a word that a field does not allow. Raises HeaderError."""
    for name, words in WORDS.items():
        if name in values and values[name] not in words:
            raise HeaderError(f"{path}: `{name}: {values[name]}`: use {' or '.join(words)}")


def _parse_titles(path: Path, text: str) -> dict[str, str]:
    """Parses `median = the middle wait; p90 = …` into titles by statistic. Raises HeaderError."""
    titles = {}
    for item in filter(None, (part.strip() for part in text.split(";"))):
        key, equals, title = (word.strip() for word in item.partition("="))
        if not (key and equals and title):
            raise HeaderError(f"{path}: `titles: {item}`: write `statistic = title`")
        titles[key] = title
    return titles


def _read_lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        match = re.match(r'\s*"""(.*?)"""', text, re.DOTALL)
        return match[1].splitlines() if match else []
    head = re.match(r"(--.*\n)+", text)
    return [re.sub(r"^-- ?", "", line) for line in head[0].splitlines()] if head else []


def _split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
