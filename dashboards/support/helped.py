"""The page "Are you helped or just closed?": closed beside helped, what bots close, how help is known, the threads
themselves, and the backlog."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import pairs
from dashboards.frame import layout, matched, snapshot_reader
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.support.resolution import draw_resolution
from dashboards.support.sentences import helped as sentences_helped
from dashboards.words import numbers, sentences
from warehouse.wording import pluralize

QUESTION = "Are you helped or just closed?"
BOTH = {"closed": "closed", "helped": "helped"}
"""The two shares of the same threads, the hollow mark first."""
WAYS = {
    "accepted": ("An accepted answer", "whose answer was accepted", "no answers are marked as accepted there"),
    "confirmed": (
        "The asker confirmed that it works",
        "who confirmed that it works after a reply",
        "what askers say later is not collected there",
    ),
    "fix_merged": (
        "A change was merged",
        "for whom a change was merged that closed the thread",
        "no changes are linked there",
    ),
}
"""The ways in which help is known: name, whose share it is, and why a kind of channel cannot have it."""
ENDS = {
    "unanswered": (
        "closed_unhelped_share", "bot_closed_unanswered", "Most often closed unanswered, by a bot or as unwanted",
        "Share of closed threads that were closed by a bot, or by somebody else as stale, not planned or a duplicate, "
        "without an answer by a person",
    ),
    "never": (
        "never_answered_share", "in_30d", "Most often never answered",
        "Share of askers without an answer by a person in the first 30 days",
    ),
    "reopened": (
        "reopened_share", "within_30d", "Most often reopened",
        "Share of closed threads that were opened again within 30 days",
    ),
}  # fmt: skip
"""Other outcomes of threads: metric and statistic, who ranks first, and what it is a share of."""
NOT, UNSEEN = numbers.STATES["not applicable"][0], numbers.STATES["not observable"][0]
DAYS = {"30d": 30, "90d": 90, "365d": 365}
MOST = 20
"""Number of threads listed."""
BOT_CLOSED = (
    "select family_id, channel_id, url, title, opened_at, channel_kind, channel_role, outcome from "
    "metrics.thread_responses where outcome like 'closed by bot%' and author_role <> 'bot' and channel_kind = ? and "
    "age_days <= ? and (channel_role = ? or ? = 'all') order by opened_at desc, url"
)


def story(page: View) -> Story:
    """Tells closed beside helped, then what became of the rest, how help is known, what bots closed, and
    what is resolved and lies open."""
    both = page.load_asked("closed_unhelped_share", tuple(BOTH))
    gaps = page.load_asked("closure_gap_share", ("in_30d",))
    order = page.order_families(gaps)
    naive, helped = page.load_asked("naive_closed_share", ("theirs", "ours")), page.load_asked("helped_share")
    other = sentences_helped.describe_taken_for_solved(naive, helped, page.titles)
    also: list[Part] = [Words(other, is_small=True)] if other else []
    parts: list[Part] = [draw_gap(page, both, gaps, order), *also, *draw_ends(page, order)]
    parts += [
        Words("## How is help known?"),
        *draw_ways(page, helped, order),
        Words("## What bots closed before a person answered"),
        draw_bot_closed(page),
        Words("## What is resolved, and what lies open?"),
        draw_resolution(page, order),
    ]
    sides = matched.describe_sides(page, "helped_share", "any", "all", "are helped")
    verdict = sentences_helped.judge_page(gaps, page.titles)
    answer = sentences_helped.answer_page(both, gaps, page.titles, sides, page.describe_scope(both))
    return Story(QUESTION, sentences.tell_in_steps(verdict, answer), parts)


def draw_gap(page: View, both: Sequence[MetricRow], gaps: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws, for the same threads, the share closed and the share helped, with the gap between them."""
    gap_words = sentences_helped.describe_gaps(gaps)
    return Figure(
        name="gap",
        title=sentences_helped.name_widest(both, gaps, page.titles),
        subtitle="Share of threads closed within 30 days (hollow mark) and share of the same threads helped by then "
        f"(filled mark), with the gap on the right; {page.describe_scope(both)}.",
        how="The gap between the marks is in percentage points; lines and brackets are 95 % intervals.",
        chart=pairs.draw_pairs(both, "share", order, page.titles, page.theme, BOTH, gap_words) if both else None,
        rows=both,
        metric="closed_unhelped_share",
        source=page.source,
        alt=sentences.describe_points(
            both, "share", page.titles, "share of threads that after 30 days are", tuple(BOTH)
        )
        + ". Gap of the two: "
        + "; ".join(f"{page.titles[family]} {long}" for family, (long, _) in gap_words.items()),
    )


