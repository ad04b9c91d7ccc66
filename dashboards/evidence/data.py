"""The page "Is the data good?": how fresh and complete the data are, what failed, and what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboards.charts import time
from dashboards.evidence import attempts, budgets, data_figures, faults, old_facts, price_checks, warnings
from dashboards.evidence.charts_coverage import LEAST
from dashboards.evidence.data_figures import SHARED, name_family
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import Row
from dashboards.words import numbers, sentences
from warehouse.faults import Fault
from warehouse.wording import is_are, pluralize

QUESTION = "Is the data good?"
GOOD = ("complete",)
URGENCY = ("failed", "overdue", "partial", "stale", "skipped", "never", "complete")
SAID = {
    "partial": "partial", "failed": "failed", "overdue": "overdue", "stale": "late", "skipped": "skipped",
    "never": "never run",
}  # fmt: skip
MORE = "Every collection, coverage, totals and what is missing"
BIAS = (
    "Partial collections lack the items that were not read: their counts are too low, and their shares may be biased "
    "towards the newest or oldest items. Failed and late collections show their last good data; waiting times end on "
    "that day and are never stretched to today."
)


def story(page: View) -> Story:
    """Tells what failed last, what is late or was left out, and the last visits by source; the state of every
    collection, coverage, totals and gaps are folded."""
    rows = data_figures.select_of_page(page, snapshot_reader.load_collections(page.snapshot, page.now))
    health = snapshot_reader.load_health(page.snapshot)
    tried = [figure for figure in (attempts.draw_troubles(health), attempts.draw_silent(page, health)) if figure]
    missing = [figure for figure in (data_figures.draw_absences(page), data_figures.draw_evidence(page)) if figure]
    if not rows:
        nothing = Words("Nothing has been collected for these families yet. Run `heartbeat collect`.")
        said = " ".join(filter(None, (answer_page(rows, page), attempts.describe_health(health))))
        return Story(QUESTION, said, [nothing, *tried, *missing])
    warned = warnings.load_warnings(page)
    bad, passed_over = draw_attention(page, rows), warnings.draw_warnings(page, warned)
    first: list[Figure] = [figure for figure in (*tried, bad, old_facts.draw_old_facts(page), passed_over) if figure]
    visits = data_figures.draw_visits(page, rows)
    more = [
        draw_collections(page, rows), budgets.draw_budgets(page), data_figures.draw_coverage(page),
        data_figures.draw_totals(page), price_checks.draw_price_checks(page), *missing,
    ]  # fmt: skip
    # Visits that went well are no news, unless there is no other.
    first, more = (first, [visits, *more]) if first else ([visits], more)
    parts: list[Part] = [*([Words(BIAS, is_small=True)] if bad else []), *first, *filter(None, more)]
    tried_last, good = attempts.describe_health(health), describe_conditions(rows, page.whose)
    told: tuple[str, ...] = (answer_page(rows, page), warnings.describe_warnings(warned))
    if page.snapshot.is_sample and tried_last:
        # What this installation tried is not what the sample world shows.
        good = f"Sample world: {good[0].lower()}{good[1:]}"
        told = (f"Sample world: {told[0][0].lower()}{told[0][1:]}", told[1], f"Your installation: {tried_last}")
    else:
        told = (tried_last, *told)
    text = " ".join(filter(None, told))
    old = f"; {words}" if (words := old_facts.describe_old_facts(page)) else ""
    answer = sentences.tell_in_steps(f"**{good}**{old}.", text)
    return Story(QUESTION, answer, parts, shown_count=len(first), more=MORE)


def answer_page(rows: Sequence[Row], page: View) -> str:
    """States how many collections are complete, the state of the others, how much was read, and the age of the oldest
    data."""
    if not rows:
        return "The data give no answer: no collection has run for these families, so there is nothing to judge."
    kinds = Counter(row["condition"] for row in rows)
    instants = [row["as_of_at"] for row in rows if row["as_of_at"]]
    conditions = [f"{number} {SAID[kind]}" for kind, number in kinds.most_common() if kind not in GOOD]
    rest = f"; {numbers.join_words(conditions)}" if conditions else ""
    low = sum(row["coverage_share"] is not None and row["coverage_share"] < LEAST for row in rows)
    read = (
        f"{low} {is_are(low)} less than {numbers.format_share(LEAST)} complete"
        if low
        else f"All collections whose coverage is known are at least {numbers.format_share(LEAST)} complete"
    )
    oldest = min(instants, default=None)
    # Where all are good, the sentence before has said so.
    are = is_are(kinds["complete"])
    counted = f"**{kinds['complete']} of {len(rows)} collections{page.whose} {are} complete and fresh**{rest}. "
    return (
        f"{counted if rest else ''}{_explain_failures(rows)}{read}. The oldest collected data are from "
        f"{numbers.format_with_age(oldest, page.now)}.{_describe_oldest_fact(page, oldest)}"
    )


def _describe_oldest_fact(page: View, oldest: datetime | None) -> str:
    """Names the day of the oldest fact read by hand, where it is older than what was collected."""
    days = [row["as_of_on"] for row in page.load_rows("staging.facts", "select family_id, as_of_on from staging.facts")]
    read = min(days, default=None)
    if read is None or oldest is None or read >= oldest.date():
        return ""
    return f" The oldest fact read by hand is from {numbers.format_day(read)}."


def _explain_failures(rows: Sequence[Row]) -> str:
    """Says why most of the failed collections failed, and what readers see of all of them; empty where none failed."""
    failed = [row for row in rows if row["condition"] == "failed"]
    if not failed:
        return ""
    fault, number = Counter(row["last_fault"] for row in failed).most_common(1)[0]
    share = f" for {number} of them" if number < len(failed) else ""
    why = f"Reason{share}: {faults.MEANINGS[Fault(fault)]}. " if fault in faults.MEANINGS else ""
    unread = sum(row["as_of_at"] is None for row in failed)
    if unread == len(failed):
        return f"{why}{pluralize(unread, 'It was', 'They were')} never read. "
    what = "The failed collection shows its" if len(failed) == 1 else "Failed collections show their"
    never = f"; {unread} {pluralize(unread, 'was', 'were')} never read" if unread else ""
    return f"{why}{what} last good data{never}. "


def describe_conditions(rows: Sequence[Row], whose: str = "") -> str:
    """Words the finding of the matrix."""
    bad = [row for row in rows if row["condition"] not in GOOD]
    if not bad:
        all_of_them = pluralize(len(rows), f"The only collection{whose} is", f"All {len(rows)} collections{whose} are")
        return f"{all_of_them} complete and fresh"
    return f"{len(bad)} of {len(rows)} collections{whose} {pluralize(len(bad), 'needs', 'need')} attention"


def draw_collections(page: View, rows: Sequence[Row]) -> Figure:
    """Draws families by source: the worst condition, and the age of the last good data."""
    titles = {**page.titles, **{row["family_id"]: SHARED for row in rows if row["family_id"] not in page.titles}}
    marks = [make_mark(row, page) for row in select_worst(rows)]
    return Figure(
        name="collections",
        title=describe_conditions(rows, page.whose),
        subtitle="Collections of each family by source: the worst condition, and the age of the last good data. ● "
        "complete, ◆ late or overdue, ▲ partial, ✚ failed, – skipped or never run; empty where there is nothing to "
        f"collect. Published {numbers.format_with_age(page.snapshot.published_at, page.now)}.",
        chart=time.draw_matrix(marks, titles, page.theme),
        rows=rows,
        metric="collections",
        source="the ledger of runs",
        alt=f"{describe_conditions(rows, page.whose)}. {describe_incomplete(rows, titles)}",
    )


def select_worst(rows: Sequence[Row]) -> list[Row]:
    """Selects one row per family and source: the collection in the worst condition."""
    worst: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: URGENCY.index(row["condition"])):
        worst.setdefault((row["family_id"], row["source"]), row)
    return sorted(worst.values(), key=lambda row: (row["source"], row["family_id"]))


def make_mark(row: Row, page: View) -> dict[str, Any]:
    """Prepares a cell of the matrix: family, source, condition, and the age as a short word."""
    fields = {name: row[name] for name in ("family_id", "thing", "target", "condition")}
    return fields | {
        "side": page.sides.get(row["family_id"], "shared"),
        "source": numbers.SOURCES.get(row["source"], row["source"]),
        "said": numbers.format_age(row["as_of_at"], page.now).removesuffix(" ago"),
        "why": faults.describe_fault(row["last_fault"], row["last_state"] or ""),
    }


def describe_incomplete(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Describes the incomplete collections, for readers who do not see the marks."""
    bad = [row for row in rows if row["condition"] not in GOOD]
    return "; ".join(
        f"{titles.get(row['family_id'], row['family_id'])} {row['thing']} {row['condition']}" for row in bad[:20]
    )


