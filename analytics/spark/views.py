"""Names of tables on Spark: views of one session, so that the builds of one server keep apart and leave none behind."""

from sqlglot import exp


def name_view(table: str) -> str:
    """Names the view of a table."""
    return table.replace(".", "__")


def read_views(tree: exp.Query) -> exp.Query:
    """Lets a query read views in place of tables, and returns it; its columns keep the qualifier that they have."""
    for table in tree.find_all(exp.Table):
        if table.db:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(name_view(f"{table.db}.{table.name}")))
            table.set("db", None)
    return tree
