"""Is the data good? What was collected when, how much of it is there, and what failed."""

from collections import Counter
from typing import Any

import streamlit as st

from dashboards import charts_time, frame, freshness, reading, words
from dashboards.figure import table

QUESTION = "Is the data good?"
GOOD = ("complete",)
SHARED = "Shared by many"


def show(page: frame.View) -> None:
    """The state of every collection as one mark, then the ones that need somebody."""
    wanted = {family["family_id"] for family in page.families}
    everything = freshness.collections(page.snapshot, page.now)
    rows = [row for row in everything if row["family_id"] in wanted or (row["family_id"] not in page.titles and not page.chosen)]
    frame.answer(QUESTION, answer(rows, page))
    if not rows:
        st.markdown("Nothing was collected for these families yet. `heartbeat collect` does it.")
        return
    marks = [mark(row, page) for row in worst_first(rows)]
    titles = {**page.titles, "_shared": SHARED}
    with st.container(key="figure-collections"):
        st.markdown(f"### {title(rows)}", anchors=False)
        st.caption(
            "What is collected of each family, by source: the worst of its things, and how old its last good data are. ● complete, "
            "◆ late, ▲ partial, ✚ failed, – skipped or never run."
        )
        chart = charts_time.matrix(marks, titles, page.tone)
        st.vega_lite_chart(chart, width="stretch", theme=None, key="chart-collections", alt=f"{title(rows)}. {alt(rows, titles)}")
        st.caption(
            f"Source: the ledger of runs · published {words.instant(page.snapshot.published_at)} "
            f"({words.age(page.snapshot.published_at, page.now)}) · n{words.GAP}={words.GAP}{len(rows)} collections"
        )
        table("collections", rows)
    attention(rows, titles, page)
    totals(titles, page, wanted)


COUNTS = {
    "source_total": "source has", "held_count": "held", "before_window_count": "too old", "waiting_count": "waiting",
    "unreadable_count": "unreadable", "gone_count": "gone", "unexplained_count": "unexplained",
}  # fmt: skip


def totals(titles: dict[str, str], page: frame.View, wanted: set[str]) -> None:
    """What the sources count against what is held, and what explains the difference."""
    if not reading.has(page.snapshot, "staging.reconciliations"):
        return
    found = reading.rows(
        page.snapshot,
        f"select ch.family_id, ch.target, r.thing, {', '.join(f'r.{name}' for name in COUNTS)}, r.difference_count, r.counted_at"
        " from staging.reconciliations r join staging.channels ch using (channel_id)"
        " order by r.unexplained_count desc, ch.family_id, ch.target, r.thing",
    )
    rows = [row for row in found if row["family_id"] in wanted or (row["family_id"] not in page.titles and not page.chosen)]
    if not rows:
        return
    st.markdown("## Does it add up?", anchors=False)
    st.markdown(adds_up(rows))
    different = [row for row in rows if row["difference_count"]]
    if different:
        shown = [
            {"family": titles.get(row["family_id"], row["family_id"]), "channel": row["target"], "what": row["thing"]}
            | {said: row[name] for name, said in COUNTS.items()}
            for row in different
        ]
        st.dataframe(shown, hide_index=True, alt="Totals that the sources give, against what is held")
    table("totals", rows)


def adds_up(rows: list[dict[str, Any]]) -> str:
    """How many totals agree, and what explains the others, in one sentence."""
    agree = sum(row["difference_count"] == 0 for row in rows)
    sums = {name: sum(row[name] for row in rows) for name in COUNTS}
    reasons = [
        f"{words.count(sums[name])} {said}"
        for name, said in (
            ("before_window_count", "lie before the time that is collected"),
            ("waiting_count", "wait for a later visit"),
            ("unreadable_count", "can be read by nobody"),
            ("gone_count", "were deleted there since"),
        )
        if sums[name]
    ]
    because = f" Of the items that differ, {words.listed(reasons)}." if reasons else ""
    unknown = f"**{words.count(sums['unexplained_count'])} items are missing without a known reason.**"
    return f"{agree} of {len(rows)} totals that the sources give agree with what is held.{because} " + (
        unknown if sums["unexplained_count"] else "No difference is unexplained."
    )