def draw_ends(page: View, order: Sequence[str]) -> list[Part]:
    """Draws what is closed without an answer, who is never answered and, where known, what had to be reopened."""
    figures = [
        _draw_never(page, order)
        if name == "never"
        else _draw_share(page, name, page.load_asked(metric, (statistic,)), order, metric, most, measure)
        for name, (metric, statistic, most, measure) in ENDS.items()
    ]
    if page.kind == "tracker":
        return [tuple(figures)]
    measure = (
        f"{UNSEEN} Reopened: not observable in {numbers.KINDS[page.kind]}, because not every source says when a "
        "thread was closed."
    )
    return [tuple(figure for figure in figures if figure.name != "reopened"), Words(measure, is_small=True)]


def _draw_never(page: View, order: Sequence[str]) -> Figure:
    """Draws who is never answered, and beside it the same if replies that only join in were answers."""
    metric, statistic, most, measure = ENDS["never"]
    rows = page.load_asked(metric, (statistic, "with_me_too"))
    headline = [row for row in rows if row["statistic"] == statistic]
    return draw_dot_figure(
        page,
        rows,
        name="never",
        metric=metric,
        title=sentences.name_leader(headline, "share", page.titles, most),
        measure=f'{measure} (large mark); small mark: if "+1" and "same here" were answers',
        alt=measure[0].lower() + measure[1:],
        statistics=("with_me_too", statistic),
        headline=headline,
        order=order,
    )


def _draw_share(
    page: View, name: str, rows: Sequence[MetricRow], order: Sequence[str], metric: str, most: str, measure: str
) -> Figure:
    return draw_dot_figure(
        page,
        rows,
        name=name,
        metric=metric,
        title=sentences.name_leader(rows, "share", page.titles, most),
        measure=f"{measure}",
        alt=measure[0].lower() + measure[1:],
        order=order,
    )


def draw_ways(page: View, rows: Sequence[MetricRow], order: Sequence[str]) -> list[Part]:
    """Draws each of the three ways in which help is known; for one that a kind of channel cannot have, says so
    instead."""
    figures: list[Figure] = []
    absent: list[Part] = []
    for name, (title, whom, why) in WAYS.items():
        own = [row for row in rows if row["statistic"] == name]
        if any(row["state"] == "not applicable" for row in own) and not any(row["n"] for row in own):
            absent.append(
                Words(f"{NOT} {title}: not applicable in {numbers.KINDS[page.kind]}, as {why}.", is_small=True)
            )
        else:
            measure = f"Share of askers {whom} within 30 days"
            figures.append(
                _draw_share(page, f"way-{name.replace('_', '-')}", own, order, "helped_share", title, measure)
            )
    return [*([tuple(figures)] if figures else []), *absent]


def draw_bot_closed(page: View) -> Part:
    """Draws the newest threads that a bot closed before any person had answered, with their links."""
    if not snapshot_reader.has_table(page.snapshot, "metrics.thread_responses"):
        return Words(
            "This snapshot does not include individual threads. Run `heartbeat build` and `heartbeat publish` to add "
            "them.",
            is_small=True,
        )
    rows = page.load_rows(
        "metrics.thread_responses", BOT_CLOSED, page.kind, DAYS.get(page.window, 1e9), page.role, page.role
    )
    where = (
        f"{numbers.KINDS[page.kind]}, opened in the {numbers.format_window(page.window)}"
        if page.window in DAYS
        else f"{numbers.KINDS[page.kind]}, {numbers.format_window(page.window)}"
    )
    if not rows:
        return Words(f"No thread closed by a bot without an answer is known here ({where}).", is_small=True)
    lines = [_describe_thread(page, row) for row in rows[:MOST]]
    return Figure(
        name="bot-closed",
        title=f"A bot closed {numbers.format_count(len(rows))} {pluralize(len(rows), 'thread')} that no "
        "person had answered",
        subtitle=f"The newest {len(lines)}; {where}; of any type and language. The share above is of threads "
        "closed in that time, and also counts those that people closed as unwanted.",
        chart=None,
        rows=rows,
        metric="thread_responses",
        source=page.source,
        counted="threads",
        alt=f"The newest {len(lines)} of {len(rows)} threads that a bot closed unanswered",
        shown=lines,
    )


def _describe_thread(page: View, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "link": row["url"],
        "thread": row["title"] or "",
        "about": page.titles[row["family_id"]],
        "opened": f"{row['opened_at']:%Y-%m-%d}",
    }


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
