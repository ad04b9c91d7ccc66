"""What a page says, apart from where it is said: the pages draw it in the browser, the report writes it to a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.charts.marks import Spec

Row = Mapping[str, Any]
KEYS = ("family_id", "channel_kind", "channel_role", "segment", "statistic", "window")
"""The columns that together name one published figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart or a table with all that must stand beside it. Titles and subtitles are Markdown: names in them must be
    made safe."""

    name: str
    """Unique on its page; part of keys and of the names of files."""
    title: str
    """The finding, in words made from the rows."""
    subtitle: str
    """Measure, unit and window; what marks mean."""
    chart: Spec | None
    rows: Sequence[Row]
    """What is drawn, as it was published: for the table below it and for downloads."""
    metric: str
    """The metric whose definition stands behind the info mark."""
    source: str
    alt: str = ""
    """The finding for those who do not see the chart."""
    shown: Sequence[Row] = field(default=())
    """Drawn as a table where there is no chart: rows of words; a column of `tables.LINKS` holds links."""

    @property
    def has_receipts(self) -> bool:
        """Whether its rows are published figures, each of which has a receipt."""
        return bool(self.rows) and all(name in self.rows[0] for name in (*KEYS, "state"))


@dataclass(frozen=True, slots=True)
class Words:
    """A heading (`## …`) or a paragraph between figures, as Markdown; small where it only qualifies."""

    text: str
    is_small: bool = False


Part = Figure | Words | tuple[Figure, ...]
"""A tuple stands side by side where there is room."""


@dataclass(frozen=True, slots=True)
class Story:
    """A page: its question, the sentence that answers it, the figure that shows just this, and what supports it."""

    question: str
    answer: str
    parts: Sequence[Part] = ()

    def figures(self) -> list[Figure]:
        """All figures in their order."""
        figures: list[Figure] = []
        for part in self.parts:
            figures += [part] if isinstance(part, Figure) else part if isinstance(part, tuple) else []
        return figures
