"""`python -m analytics.engine.rebuilds`: what one changed row of each source can make anew, as the statements say.

A bound from above: a build stops where a table comes out with the rows that it had. What coverage tells of figures is
left out, since it makes none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics.engine.models import Model, read_models
from analytics.engine.splitting import COVERAGE, Part, Step, split_models


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What one changed row of a stream can make anew."""

    source: str
    stream: str
    tables: frozenset[str]
    """All tables, but for those that only show figures."""
    metrics: frozenset[str]
    """Those of them that hold figures of metrics."""


def list_rebuilds(models: Sequence[Model]) -> list[Rebuild]:
    """Lists what a change of each stream can make anew, by source and stream."""
    steps = split_models(models)
    streams = sorted(model.path.stem for model in models if model.layer == "staging")
    return [_make_rebuild(steps, *stream.split("__", 1)) for stream in streams]


def _make_rebuild(steps: Sequence[Step], source: str, stream: str) -> Rebuild:
    reached = {f"raw.{source}__{stream}"}
    tables, metrics = set[str](), set[str]()
    # Each step comes after all that it reads.
    for step in steps:
        if (step.name == COVERAGE and step.part is Part.SUBJECT) or not step.model.reads & reached:
            continue
        reached.add(step.model.table)
        if step.part is not Part.SHOWN:
            tables.add(step.name)
        if step.part is Part.FIGURES:
            metrics.add(step.name)
    return Rebuild(source, stream, frozenset(tables), frozenset(metrics))


def describe_rebuilds(rebuilds: Iterable[Rebuild]) -> str:
    """Describes them as a table, a line for each stream."""
    lines = [f"{'source':<14} {'stream':<20} {'tables':>6} {'metrics':>7}"]
    lines += [f"{one.source:<14} {one.stream:<20} {len(one.tables):>6} {len(one.metrics):>7}" for one in rebuilds]
    return "\n".join(lines)


if __name__ == "__main__":
    print(describe_rebuilds(list_rebuilds(read_models())))