def answer(rows: list[dict[str, Any]], page: frame.View) -> str:
    """How many collections are complete, what the others are, and how old the oldest data are."""
    if not rows:
        return "There is nothing to judge: no collection has run for these families."
    kinds = Counter(row["condition"] for row in rows)
    instants = [row["as_of_at"] for row in rows if row["as_of_at"]]
    said = [f"{number} {WORDS[kind]}" for kind, number in kinds.most_common() if kind not in GOOD]
    rest = f"; {words.listed(said)}" if said else ""
    return (
        f"**{kinds['complete']} of {len(rows)} collections are complete and fresh**{rest}. The oldest data shown are from "
        f"{words.instant(min(instants, default=None))} ({words.age(min(instants, default=None), page.now)})."
    )


WORDS = {
    "partial": "partial",
    "failed": "failed, so their last good data are shown",
    "stale": "late",
    "skipped": "skipped",
    "never": "never run",
}
URGENCY = ("failed", "partial", "stale", "skipped", "never", "complete")


def title(rows: list[dict[str, Any]]) -> str:
    """The finding of the matrix."""
    bad = [row for row in rows if row["condition"] not in GOOD]
    return f"{len(bad)} of {len(rows)} collections need attention" if bad else f"All {len(rows)} collections are complete and fresh"


def worst_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a family and source: of all that is collected there, the thing in the worst condition."""
    worst: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: URGENCY.index(row["condition"])):
        worst.setdefault((row["family_id"], row["source"]), row)
    return sorted(worst.values(), key=lambda row: (row["source"], row["family_id"]))


def mark(row: dict[str, Any], page: frame.View) -> dict[str, Any]:
    """A cell of the matrix: the family, the source, the condition and the age as a short word."""
    sides = {family["family_id"]: family["side"] for family in page.everyone}
    why = row["last_error"] or ""
    return {
        "family_id": row["family_id"],
        "side": sides.get(row["family_id"], "shared"),
        "source": words.SOURCES.get(row["source"], row["source"]),
        "thing": row["thing"],
        "target": row["target"],
        "condition": row["condition"],
        "said": words.age(row["as_of_at"], page.now).removesuffix(" ago"),
        "why": why,
    }


def alt(rows: list[dict[str, Any]], titles: dict[str, str]) -> str:
    """What is not complete, for those who do not see the marks."""
    bad = [
        f"{titles.get(row['family_id'], row['family_id'])} {row['thing']} {row['condition']}"
        for row in rows
        if row["condition"] not in GOOD
    ]
    return "; ".join(bad[:20])


def attention(rows: list[dict[str, Any]], titles: dict[str, str], page: frame.View) -> None:
    """Why each one that is not complete is not, and how it biases what is shown."""
    bad = [row for row in rows if row["condition"] not in GOOD]
    if not bad:
        return
    st.markdown("## What needs attention", anchors=False)
    st.markdown(
        "Partial collections miss the items that were not read: their counts are too low, and shares may lean to the newest or "
        "oldest. Failed and late "
        "ones show their last good data; waiting times are cut off at that day, never stretched to today."
    )
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in sorted(bad, key=lambda row: URGENCY.index(row["condition"])):
        cover = words.share(row["coverage_share"]) if row["coverage_share"] is not None else "none yet"
        key = (
            titles.get(row["family_id"], row["family_id"]),
            row["target"],
            row["condition"],
            cover,
            words.age(row["as_of_at"], page.now),
            row["last_error"] or "",
        )
        groups.setdefault(key, []).append(row["thing"])
    names = ("family", "channel", "condition", "coverage", "last good", "reason")
    shown = [{**dict(zip(names, key, strict=True)), "what": ", ".join(things)} for key, things in groups.items()]
    st.dataframe(shown, hide_index=True, alt="Collections that need attention, with their reasons")


show(frame.view())
