"""Facts read by hand too long ago to be relied on."""

from dashboards.frame.story import Figure
from dashboards.frame.tables import safe_link
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from warehouse.freshness import FACT_DAYS, count_days, is_fact_old
from warehouse.wording import pluralize


def load_old_facts(page: View) -> list[DictRow]:
    """Loads the facts of the families shown that are too old, the oldest first."""
    sql = "select * from staging.facts order by as_of_on, family_id, fact_kind, tuning_method, promised_days, url"
    return [row for row in page.load_rows("staging.facts", sql) if is_fact_old(row["as_of_on"], page.now)]


def draw_old_facts(page: View) -> Figure | None:
    """Draws each of them with its age and its page; None where all are recent."""
    rows = load_old_facts(page)
    if not rows:
        return None
    lines = [
        {
            "family": page.titles[row["family_id"]],
            "about": ", ".join(filter(None, (row["fact_kind"], row["tuning_method"]))),
            "what its maker said": row["fact_words"],
            "read": f"{count_days(row['as_of_on'], page.now.date())} days ago",
            "link": safe_link(row["url"]),
        }
        for row in rows
    ]
    title = f"{describe_old_facts(page)}: last read over {FACT_DAYS} days ago"
    return Figure(
        name="old-facts",
        title=title,
        subtitle="They may have changed since. Read each page again; if it still says so, record that with "
        "`heartbeat catalog facts --renew KEY`.",
        chart=None,
        rows=rows,
        metric="",
        source="makers' own pages, read by hand",
        alt=title,
        shown=lines,
        counted="facts",
    )


def describe_old_facts(page: View) -> str:
    """Describes how many facts are too old; empty where none is."""
    count = len(load_old_facts(page))
    facts = pluralize(count, "old fact needs", "old facts need")
    return f"{count} {facts} a new reading" if count else ""
