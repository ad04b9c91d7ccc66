"""What changed in the last seven days: announced ends, moved dates, incidents and verdicts, each with its page."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from dashboards.evidence import board
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.reliability import model_ends, sentences_ends
from dashboards.words import numbers
from warehouse.wording import pluralize

WEEK = timedelta(days=7)
NAMED = 3


def list_changes(page: View) -> list[str]:
    """Lists the week's changes as lines of Markdown; empty where nothing changed."""
    return [*_list_announced(page), *_list_moves(page), *_list_incidents(page), *_list_verdicts(page)]


def _list_announced(page: View) -> list[str]:
    since = page.now.date() - WEEK
    rows = [
        row
        for row in model_ends.load_notices(page)
        if row["announced_on"] and since <= row["announced_on"] <= page.now.date() and row["shutdown_on"]
    ]
    if not rows:
        return []
    named = [f"{numbers.escape_markdown(row['model'])} ({sentences_ends.describe_end(row)})" for row in rows[:NAMED]]
    more = [f"{len(rows) - NAMED} more"] if len(rows) > NAMED else []
    verb = pluralize(len(rows), "end was", "ends were")
    return [f"[{len(rows)} {verb} announced](changes): {numbers.join_words([*named, *more])}."]


def _list_moves(page: View) -> list[str]:
    sql = "select family_id, model, old_shutdown_on, new_shutdown_on from metrics.date_moves where change_seen_at >= ?"
    rows = page.load_rows("metrics.date_moves", f"{sql} order by all", _since(page))
    dated = [row for row in rows if row["old_shutdown_on"] and row["new_shutdown_on"]]
    return [
        f"[A date moved](changes): {numbers.escape_markdown(row['model'])}, from "
        f"{numbers.format_day(row['old_shutdown_on'])} to {numbers.format_day(row['new_shutdown_on'])}."
        for row in dated[:NAMED]
    ]


def _list_incidents(page: View) -> list[str]:
    """Counts the incidents that the rates of incidents count: disturbances of an API, each once."""
    sql = "select distinct family_id, incident_id, channel_id from metrics.counted_incidents where segment = 'api'"
    rows: Sequence[Row] = page.load_rows("metrics.counted_incidents", f"{sql} and age_days <= ?", WEEK.days)
    if not rows:
        return []
    families = [row["family_id"] for row in rows]
    most = max(sorted(set(families)), key=families.count)
    name = numbers.escape_markdown(page.titles[most])
    words = pluralize(len(rows), "API incident was", "API incidents were")
    many = "all" if len(set(families)) == 1 and len(rows) > 1 else f"{families.count(most)} of them"
    by = f", {many} by {name}" if len(rows) > 1 else f" by {name}"
    return [f"[{len(rows)} {words} posted](reliability){by}."]


def _list_verdicts(page: View) -> list[str]:
    lines = []
    for claim in board.load_claims(page.snapshot):
        history = claim["history"]
        if len(history) > 1 and history[-1]["as_of_at"].replace(tzinfo=UTC) >= page.now - WEEK:
            lines.append(
                f"[A verdict changed](claims): {numbers.escape_markdown(claim['title'])}, from "
                f"{history[-2]['verdict']} to {history[-1]['verdict']}."
            )
    return lines


def _since(page: View) -> object:
    return (page.now - WEEK).replace(tzinfo=None)
