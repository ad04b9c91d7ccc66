"""The method: every question with the figures that answer it, what is left out, how well rules read, and what was restated."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import accuracy, frame, method, receipts, words
from dashboards.figure import explain, table

QUESTION = "How is each figure made, and how often is what is read by rules right?"
Row = dict[str, Any]
LABELLED = (
    "Precision: of what a rule found, how much is there. Recall: of what is there, how much it found. ● precision, □ recall; bars are 95 % "
    "limits. ▲ weak: one of the two is too low, or it was tried on too few cases. Tried on labelled cases that were held out while the "
    "rules were tuned. The tests measure it again where the recordings are at hand, and fail where a rule tried on enough got worse."
)
LABELLERS = (
    "Who labelled: texts were read one by one by an AI reader with written definitions, before it saw the rules; a second one labelled a "
    "part of them again from the same definitions without seeing the first (κ is their agreement beyond chance). People may agree less. "
    "Families, roles and incidents were labelled by one reader."
)
EXAMPLE = "answered_share"


def show(page: frame.View) -> None:
    """The answer, how well rules read, then definitions, what is left out, what was restated, and how to ask for a receipt."""
    entries = method.questions(page.snapshot)
    rows = accuracy.found(page.snapshot)
    frame.answer(QUESTION, answer(entries, accuracy.whole(rows)))
    st.caption("The filters above do not apply here: definitions hold for all families.")
    labelled(rows, page)
    definitions(entries)
    left_out(entries)
    restated(page)
    receipt(page)


def answer(entries: Sequence[Row], rows: Sequence[Row]) -> str:
    """How many questions are answered, and how many of the rules are weak."""
    kinds = Counter(entry["state"] for entry in entries)
    asked = (
        f"**{kinds[method.FULL]} of {len(entries)} questions of the method are answered**, {kinds[method.PART]} more in part, and "
        f"{kinds[method.NONE]} not at all."
        if entries
        else "This snapshot was published without the questions of the method."
    )
    weak = sum(row["is_weak"] for row in rows)
    read = (
        f" Of {len(rows)} things that rules read or tell apart, **{weak} {words.be(weak)} weak**; figures that rest on those say so."
        if rows
        else " How often its rules are right is not in it either."
        if not entries
        else " How often rules are right is not in this snapshot."
    )
    return asked + read


def labelled(rows: Sequence[Row], page: frame.View) -> None:
    """The accuracy of what is read by rules, drawn as a whole and listed by part, kind of channel and language."""
    shown = accuracy.whole(rows)
    if not shown:
        return
    weak = [row for row in shown if row["is_weak"]]
    title = f"{len(shown) - len(weak)} of {len(shown)} rules are right often enough; {len(weak)} {words.be(len(weak))} weak"
    with st.container(key="figure-accuracy"):
        st.markdown(f"### {title}", anchors=False)
        st.caption(LABELLED, help=explain(page, "feature_accuracy"))
        said = "; ".join(f"{accuracy.said(row)} {accuracy.share(row, 'precision')} and {accuracy.share(row, 'recall')}" for row in shown)
        drawn = accuracy.chart(accuracy.groups(shown), page.tone)
        st.vega_lite_chart(drawn, width="stretch", theme=None, key="chart-accuracy", alt=f"{title}. Precision and recall: {said}")
        st.caption(f"{LABELLERS} Source: {sum(row['labelled_count'] or 0 for row in shown):,} labelled cases in these lines.")
        scopes(rows)
        table("accuracy", rows)


@st.fragment
def scopes(rows: Sequence[Row]) -> None:
    """The whole table, one thing at a time where somebody chooses."""
    fold = st.expander(f"By part, kind of channel and language ({len(rows)} lines)", key="rows-scopes", on_change="rerun")
    if fold.open:
        chosen = fold.selectbox("What is read", ["everything", *dict.fromkeys(row["feature"] for row in rows)], key="feature")
        of_it = [row for row in rows if chosen in ("everything", row["feature"])]
        fold.dataframe([accuracy.listed(row) for row in of_it], hide_index=True, alt="How often is right what rules read")
        fold.caption("Empty: all of them together. κ: agreement of two labellers beyond chance, where enough was labelled twice.")


@st.fragment
def definitions(entries: Sequence[Row]) -> None:
    """Every question by letter, folded; or those in which the words sought stand."""
    if not entries:
        return
    st.markdown("## How is each figure made?", anchors=False)
    sought = st.text_input("Search the questions and definitions", key="sought", max_chars=100, placeholder="for example: reopened")
    found = method.matching(entries, sought or "")
    if sought:
        st.caption(f"{len(found)} of {len(entries)} questions speak of it.")
    for title, of_letter in method.by_letter(found).items():
        kinds = Counter(entry["state"] for entry in of_letter)
        lacking = [f"{kinds[kind]} {kind}" for kind in (method.PART, method.NONE) if kinds[kind]]
        label = f"{words.plain(title)} ({len(of_letter)}{', ' if lacking else ''}{', '.join(lacking)})"
        fold = st.expander(label, key=f"letter-{of_letter[0]['code'][0]}-{bool(sought)}", expanded=bool(sought), on_change="rerun")
        if fold.open:
            with fold:
                for entry in of_letter:
                    defined(entry)


def defined(entry: Row) -> None:
    """A question with all that answers it; details step back."""
    st.markdown(f"#### {words.plain(entry['code'])} {words.plain(entry['title'])}", anchors=False)
    for metric in entry["metrics"]:
        st.markdown(method.asked(metric))
        st.caption(method.lines(metric))
    if entry["why"]:
        st.caption(f"*Left out{'' if entry['state'] == method.NONE else ' in part'}:* {words.plain(entry['why'])}")


def left_out(entries: Sequence[Row]) -> None:
    """What nobody answers and what is answered in part, each with its reason."""
    lacking = {kind: [entry for entry in entries if entry["state"] == kind] for kind in (method.NONE, method.PART)}
    if not any(lacking.values()):
        return
    st.markdown("## What is left out, and why?", anchors=False)
    for kind, said in ((method.NONE, "Not answered at all"), (method.PART, "Answered in part")):
        if lacking[kind]:
            with st.expander(f"{said} ({len(lacking[kind])})", expanded=kind == method.NONE):
                st.markdown(
                    "\n".join(f"- **{words.plain(e['code'])} {words.plain(e['title'])}**: {words.plain(e['why'])}" for e in lacking[kind])
                )


def restated(page: frame.View) -> None:
    """Which definitions changed, and how many figures of the same data say something else since."""
    changes = method.changes(page.snapshot)
    st.markdown("## What was restated?", anchors=False)
    if not changes:
        unknown = "This snapshot was published without the log of definitions."
        st.markdown(unknown if changes is None else "No definition has changed since the first build here, so no figure was restated.")
        return
    figures, times = sum(row["restated_count"] for row in changes), "time" if len(changes) == 1 else "times"
    st.markdown(
        f"Definitions changed {len(changes)} {times} since the first build here; {words.count(figures)} figures of the same data say "
        "something else since. What they said before is kept, and stands on their receipts."
    )
    shown = [
        {"metric": row["name"], "version": f"{row['old_version']} → {row['new_version']}", "data as of": words.instant(row["as_of_at"])}
        | {"figures that changed": row["restated_count"]}
        for row in changes
    ]
    st.dataframe(shown, hide_index=True, alt="Definitions that changed, and the figures that changed with them")


def receipt(page: frame.View) -> None:
    """How to see all that stands behind one figure."""
    st.markdown("## How do I get the receipt of a figure?", anchors=False)
    st.markdown(
        "A receipt shows the query that gives a figure, the rows it was made of with their links, what was left out and why, and when each "
        "channel was visited. Name the metric and the figure; what you leave open is taken as usual, or the command says what there is:"
    )
    st.code(receipts.command(page.snapshot, EXAMPLE), language=None, wrap_lines=True)
    st.caption("Add `--json` for programs, and `--rows 100` for more rows. `heartbeat metrics` lists the names.")


show(frame.view())
