"""What a reader must know of a report: its instant, what it covers, how fresh it was, and what was not collected."""

from dashboards.frame import freshness, snapshot_reader
from dashboards.frame.origin import describe_publisher
from dashboards.frame.view import View
from dashboards.report import rows as report_rows
from dashboards.report.rows import Table
from dashboards.words import numbers


def format_as_of(page: View) -> str:
    """Formats the as-of instant of the report."""
    return numbers.format_instant(page.snapshot.published_at)


def describe_scope(page: View) -> str:
    """Describes what the report covers."""
    who = (
        f"{len(page.families)} families"
        if not page.chosen
        else numbers.join_words([family["title"] for family in page.families])
    )
    return f"{who}; {numbers.KINDS[page.kind]}, {numbers.format_window(page.window)}"


def list_facts(page: View) -> tuple[tuple[str, str], ...]:
    """Lists what a reader must know to reproduce the numbers."""
    shot = (
        snapshot_reader.load_rows(page.snapshot, "select * from meta.snapshot")
        if snapshot_reader.has_table(page.snapshot, "meta.snapshot")
        else []
    )
    collections = snapshot_reader.load_collections(page.snapshot, page.now)
    instants = [row["as_of_at"] for row in collections if row["as_of_at"]]
    collected = (
        f"{numbers.format_instant(min(instants))} to {numbers.format_instant(max(instants))}"
        if instants
        else "nothing was collected"
    )
    late = (snapshot_reader.current_time(page.snapshot) - page.snapshot.published_at).days
    return (
        (
            "Published",
            numbers.format_instant(page.snapshot.published_at)
            + (f", {late} days before this was written" if late > 1 else ""),
        ),
        *((("Whose", describe_publisher(page.snapshot)),) if page.snapshot.origin else ()),
        (
            "Snapshot",
            f"version {page.snapshot.version}"
            + (", a sample world: made-up numbers" if page.snapshot.is_sample else ""),
        ),
        ("Made by", f"Heartbeat {shot[0]['code_version']}" if shot else "an older Heartbeat"),
        ("Collected", collected),
        ("Freshness", describe_freshness(page)),
        ("Shown", describe_scope(page)),
        ("Gates", _describe_gates(page)),
    )


def describe_freshness(page: View) -> str:
    """Describes how fresh the collections were at the as-of instant; every page says of a sample world what it is."""
    label = freshness.judge_freshness(page.snapshot, page.now)[0].removeprefix("Sample world: ")
    return f"at publication: {label[0].lower()}{label[1:]}"


def _describe_gates(page: View) -> str:
    """Describes the gates that a figure must pass before anything is said about it."""
    rules = (
        snapshot_reader.load_rows(page.snapshot, "select * from metrics.rules")
        if snapshot_reader.has_table(page.snapshot, "metrics.rules")
        else []
    )
    least = (
        f"below {rules[0]['min_items_count']} cases or {rules[0]['min_events_count']} events"
        if rules
        else "with too few cases"
    )
    return (
        f"{least} nothing is stated, nor without a 95 % interval or a full count; a "
        "difference is called one only where it is more than chance among all that are compared"
    )


def list_missing(page: View) -> Table:
    """Lists collections that are not complete and fresh, with the known reason."""
    incomplete = [
        row for row in snapshot_reader.load_collections(page.snapshot, page.now) if row["condition"] != "complete"
    ]
    return report_rows.make_table_of_any([
        {
            "family": page.titles.get(row["family_id"], row["family_id"]), "channel": row["channel_id"],
            "what": row["thing"],
            "state": row["condition"], "last good visit": row["as_of_at"], "why": row["last_error"], "link": row["url"],
        }
        for row in incomplete
    ])  # fmt: skip