def draw_attention(page: View, rows: Sequence[Row]) -> Figure | None:
    """Draws the reason for each collection that is not complete."""
    bad = sorted((row for row in rows if row["condition"] not in GOOD), key=lambda row: URGENCY.index(row["condition"]))
    if not bad:
        return None
    # One fault often stops several things of a channel, which then share a line.
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in bad:
        cover = numbers.format_share(row["coverage_share"]) if row["coverage_share"] is not None else "none yet"
        why = faults.describe_fault(row["last_fault"], row["last_state"] or "")
        age = numbers.format_age(row["as_of_at"], page.now)
        head = (name_family(page, row["family_id"]), row["target"], row["condition"], cover, age)
        groups.setdefault((*head, why, row["last_error"] or "", row["url"]), []).append(row["thing"])
    names = ("family", "channel", "condition", "coverage", "last good", "reason", "message", "link")
    lines = [{**dict(zip(names, key, strict=True)), "what": ", ".join(things)} for key, things in groups.items()]
    channels = len({(row["family_id"], row["target"]) for row in bad})
    families = len({row["family_id"] for row in bad} & set(page.titles))
    return Figure(
        name="attention",
        title=f"What needs attention: {len(bad)} {pluralize(len(bad), 'collection')} of {channels} "
        f"{pluralize(channels, 'channel')}",
        subtitle=f"Every collection that is not complete and fresh, of {families} "
        f"{pluralize(families, 'family', 'families')}, the worst first.",
        chart=None,
        rows=bad,
        metric="collections",
        source="the ledger of runs",
        alt=f"What needs attention: {describe_incomplete(bad, page.titles)}",
        shown=lines,
        counted="rows",
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
