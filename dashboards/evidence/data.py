"""The page "Data and method": how complete the data are, what failed, how well texts are read, and every metric."""

from collections import Counter
from collections.abc import Sequence

from dashboards.evidence import accuracy, attention, coverage, metrics
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import Row
from dashboards.words import numbers, sentences
from warehouse.freshness import is_fact_old
from warehouse.warnings import count_kinds, describe_warning, read_warnings
from warehouse.wording import count_things, is_are, pluralize

QUESTION = "Is the data good, and how is it measured?"
MOST = 10
"""Warnings that are listed; the table behind them has all."""
FACTS = "select family_id, as_of_on from staging.facts"
NOTHING = "Nothing has been collected for these families yet. Run `heartbeat collect`."
BIAS = (
    "Counts of partial collections are too low, and their shares may be biased towards the newest or oldest items. "
    "Failed and late ones show their last good data."
)
NEVER = (
    "Never collected from anyone: private support tickets, chats such as Discord or Slack, and the texts themselves."
)


def story(page: View) -> Story:
    """Says what is late, failed or excluded, how complete the sources are, how well texts are read, and the
    metrics."""
    rows = attention.select_of_page(page, snapshot_reader.load_collections(page.snapshot, page.now))
    bad = attention.draw_attention(page, rows, snapshot_reader.load_health(page.snapshot))
    warned = attention.select_of_page(
        page, [{**row, "family_id": row["family_id"] or ""} for row in read_warnings(page.snapshot)]
    )
    covered = coverage.draw_coverage(page)
    parts: list[Part | None] = [
        Words(BIAS if rows else NOTHING, is_small=True) if bad or not rows else None,
        bad,
        draw_warnings(page, warned),
        covered,
        Words(NEVER, is_small=True),
        accuracy.draw_readers(page),
    ]
    return Story(QUESTION, answer_page(rows, page, warned), [part for part in parts if part])


def answer_page(rows: Sequence[Row], page: View, warned: Sequence[Row] = ()) -> str:
    """States how many collections need attention, then how many are complete, the state of the others, how many were
    read in part, the age of the oldest data, and what was excluded."""
    if not rows:
        return "The data give no answer: no collection has run for these families, so there is nothing to judge."
    kinds = Counter(row["condition"] for row in rows)
    conditions = [f"{count} {attention.SAID[kind]}" for kind, count in kinds.most_common() if kind != "complete"]
    low = sum(row["coverage_share"] is not None and row["coverage_share"] < coverage.LEAST for row in rows)
    oldest = min((row["as_of_at"] for row in rows if row["as_of_at"]), default=None)
    complete = kinds["complete"]
    counted = f"{complete} of {len(rows)} collections{page.whose} {is_are(complete)} complete and fresh"
    stated = [f"{counted}; {numbers.join_words(conditions)}."] if conditions else []
    stated += [f"{low} {is_are(low)} less than {numbers.format_share(coverage.LEAST)} complete."] if low else []
    stated.append(f"The oldest collected data are from {numbers.format_with_age(oldest, page.now)}.")
    days = [row["as_of_on"] for row in page.load_rows(FACTS) if row["as_of_on"]]
    stated += [f"The oldest fact read by hand is from {numbers.format_day(min(days))}."] if days else []
    verdict = f"**{describe_conditions(rows, page.whose)}**{describe_old_facts(page)}."
    return sentences.join_answer(verdict, " ".join(filter(None, [*stated, describe_warnings(warned)])))


def describe_conditions(rows: Sequence[Row], whose: str) -> str:
    """Words how many collections need attention."""
    bad = len(attention.select_bad(rows))
    if not bad:
        all_of_them = pluralize(len(rows), f"The only collection{whose} is", f"All {len(rows)} collections{whose} are")
        return f"{all_of_them} complete and fresh"
    return f"{bad} of {len(rows)} collections{whose} {pluralize(bad, 'needs', 'need')} attention"


def describe_old_facts(page: View) -> str:
    """Says how many facts read by hand are too old; `heartbeat catalog facts` lists them. Empty if none is."""
    count = sum(is_fact_old(row["as_of_on"], page.now) for row in page.load_rows(FACTS))
    facts = pluralize(count, "old fact needs", "old facts need")
    return f"; {count} {facts} a new reading" if count else ""


def draw_page(page: View) -> None:
    """Draws the answer, the look-up of a metric, then the figures."""
    stated = story(page)
    layout.draw_answer(page, stated.question, stated.answer)
    metrics.draw_look_up(page)
    layout.draw_parts(page, stated)


def describe_warnings(rows: Sequence[Row]) -> str:
    """Describes in one sentence how much was rejected, skipped, unmatched or missing; empty without warnings."""
    if not rows:
        return ""
    aside = sum(row["warning_count"] for row in rows if row["warning_kind"] == "row rejected")
    others = sum(row["warning_kind"] != "row rejected" for row in rows)
    parts = []
    if aside:
        words = pluralize(aside, "row was", "rows were")
        parts.append(f"{numbers.format_count(aside)} landed {words} unreadable and excluded from every figure")
    if others:
        words = pluralize(others, "warning names", "warnings name")
        parts.append(f"{others} {words} what was skipped, never matched or fell far below the usual")
    return f"{numbers.join_words(parts)}."


def draw_warnings(page: View, rows: Sequence[Row]) -> Figure | None:
    """Draws the gravest warnings: where, and what happened; behind each, its effect on the figures and what to do."""
    if not rows:
        return None
    lines = []
    for row in rows:
        words = describe_warning(row)
        # Cells show backticks as they are.
        finding, remedy = (text.replace("`", "") for text in (words.finding, words.remedy))
        family = page.titles.get(row["family_id"], attention.SHARED)
        lines.append(
            {
                "what": f"{family}, {row['target'] or row['channel_id']}: {row['thing']}",
                "is": finding, "kind": row["warning_kind"], "effect on the figures": words.effect,
                "what to do": remedy, "link": row["url"],
            }
        )  # fmt: skip
    return Figure(
        name="warnings",
        title=f"Excluded although no visit failed: {count_things(len(rows), 'case')}",
        subtitle=f"By kind: {count_kinds(rows)}.",
        rows=lines,
        metric="warnings",
        source="the ledger of rows rejected, the notes of visits and the catalog",
        shown=lines[:MOST],
        is_list=True,
    )


if __name__ == "__main__":
    draw_page(current_view())
