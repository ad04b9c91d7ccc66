"""Phases of a build: facts first, then the figures of each family, then what compares families, some of it daily."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.engine.definitions import list_receipt_tables
from analytics.engine.models import Model


@dataclass(frozen=True, slots=True)
class Phases:
    """Models by when they are built, each after those that it reads."""

    facts: list[Model]
    """Staging and conformed tables, facts, all that these need, and what rests on no data."""
    families: list[Model]
    """What is made of the facts of one family."""
    covering: list[Model]
    """What the views of families' figures say of the channels, so that no figure is made again for a visit alone."""
    across: list[Model]
    """What compares families."""
    daily: list[Model]
    """What compares families by fits, which take as long if one item is new as if all are."""
    kept: frozenset[str]
    """The tables and views of families that outlast a build: readers, or comparisons, need them."""

    @property
    def shown(self) -> list[Model]:
        """Lists the models of families that are views of what is kept."""
        return [model for model in self.families if model.view and model.table in self.kept]

    def list_tables(self) -> set[str]:
        """Lists all tables and views that a build leaves."""
        return {model.table for model in (*self.facts, *self.covering, *self.across, *self.daily)} | self.kept


def split_phases(models: Sequence[Model]) -> Phases:
    """Splits models, each of which comes after those that it reads, by when they are built."""
    across, daily = _find_made(models, "across", "daily"), _find_made(models, "daily")
    plain = _find_plain(models)
    facts = {model.table for model in models if model.table in plain or _is_fact(model)}
    for model in reversed(models):
        if model.table in facts:
            facts |= model.needs
    read = frozenset[str]().union(*(model.needs for model in models if model.table in across))
    kept = read | list_receipt_tables(models)
    families = [model for model in models if model.table not in facts | across]
    said = frozenset[str]().union(*(model.needs for model in families)) & across
    return Phases(
        [model for model in models if model.table in facts],
        families,
        [model for model in models if model.table in said],
        [model for model in models if model.table in across - said - daily],
        [model for model in models if model.table in daily],
        frozenset(
            model.table for model in families if model.is_public or model.header.is_published or model.table in kept
        ),
    )


def _find_made(models: Sequence[Model], *phases: str) -> set[str]:
    """Finds the tables of these phases, and what is made of them."""
    made = set[str]()
    for model in models:
        if model.header.phase in phases or not made.isdisjoint(model.reads):
            made.add(model.table)
    return made


def _is_fact(model: Model) -> bool:
    return model.header.phase == "facts" or (model.layer != "metrics" and not model.header.phase)


def _find_plain(models: Sequence[Model]) -> set[str]:
    """Finds the metrics' own tables that are made of files, and of tables like them, alone."""
    plain = set[str]()
    for model in models:
        if model.layer == "metrics" and model.needs <= plain:
            plain.add(model.table)
    return plain
