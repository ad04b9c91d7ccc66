"""The monthly brief as Markdown: what changed, what each page answers, and which models end soon."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from dashboards.frame.origin import describe_publisher
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.site.content import Sheet, describe_freshness
from warehouse.ends import states
from warehouse.news.items import format_day, load_news, select_news
from warehouse.wording import count_things

DAYS_BACK, DAYS_AHEAD = 30, 90
MOST = 8
"""News that are listed."""
LISTED = 4
"""Models of a family that are named; the rest are counted."""
MARKS = re.compile(r"[\\`*_\[\]<>#|~&]")


def render_brief(page: View, sheets: Sequence[Sheet]) -> str:
    """Renders the brief; its answers link to the pages beside it."""
    shot = page.snapshot
    lines = [
        f"# Heartbeat, the month to {shot.published_at.day} {shot.published_at:%B %Y}",
        f"Snapshot version {shot.version}; {describe_freshness(page)}.",
        *([f"{escape_plain(describe_publisher(shot))}."] if shot.origin else []),
    ]
    if shot.is_sample:
        lines.append("> **Sample data.** Made-up numbers; they say nothing about any vendor or community.")
    if news := list_news(page):
        lines += [f"## What changed in the last {DAYS_BACK} days", "\n".join(news)]
    for group, own in groupby(sheets, key=lambda sheet: sheet.group):
        answers = [_word_answer(sheet) for sheet in own if sheet.answer]
        lines += [f"## {group}", "\n".join(answers)] if answers else []
    lines += [
        f"## Models that end, or may end, in the next {DAYS_AHEAD} days",
        "\n".join(list_ends(page)) or "None that is followed.",
    ]
    return "\n\n".join([*lines, "`heartbeat receipt` traces a figure to its cases."]) + "\n"


def _word_answer(sheet: Sheet) -> str:
    """Words a page's verdict; what it rests on is on the page."""
    return f"- [{sheet.question}]({sheet.name}.html) {sheet.verdict}"


def list_news(page: View) -> list[str]:
    """Lists the newest of what changed at the sources in the last 30 days, and counts the rest."""
    since = page.now - timedelta(days=DAYS_BACK)
    items = select_news(load_news(page.snapshot) or [], families=page.chosen, since=since)
    news = [f"- {escape_plain(item.headline)}" for item in items if not item.is_restated]
    return [*news[:MOST], *([f"- … and {len(news) - MOST} more."] if len(news) > MOST else [])]


def list_ends(page: View) -> Iterator[str]:
    """Lists the models that end soon by their vendors' notices, a line for each family, and then those that may end:
    only a day is known before which they do not."""
    sql = (
        "select family_id, model, shutdown_on, shutdown_kind, stage from staging.notices where is_latest and "
        "subject_kind = 'model' and shutdown_on <= ? order by family_id, shutdown_on, model"
    )
    today = page.now.date()
    rows = page.load_rows(sql, today + timedelta(days=DAYS_AHEAD))
    # A month is dated by its first day, but lasts until its last.
    ahead = [row for row in rows if states.judge_state(row, today) == states.AHEAD]
    for is_floor, verbs in ((False, ("model ends", "models end")), (True, ("model may end", "models may end"))):
        rows = [row for row in ahead if (row["shutdown_kind"] == "not_before") == is_floor]
        for family, own in groupby(rows, key=lambda row: str(row["family_id"])):
            yield _word_ends(page.titles.get(family, family), list(own), verbs)


def _word_ends(title: str, rows: Sequence[Row], verbs: tuple[str, str]) -> str:
    # Quoted as code, in which nothing is markup.
    names = [" ".join(str(row["model"]).replace("`", "'").split()) or "?" for row in rows]
    days = [format_day(row["shutdown_on"], row["shutdown_kind"]) for row in rows]
    ends = [f"`{name}` {day}" for name, day in zip(names, days, strict=True)]
    more = f"; and {len(rows) - LISTED} more" if len(rows) > LISTED else ""
    return f"- **{escape_plain(title)}: {count_things(len(rows), *verbs)}**: {'; '.join(ends[:LISTED])}{more}."


def escape_plain(text: str) -> str:
    """Escapes the characters that Markdown could read as more than text, and no others: the file is also read raw."""
    return MARKS.sub(r"\\\g<0>", text)
