"""Figures apart from what visits say of them: two tables for each metric, so that a visit that brought nothing makes no
figure anew.

`metrics.x__figures` holds what the metric's own query gives, and `metrics.x` shows it with coverage, as-of time and
notes. The second is all that anybody else reads; it is made anew when figures or the coverage of its subject change.
Its statement as a whole is what a receipt repeats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from analytics.engine.models import Model
from analytics.engine.shapes import CHAINS, render_figures, render_showing
from analytics.engine.visits import find_tables

COVERAGE = "metrics.channel_coverage"


class Part(Enum):
    """Part of a metric that a step makes."""

    WHOLE = "the whole table"
    FIGURES = "its figures"
    COVERAGE = "the coverage of its subject"
    SHOWN = "what is shown of its figures"


@dataclass(frozen=True, slots=True)
class Step:
    """One table to make, and which part of which metric it is."""

    model: Model
    part: Part
    name: str
    """The table that a reader knows."""


def split_models(models: Sequence[Model]) -> list[Step]:
    """Splits metrics with a shape into their figures and what is shown of them; the order stays right."""
    subjects: set[str] = set()
    return [step for model in models for step in _split_model(model, subjects)]


def _split_model(model: Model, subjects: set[str]) -> Iterator[Step]:
    header = model.header
    if header.shape not in CHAINS:
        yield Step(model, Part.WHOLE, model.table)
        return
    figures, coverage = f"{model.table}__figures", f"{COVERAGE}__{header.covers}"
    if header.covers not in subjects:
        subjects.add(header.covers)
        rows = f"select * from {COVERAGE} where subject = '{header.covers}'"
        yield Step(_make_part(model, coverage, rows), Part.COVERAGE, COVERAGE)
    query = render_figures(model.query, header)
    yield Step(_make_part(model, figures, query), Part.FIGURES, model.table)
    shown = render_showing(figures, query, header).replace(COVERAGE, coverage)
    yield Step(replace(_make_part(model, model.table, shown), is_public=model.is_public), Part.SHOWN, model.table)


def _make_part(model: Model, table: str, text: str) -> Model:
    return replace(model, table=table, text=text, reads=find_tables(text) - {table}, is_public=False)
