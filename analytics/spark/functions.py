"""Carries expressions whose name or meaning differs."""

from collections.abc import Callable

from sqlglot import exp

Carry = Callable[[exp.Expression], exp.Expression]
MICROSECONDS = {
    "MICROSECOND": 1, "MILLISECOND": 1_000, "SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000,
}  # fmt: skip
"""Microseconds of each unit of time that is shorter than a day."""
ISO_WEEK = "%G-W%V"
"""A week of a year by ISO 8601, for which Spark has no pattern."""
_FRACTIONAL = (exp.Div, exp.Sqrt, exp.Pow, exp.Exp, exp.Ln, exp.Cast)
"""What makes a value with a fraction, as far as the text shows."""


def carry_functions(tree: exp.Query) -> exp.Query:
    """Carries each expression of a query, the innermost first."""
    for node in reversed(list(tree.bfs())):
        carry = NAMED.get(node.name.lower()) if isinstance(node, exp.Anonymous) else CARRIED.get(type(node))
        if carry:
            node.replace(carry(node))
    return tree


def _call(name: str, *arguments: exp.Expression | str | int) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[exp.convert(item) if isinstance(item, str | int) else item
                                                 for item in arguments])  # fmt: skip


def _carry_difference(node: exp.Expression) -> exp.Expression:
    """Counts how often a unit of time begins between two instants; Spark would count those that passed."""
    size = MICROSECONDS.get(node.text("unit").upper())
    if size is None:
        return node
    later, earlier = (_count_units(node.args[name], size) for name in ("this", "expression"))
    return exp.paren(exp.Sub(this=later, expression=earlier))


def _count_units(instant: exp.Expression, size: int) -> exp.Expression:
    micros = _call("unix_micros", instant.copy())
    return micros if size == 1 else exp.func("floor", exp.Div(this=micros, expression=exp.Literal.number(size)))


def _carry_hash(node: exp.Expression) -> exp.Expression:
    """Hashes to 64 bits; a null is a text that nothing else is, since Spark would pass over it."""
    texts = [exp.Coalesce(this=exp.cast(part, "string"), expressions=[exp.Literal.string("\x00")])
             for part in node.expressions]  # fmt: skip
    return _call("xxhash64", *texts)


def _carry_division(node: exp.Expression) -> exp.Expression:
    """Gives null for a division by zero: DuckDB gives infinity, which no figure shows, and Spark an error."""
    divisor = node.expression
    if isinstance(divisor.unnest(), exp.Literal) or isinstance(divisor, exp.Nullif):
        return node
    return exp.Div(this=node.this, expression=exp.Nullif(this=divisor.unnest(), expression=exp.Literal.number(0)))


def _carry_number(node: exp.Expression) -> exp.Expression:
    """Reads a number with a fraction as a double: Spark's decimals round."""
    if node.is_string or not set(node.name) & set(".eE") or isinstance(node.parent, exp.Cast):
        return node
    return exp.cast(exp.Literal.number(node.name), "double")


def _carry_choice(node: exp.Expression) -> exp.Expression:
    """Gives whole numbers a fraction where another branch has one: Sail's choice has the type of the first branch."""
    branches = [branch for branch in (*(item.args["true"] for item in node.args.get("ifs") or [node]),
                                      node.args.get("default") or node.args.get("false")) if branch]  # fmt: skip
    if any(branch.find(*_FRACTIONAL) for branch in branches):
        for branch in branches:
            if isinstance(branch, exp.Literal) and branch.is_int:
                branch.replace(exp.cast(exp.Literal.number(branch.name), "double"))
    return node


def _carry_extreme(node: exp.Expression) -> exp.Expression:
    """Passes over nulls, as DuckDB does where it looks up what stands beside the smallest or largest value."""
    is_there = exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null()))
    kept = node.parent
    if isinstance(kept, exp.Filter):
        kept.expression.set("this", exp.and_(kept.expression.this.copy(), is_there))
        return node
    if isinstance(kept, exp.Window):
        return node
    return exp.Filter(this=node.copy(), expression=exp.Where(this=is_there))


