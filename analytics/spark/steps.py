"""Cuts a query at the steps (`with … as`) that it reads several times: engines that read Spark's SQL compute a step
each time that it is read, and again for each step that reads it, where DuckDB computes it once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

_COSTLY = (exp.Join, exp.Group, exp.Distinct, exp.Window, exp.SetOperation, exp.AggFunc)
"""What makes a step dear; one that only picks rows and columns of a table is as cheap as reading what it made."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A query whose rows are kept under a name for those that follow; the last one has no name."""

    name: str
    query: exp.Expression


def cut_steps(tree: exp.Query, prefix: str) -> list[Cut]:
    """Cuts a carried query: each piece reads tables, and the kept rows of pieces before it, whose names begin so."""
    steps = tree.args.get("with_")
    if steps is None or steps.recursive:
        return [Cut("", tree)]
    lifted = {step.alias: step.this for step in _lift_steps(tree)}
    reads = {name: _count_reads(query) for name, query in (lifted | {"": tree}).items()}
    times = sum(reads.values(), Counter[str]())
    dear, kept = set[str](), set[str]()
    for name, query in lifted.items():
        if query.find(*_COSTLY) or dear & reads[name].keys():
            if times[name] > 1 and _can_be_kept(query) and reads[name]:
                kept.add(name)
            else:
                dear.add(name)
    return [
        Cut(f"{prefix}{name}" if name else "", _write_piece(query, lifted, kept, prefix))
        for name, query in (lifted | {"": tree}).items() if name in kept or not name
    ]  # fmt: skip


def _lift_steps(query: exp.Expression) -> Iterator[exp.CTE]:
    """Lifts the steps of steps to one level, each after those that it reads; carrying gave each a name of its own."""
    steps = query.args.get("with_")
    if steps is None:
        return
    query.set("with_", None)
    for step in steps.expressions:
        yield from _lift_steps(step.this)
        yield step


def _count_reads(query: exp.Expression) -> Counter[str]:
    return Counter(table.name for table in query.find_all(exp.Table))


def _can_be_kept(query: exp.Expression) -> bool:
    """Tells whether a file can hold the columns: one of nulls alone has no type."""
    return isinstance(query, exp.SetOperation) or not any(
        isinstance(item.unalias(), exp.Null) for item in query.expressions
    )


def _write_piece(
    query: exp.Expression, lifted: dict[str, exp.Expression], kept: set[str], prefix: str
) -> exp.Expression:
    """Writes a piece with the steps that it needs of those that are not kept."""
    needed, found = [query], list[str]()
    while needed:
        for name in _count_reads(needed.pop()):
            if name in lifted and name not in kept and name not in found:
                found.append(name)
                needed.append(lifted[name])
    piece = query.copy()
    steps = [exp.CTE(this=step.copy(), alias=exp.TableAlias(this=exp.to_identifier(name)))
             for name, step in lifted.items() if name in found]  # fmt: skip
    if steps:
        piece.set("with_", exp.With(expressions=steps))
    for table in piece.find_all(exp.Table):
        if table.name in kept:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(f"{prefix}{table.name}"))
    return piece
