"""Carries the structure of a query: names of steps, groups, and columns that a join shares."""

from sqlglot import exp


def carry_structure(tree: exp.Query) -> exp.Query:
    """Carries what Spark reads in another way, and returns the same tree."""
    _name_steps_once(tree)
    for select in list(tree.find_all(exp.Select)):
        _name_groups(select)
        _unnest_last(select)
        _join_by_conditions(select)
        _cross_first(select)
    for step in tree.find_all(exp.CTE):
        step.set("materialized", None)
    return tree


def _name_steps_once(tree: exp.Expression) -> None:
    """Gives each step (`with … as`) of an inner query a name of its own: Spark's are all on one level."""
    inner = [steps for steps in tree.find_all(exp.With) if steps.parent is not tree]
    for number, steps in enumerate(sorted(inner, key=lambda node: -node.depth), 1):
        for step in steps.expressions:
            _rename_step(steps.parent, step, f"{step.alias}_{number}")


def _rename_step(query: exp.Expression, step: exp.CTE, name: str) -> None:
    """Renames a step where this query reads it; its columns keep the qualifier that they have."""
    former = step.alias
    for table in query.find_all(exp.Table):
        if table.name == former and not table.db:
            table.set("this", exp.to_identifier(name))
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(former)))
    step.args["alias"].set("this", exp.to_identifier(name))


def _name_groups(select: exp.Select) -> None:
    """Writes `group by all` out: every column that holds no aggregate."""
    group = select.args.get("group")
    if group is None or not group.args.get("all"):
        return
    keys = [item.unalias().copy() for item in select.expressions if not _holds_aggregate(item)]
    group.set("all", None)
    # A number would be the place of a column.
    group.set("expressions", [key for key in keys if not (isinstance(key, exp.Literal) and key.is_number)])


def _holds_aggregate(item: exp.Expression) -> bool:
    """Tells whether a column is made of an aggregate; one of an inner query does not count."""
    own = item.find_ancestor(exp.Select)
    return any(node.find_ancestor(exp.Select) is own for node in item.find_all(exp.AggFunc))


def _unnest_last(select: exp.Select) -> None:
    """Reads each item of a list before the list is made into rows: Spark makes them nowhere within an expression."""
    for item in select.expressions:
        value = item.unalias()
        for made in list(value.find_all(exp.Explode)):
            if made is value or made.find_ancestor(exp.Select) is not select:
                continue
            items = made.this.copy()
            made.replace(exp.to_identifier("list_item"))
            read = exp.Lambda(this=value.copy(), expressions=[exp.to_identifier("list_item")])
            value.replace(exp.Explode(this=exp.Transform(this=items, expression=read)))


def _join_by_conditions(select: exp.Select) -> None:
    """Writes out by which columns a join shares rows (`using`): Sail loses the qualified ones. A bare star would then
    give them twice, so a query with one stays as it is."""
    joins = [join for join in select.args.get("joins") or () if join.args.get("using")]
    if not joins or any(isinstance(item, exp.Star) for item in select.expressions):
        return
    shared: dict[str, exp.Expression] = {}
    for join in joins:
        names = [name.name for name in join.args["using"]]
        left = {name: shared.get(name, exp.column(name, select.args["from_"].alias_or_name)) for name in names}
        right = {name: exp.column(name, join.alias_or_name) for name in names}
        join.set("using", None)
        join.set("on", exp.and_(*(left[name].copy().eq(right[name]) for name in names)))
        for name in names:
            either = exp.Coalesce(this=left[name].copy(), expressions=[right[name].copy()])
            shared[name] = {"FULL": either, "RIGHT": right[name]}.get(join.side, left[name])
    for column in list(select.find_all(exp.Column)):
        if not column.table and column.name in shared and column.find_ancestor(exp.Select) is select:
            value = shared[column.name].copy()
            is_output = column.parent is select and column.arg_key == "expressions"
            column.replace(exp.alias_(value, column.name, quoted=column.this.quoted) if is_output else value)


def _cross_first(select: exp.Select) -> None:
    """Reads first what each row is crossed with: Sail copies rows one at a time where few rows stand on the right."""
    start, joins = select.args.get("from_"), select.args.get("joins") or []
    if (
        start is None
        or _is_read_by_place(select)
        or any(join.args.get("using") or join.side in {"RIGHT", "FULL"} for join in joins)
    ):
        return
    names = {start.alias_or_name, *(join.alias_or_name for join in joins)}
    crossed = [join for join in joins if _is_crossed(join, start.alias_or_name, names)]
    if not crossed:
        return
    conditions = [join.args["on"] for join in crossed if join.args.get("on")]
    rows = exp.Join(this=start.this, **({"on": exp.and_(*conditions)} if conditions else {"kind": "CROSS"}))
    first, *others = [join.this for join in crossed]
    start.set("this", first)
    rest = [join for join in joins if join not in crossed]
    select.set("joins", [*(exp.Join(this=other, kind="CROSS") for other in others), rows, *rest])


def _is_read_by_place(select: exp.Select) -> bool:
    """Tells whether a bare star, which lists columns in the order of the tables, gives them their places in a union."""
    if not any(isinstance(item, exp.Star) for item in select.expressions):
        return False
    within = select.parent
    if isinstance(within, exp.Subquery) and isinstance(within.parent, exp.SetOperation):
        within = within.parent
    if isinstance(within, exp.SetOperation):
        return not within.args.get("by_name")
    return any(_is_read_by_place(reader) for reader in _find_readers(within))


def _find_readers(rows: exp.Expression | None) -> list[exp.Select]:
    """Finds the queries that read a step, or an inner query."""
    if isinstance(rows, exp.CTE):
        tables = [table for table in rows.root().find_all(exp.Table) if table.name == rows.alias and not table.db]
    else:
        tables = [rows] if isinstance(rows, exp.Subquery) else []
    return [reader for table in tables if (reader := table.find_ancestor(exp.Select))]


def _is_crossed(join: exp.Join, start: str, names: set[str]) -> bool:
    """Tells whether each row of a query, or of its first table, meets each of these rows that a condition lets pass,
    and no equality says which ones."""
    if join.side or join.args.get("method") or join.kind not in {"", "INNER", "CROSS"}:
        return False
    if not isinstance(join.this, exp.Table | exp.Values | exp.Subquery) or _reads_others(join.this, names):
        return False
    condition = join.args.get("on")
    if condition is None:
        return str(join.kind) == "CROSS"
    read = {column.table for column in condition.find_all(exp.Column)}
    parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
    return read == {start, join.alias_or_name} and not any(isinstance(part, exp.EQ) and _joins(part) for part in parts)


def _reads_others(rows: exp.Expression, names: set[str]) -> bool:
    """Tells whether rows are made of columns of the tables that they are joined with."""
    return any(
        column.table in names or not (column.table or column.find_ancestor(exp.Select).args.get("from_"))
        for column in rows.find_all(exp.Column)
    )


def _joins(equality: exp.EQ) -> bool:
    return len({column.table for column in equality.find_all(exp.Column)}) == 2