def _carry_window(node: exp.Expression) -> exp.Expression:
    """Moves the condition of an aggregate over a window into its argument, as Sail does not know it there; ends the
    name of a window that something follows, as Spark takes a minus for a part of it."""
    kept = node.this
    if isinstance(kept, exp.Filter):
        counted, condition = kept.this, kept.expression.this
        value = exp.Literal.number(1) if isinstance(counted.this, exp.Star) else counted.this
        counted.set("this", exp.Case().when(condition.copy(), value.copy()))
        node.set("this", counted)
    return exp.paren(node) if node.alias and isinstance(node.parent, exp.Binary) else node


def _carry_place(node: exp.Expression) -> exp.Expression:
    """Takes an item of a list, or a part of it: DuckDB counts from one, and gives null beyond the end."""
    place = node.expressions[0]
    if isinstance(place, exp.Slice):
        start = place.this or exp.Literal.number(1)
        length = exp.Add(this=exp.Sub(this=exp.paren(place.expression.copy()), expression=exp.paren(start.copy())),
                         expression=exp.Literal.number(1))  # fmt: skip
        return _call("slice", node.this, start, length)
    # The reader counts places that are numbers from zero, and leaves others as they are.
    counted = exp.Literal.number(int(place.name) + 1) if place.is_int else place
    return _call("try_element_at", node.this, counted)


def _carry_pattern(node: exp.Expression) -> exp.Expression:
    """Writes a date as DuckDB does, and a week of ISO's year from its Thursday."""
    if node.text("format") != ISO_WEEK:
        node.set("format", exp.Literal.string(node.text("format").replace("%x", "%Y-%m-%d")))
        return node
    day = exp.cast(node.this.copy(), "date")
    # Sail's `weekday` counts a Sunday before the week.
    since_monday = _call("mod", exp.Add(this=_call("dayofweek", day), expression=exp.Literal.number(5)), 7)
    thursday = _call("date_add", day.copy(), exp.Sub(this=exp.Literal.number(3), expression=since_monday))
    week = _call("lpad", exp.cast(_call("weekofyear", day.copy()), "string"), 2, "0")
    return _call("concat", exp.cast(_call("year", thursday), "string"), "-W", week)


def _carry_range(node: exp.Expression) -> exp.Expression:
    """Counts from one number to another without it; Spark's `sequence` includes the end, and would count down."""
    first, end = node.args["start"], node.args["end"]
    if not node.args.get("is_end_exclusive"):
        return node
    last = _call("greatest", first.copy(), exp.Sub(this=exp.paren(end.copy()), expression=exp.Literal.number(1)))
    length = exp.Sub(this=exp.paren(end.copy()), expression=exp.paren(first.copy()))
    return _call("slice", _call("sequence", first.copy(), last), 1, _call("greatest", 0, length))


def _carry_split(node: exp.Expression) -> exp.Expression:
    """Splits at letters that mean themselves, where Spark splits at a pattern."""
    letters = node.expression
    if letters.is_string and letters.name.strip("abcdefghijklmnopqrstuvwxyz ,;:_/-") == "":
        return _call("split", node.this, letters.copy())
    return node


CARRIED: dict[type[exp.Expression], Carry] = {
    exp.DateDiff: _carry_difference, exp.Div: _carry_division, exp.Literal: _carry_number, exp.Case: _carry_choice,
    exp.If: _carry_choice, exp.Window: _carry_window, exp.Bracket: _carry_place, exp.TimeToStr: _carry_pattern,
    exp.ArgMax: _carry_extreme, exp.ArgMin: _carry_extreme, exp.GenerateSeries: _carry_range, exp.Split: _carry_split,
}  # fmt: skip
"""Kinds of expressions that Spark reads otherwise."""
NAMED: dict[str, Carry] = {
    "hash": _carry_hash,
    "list_intersect": lambda node: _call("array_intersect", *node.expressions),
    "to_seconds": lambda node: _call("make_dt_interval", 0, 0, 0, *node.expressions),
}
"""Functions that the translator does not know."""
