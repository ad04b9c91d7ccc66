"""Figures apart from what visits say of them: two tables for each metric, so that a visit that brought nothing makes no
figure anew.

`metrics.x__figures` holds what the metric's own query gives, and `metrics.x` shows it with coverage, as-of time and
notes. The second is all that anybody else reads; it is made anew when figures or the coverage of its subject change.
Of tables that many subjects share, both read a part with the rows of their own subject only (`metrics.x__response`),
which stays as it was if another subject changed. The statement as a whole is what a receipt repeats.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from analytics.engine.models import Model
from analytics.engine.shapes import CHAINS, render_figures, render_showing
from analytics.engine.visits import find_tables

COVERAGE = "metrics.channel_coverage"
SHARED = re.compile(r"\bmetrics\.(?:survival_(?:durations|shares|summary|totals)|competing_shares|rate_limits)\b")
"""Tables of waits and rates, with the rows of all subjects."""
KEYS = {"metrics.rate_limits": "rate"}
"""The column that names the subject of a row, where it is not called `subject`."""


class Part(Enum):
    """Part of a metric that a step makes."""

    WHOLE = "the whole table"
    FIGURES = "its figures"
    SUBJECT = "the rows of its subject in a table that others share"
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
    made: set[str] = set()
    return [step for model in models for step in _split_model(model, made)]


def _split_model(model: Model, made: set[str]) -> Iterator[Step]:
    header = model.header
    if header.shape not in CHAINS:
        yield Step(model, Part.WHOLE, model.table)
        return
    query = render_figures(model.query, header)
    figures, subjects = f"{model.table}__figures", _find_subjects(query)
    for table, subject in ({COVERAGE: header.covers} | subjects).items():
        part = _name_part(table, subject)
        if part not in made:
            made.add(part)
            rows = f"select * from {table} where {_name_key(table)} = '{subject}'"
            yield Step(_make_part(model, part, rows), Part.SUBJECT, table)
    split = SHARED.sub(lambda match: _name_part(match[0], subjects.get(match[0], "")), query)
    yield Step(replace(_make_part(model, figures, split), by=model.by), Part.FIGURES, model.table)
    shown = render_showing(figures, query, header).replace(COVERAGE, _name_part(COVERAGE, header.covers))
    yield Step(replace(_make_part(model, model.table, shown), is_public=model.is_public), Part.SHOWN, model.table)


def _find_subjects(query: str) -> dict[str, str]:
    """Finds of which single subject a query takes the rows of tables that many share."""
    found = {table: set(re.findall(rf"\b{_name_key(table)} = '(\w+)'", query)) for table in SHARED.findall(query)}
    return {table: names.pop() for table, names in sorted(found.items()) if len(names) == 1}


def _name_key(table: str) -> str:
    return KEYS.get(table, "subject")


def _name_part(table: str, subject: str) -> str:
    return f"{table}__{subject}" if subject else table


def _make_part(model: Model, table: str, text: str) -> Model:
    """Makes the model of a part: what many subjects share, and what is shown, is made by family."""
    return replace(model, table=table, text=text, reads=find_tables(text) - {table}, is_public=False, by="family")
