"""The content of a page, wherever it is shown: pages draw it in the browser, the report writes it to a
file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dashboards.charts.marks import Spec
from dashboards.metric_row import Row
from warehouse.wording import GAP

KEYS = ("family_id", "channel_kind", "channel_role", "segment", "statistic", "window")
"""The columns that together identify one published figure."""
HEADLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*(?P<more>(?:[^:;.]|[:;.](?=\S))*)")
"""The finding with which an answer begins, to the end of the clause that its bold words are in."""
CLAUSE_END = re.compile(r"[:;.](?:\s|$)")
PERCENT = re.compile(r"(?<=\d) (?=%)")
MOST_WORDS = 10
"""Words of a headline without bold words; a longer one ends with its first clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart or a table with all that belongs beside it. Titles and subtitles are Markdown: names in them must be
    escaped."""

    name: str
    """Unique on its page; part of keys and file names."""
    title: str
    """The finding, worded from the rows."""
    subtitle: str
    """Measure, unit and window."""
    rows: Sequence[Row]
    """The rows drawn, as published, for the table below the figure and for downloads."""
    metric: str
    """The metric whose definition the info mark shows."""
    source: str
    chart: Spec | None = None
    alt: str = ""
    """The finding for readers who do not see the chart."""
    shown: Sequence[Row] = field(default=())
    """The rows drawn as a table if there is no chart; columns in `tables.LINKS` hold links."""
    is_list: bool = False
    """Whether `shown` are names (`what`) with words (`is`) and links (`link`), drawn as a list; nothing is escaped."""

    behind: Sequence[Row] = ()
    """Further rows with states and coverage that it rests on; the freshness counts them."""
    how: str = ""
    """How its marks are read and what to keep in mind; behind the info mark, and in pictures and the report below."""

    def __post_init__(self) -> None:
        """Keeps a number and its percent sign on one line."""
        for name in ("subtitle", "how"):
            object.__setattr__(self, name, PERCENT.sub(GAP, getattr(self, name)))

    @property
    def measure(self) -> str:
        """Returns the subtitle with all that its info mark says, for places without one."""
        return f"{self.subtitle} {self.how}".strip()

    @property
    def is_blank(self) -> bool:
        """Returns whether it has no mark, row or line to show."""
        return not (self.chart or self.shown or self.is_list)

    @property
    def has_receipts(self) -> bool:
        """Returns whether its rows are published figures, each of which has a receipt."""
        return bool(self.rows) and all(name in self.rows[0] for name in (*KEYS, "state"))


@dataclass(frozen=True, slots=True)
class Words:
    """A heading (`## …`) or a paragraph between figures, as Markdown; small if it only qualifies."""

    text: str
    is_small: bool = False

    @property
    def is_heading(self) -> bool:
        """Returns whether it is only the heading of what follows."""
        return self.text.startswith("## ") and "\n" not in self.text


Part = Figure | Words | tuple[Figure | list[Figure], ...]
"""A part of a page; the figures of a tuple stand side by side if they fit, those of a list in it one below the other
in a narrow column."""


def list_figures(part: Part) -> list[Figure]:
    if isinstance(part, Words):
        return []
    items = part if isinstance(part, tuple) else (part,)
    return [figure for item in items for figure in (item if isinstance(item, list) else [item])]


def drop_blank(parts: Sequence[Part]) -> list[Part]:
    """Drops figures that have nothing to show, and headings that are left with no figure."""
    kept: list[Part] = []
    for part in reversed(parts):
        if isinstance(part, Words):
            if not part.is_heading or (kept and not (isinstance(kept[-1], Words) and kept[-1].is_heading)):
                kept.append(part)
        elif isinstance(part, Figure):
            kept += [] if part.is_blank else [part]
        elif left := tuple(item for item in map(_drop_blank_of, part) if item):
            (only, *others) = left
            # A narrow column alone gets the whole width.
            kept.append(left if others else tuple(only) if isinstance(only, list) else only)
    return kept[::-1]


def _drop_blank_of(item: Figure | list[Figure]) -> Figure | list[Figure]:
    left = [figure for figure in list_figures((item,)) if not figure.is_blank]
    return left if isinstance(item, list) else next(iter(left), [])


# Without slots, so that a story that is kept for all readers lists its parts once.
@dataclass(frozen=True)
class Story:
    """A page: its question, the answer, and the parts that support it."""

    question: str
    answer: str
    parts: Sequence[Part] = ()

    @cached_property
    def filled(self) -> list[Part]:
        """Returns the parts that have something to show."""
        return drop_blank(self.parts)

    def figures(self) -> list[Figure]:
        return [figure for part in self.parts for figure in list_figures(part)]

    @cached_property
    def doubted(self) -> list[Row]:
        """Returns the rows whose states and coverage the freshness of the page counts."""
        return [row for figure in self.figures() for row in (*figure.rows, *figure.behind)]


def split_answer(answer: str) -> tuple[str, str]:
    """Splits an answer into its headline and what follows. One without bold words is a headline to the end of its first
    paragraph or, if that is long, of its first clause."""
    found = HEADLINE.match(answer)
    if not found:
        first, _, rest = answer.partition("\n\n")
        if len(first.split()) <= MOST_WORDS:
            return first.removesuffix("."), rest
        head = CLAUSE_END.split(first)[0]
        more = first.removeprefix(head).lstrip(":;. ")
        return head, f"{more[:1].upper()}{more[1:]} {rest}".strip()
    # A stop within the bold words ends the headline, too.
    more = "" if found["bold"].endswith(".") else found["more"]
    rest = answer[found.end("bold") + 2 + len(more) :].lstrip(":;. \n")
    return f"{found['bold'].removesuffix('.')}{more}".strip(), rest[:1].upper() + rest[1:]
