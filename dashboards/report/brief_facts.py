"""Dated facts of the brief: verdicts, ends of models, moved dates, and the freshness of the data."""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any

from dashboards.evidence import board
from dashboards.frame import receipts, snapshot_reader
from dashboards.frame.tables import safe_link
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.report.brief_statements import Statement, escape_plain, name_family, quote_model
from dashboards.report.facts import describe_freshness as fresh_then
from dashboards.report.rows import passes_gates
from dashboards.words import numbers
from warehouse.ends import states
from warehouse.wording import GAP, pluralize

DAYS_BACK, DAYS_AHEAD = 30, 90
LISTED, SUMMARIZED = 4, 2
"""Ends listed per family, in the brief and on the first page of the report; the rest are counted."""


def state_verdicts(page: View) -> list[Statement]:
    """States the verdicts of the board, and each one that changed in the last 30 days with what it was before."""
    claims = board.load_claims(page.snapshot)
    if not claims:
        return []
    since = page.now - timedelta(days=DAYS_BACK)
    changed = [claim for claim in claims if len(claim["history"]) > 1 and _reached_at(claim["history"][-1]) >= since]
    statements = [Statement(_describe_change(claim), "claims") for claim in changed]
    stands = "" if changed else " No verdict changed in the last 30 days."
    return [*statements, Statement(board.answer_page(claims) + stands, "claims")]


def _reached_at(entry: Row) -> Any:
    return entry["as_of_at"].replace(tzinfo=UTC)


def _describe_change(claim: Row) -> str:
    """Describes a changed verdict with what it rests on, where that is known."""
    before, now = claim["history"][-2:]
    rests = f", n{GAP}={GAP}{numbers.format_count(now['n'])}" if now["n"] else ""
    return (
        f"{escape_plain(claim['title'])}: **{now['verdict']}**{rests}, since {now['as_of_at'].day} "
        f"{now['as_of_at']:%b %Y}; before that {before['verdict']}."
    )


def state_ends(page: View, most: int = LISTED) -> list[Statement]:
    """States which models end within 90 days by the vendors' notices: a sentence per family, each model with its
    page."""
    sql = (
        "select family_id, model, shutdown_on, shutdown_kind, stage, url from staging.notices where is_latest and "
        "subject_kind = 'model' and shutdown_on <= ? order by shutdown_on, model"
    )
    today = page.now.date()
    families: dict[str, list[Row]] = {}
    for row in page.load_rows("staging.notices", sql, today + timedelta(days=DAYS_AHEAD)):
        # A month is dated by its first day, but lasts until its last.
        if states.judge_state(row, today) == states.AHEAD:
            families.setdefault(row["family_id"], []).append(row)
    return [_state_ends_of(page, rows, most) for rows in sorted(families.values(), key=lambda rows: -len(rows))]


def summarize_ends(page: View) -> list[str]:
    """Summarizes the same as items of a list, or says that there are none."""
    statements = state_ends(page, SUMMARIZED)
    return [f"- {statement.text}" for statement in statements] or [
        f"No model that is followed has an announced end in the next {DAYS_AHEAD} days."
    ]


def _state_ends_of(page: View, rows: Sequence[Row], most: int) -> Statement:
    listed = "; ".join(_describe_end(row, page.snapshot.is_sample) for row in rows[:most])
    more = f"; and {len(rows) - most} more" if len(rows) > most else ""
    may = " or may end" if any(row["shutdown_kind"] == "not_before" for row in rows) else ""
    count = f"{len(rows)} {pluralize(len(rows), 'model ends', 'models end')}{may}"
    return Statement(f"**{name_family(page, rows[0])}: {count}**: {listed}{more}.", "changes")


def _describe_end(row: Row, is_sample: bool) -> str:
    """Describes a model with its day and page; an earliest day is worded as one. Addresses of a made-up world lead
    nowhere."""
    day = f"{row['shutdown_on'].day} {row['shutdown_on']:%b %Y}"
    when = {"not_before": f"not before {day}", "month": f"in {row['shutdown_on']:%B %Y}"}.get(row["shutdown_kind"], day)
    address = None if is_sample else safe_link(row["url"])
    model = quote_model(row["model"])
    return f"[{model}](<{_safe_address(address)}>) {when}" if address else f"{model} {when}"


def _safe_address(address: str) -> str:
    """Escapes an address, so that it ends only at its closing bracket."""
    return address.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C").replace("\n", "%0A").replace(" ", "%20")


def state_moved_dates(page: View) -> list[Statement]:
    """States the announced ends that were moved in the last 30 days."""
    sql = (
        "select * from metrics.moved_dates_count where \"window\" = '30d' and channel_role = 'all' and segment = 'all'"
        " and statistic in ('earlier', 'later') order by family_id, statistic"
    )
    passing: Sequence[Row] = [row for row in page.load_rows("metrics.moved_dates_count", sql) if passes_gates(row)]
    moved = [
        Statement(_describe_move(page, row), "changes", receipts.format_row_command("moved_dates_count", row))
        for row in passing
        if row["value"]
    ]
    if moved or not passing:
        return moved
    watched = len({row["family_id"] for row in passing})
    among = "in the one family" if watched == 1 else f"among the {watched} families"
    return [Statement(f"No announced date moved in the last 30 days {among} watched.", "changes")]


def _describe_move(page: View, row: Row) -> str:
    dates = pluralize(row["value"], "date")
    cases = f"n{GAP}={GAP}{numbers.format_count(row['n'])} notices with a day"
    return (
        f"{name_family(page, row)} moved **{numbers.format_count(row['value'])} announced {dates} "
        f"{row['statistic']}**; {cases}."
    )


def state_freshness(page: View) -> list[Statement]:
    """States how many collections are fresh, and names what is missing."""
    if not snapshot_reader.load_collections(page.snapshot, page.now):
        return []
    words = fresh_then(page).removeprefix("at publication: ")
    return [Statement(f"At publication: {words}.", "data")]
