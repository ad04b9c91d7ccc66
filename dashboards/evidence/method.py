"""The page on method: every question with the figures that answer it, what is left out, how accurate the rules are, and
what was restated."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboards.evidence import accuracy, coverage, method_questions, restatements
from dashboards.frame import layout, receipts
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow
from dashboards.words import numbers, sentences
from warehouse.wording import is_are, pluralize

QUESTION = "Method"
LABELLED = (
    "Precision: how much of what a rule finds is right. Recall: how much of what is there it finds. ● precision, □ "
    "recall; bars are 95 % intervals. ▲ below its gate: one of the two is lower than needed, or fewer than 10 cases "
    "were there to find; a figure that rests on it is a trial. One exception: a mere “+1” is no answer, although its "
    "reader is below its gate; `with_me_too` has the shares with it, and a claim says if its verdict would change. "
    "▲ weak: a part that has no gate, below 80 % or with fewer than 20 cases. Tested on labelled cases that were held "
    "out while the rules were tuned. Where the recordings are available, the tests measure it again and fail if a rule "
    "tested on enough cases got worse."
)
LABELLERS = (
    "Who labelled, and what: AI readers, not people, read texts one by one with written definitions and without the "
    "rules' output; some of them also wrote or mended rules. Others read a part again (κ is their agreement beyond "
    "chance, and people may agree less). The texts are questions and replies of a vendor's forum, of r/LocalLLaMA, of "
    "the trackers of llama.cpp, SGLang and the Gemini CLI, and replies of three more trackers of open runtimes. Every "
    "held-out text is labelled for what its question wants; everything else is labelled in a random sample. This shows "
    "how well such texts are read, not how common anything is. What a question wants is weighed by words that were "
    "learned from other texts; none of those is tested on. Held-out replies were measured up to five times, and rules "
    "were mended in between; what the answers of a thread hold was measured once, on threads that nobody had read. "
    "Families, roles and incidents were labelled by one reader. All of it is told in `tests/labels/README.md`."
)
EXAMPLE = "answered_share"
MORE = "How accurate it is, what is left out and what was restated"
URGENCY = (method_questions.NONE, method_questions.PART, method_questions.FULL)


def story(page: View) -> Story:
    """Tells how accurate the rules are, which questions are answered and why others are not, what was restated, and how
    to get a receipt."""
    entries, rows = method_questions.load_questions(page.snapshot), accuracy.load_accuracy(page.snapshot)
    parts: list[Part] = [Words("Definitions hold for all families, whatever the filters say.", is_small=True)]
    parts += (
        [draw_accuracy(page, rows), Words(LABELLERS, is_small=True), draw_scopes(rows)]
        if accuracy.select_whole(rows)
        else []
    )
    parts += coverage.draw_simulations(page.snapshot)
    parts += [draw_questions(entries)] if entries else []
    parts += [Words("## What was restated?"), *restatements.draw_restatements(page), explain_receipt(page)]
    whole = _load_whole(page, rows)
    answer = sentences.tell_in_steps(judge_page(entries, whole), answer_page(entries, whole))
    return Story(QUESTION, answer, parts, shown_count=0, more=MORE)


def _load_whole(page: View, rows: Sequence[DictRow]) -> list[DictRow]:
    return accuracy.judge_by_gates(accuracy.select_whole(rows), accuracy.load_gates(page.snapshot))


def judge_page(entries: Sequence[DictRow], rows: Sequence[DictRow]) -> str:
    """Words as a verdict how many questions are answered in full; empty where none is published."""
    full = sum(entry["state"] == method_questions.FULL for entry in entries)
    gated = [row for row in rows if "gate" in row]
    weak = sum(row["is_weak"] for row in gated or rows)
    fault = "below the gate" if gated else "weak"
    readers = f"; {weak} {pluralize(weak, 'reader', 'readers')} {is_are(weak)} {fault}" if weak else ""
    return f"**{full} of {len(entries)} questions are answered in full**{readers}." if entries else ""


def answer_page(entries: Sequence[DictRow], rows: Sequence[DictRow]) -> str:
    """States how many questions are answered and how many rules are weak."""
    kinds = Counter(entry["state"] for entry in entries)
    questions_sentence = (
        f"**{kinds[method_questions.FULL]} of {len(entries)} questions of the method are answered**, "
        f"{kinds[method_questions.PART]} more in part, and {kinds[method_questions.NONE]} not at all."
        if entries
        else "The data give no answer: this snapshot was published without the questions of the method."
    )
    gated = [row for row in rows if "gate" in row]
    weak = sum(row["is_weak"] for row in gated or rows)
    if gated:
        return (
            f"{questions_sentence} Of {len(gated)} readers of texts, accounts and incidents **{weak} "
            f"{is_are(weak)} below the gate** fixed for them; with one exception, named below, what "
            "rests on those is a trial, which ranks nobody and decides no claim."
        )
    if rows:
        rules_sentence = f"Of {len(rows)} features that rules read or distinguish, **{weak} {is_are(weak)} weak**"
        return f"{questions_sentence} {rules_sentence}; figures that rest on those say so."
    return questions_sentence + (
        " The accuracy of the rules is not in this snapshot." if entries else " Nor is the accuracy of its rules."
    )


def draw_accuracy(page: View, rows: Sequence[DictRow]) -> Figure:
    """Draws the overall accuracy of the rules."""
    whole_rows = _load_whole(page, rows)
    gated = [row for row in whole_rows if "gate" in row] or whole_rows
    weak = sum(row["is_weak"] for row in gated)
    good = f"{len(gated) - weak} of {len(gated)}"
    description = "; ".join(
        f"{accuracy.name_feature(row)} {accuracy.format_accuracy(row, 'precision')} and "
        f"{accuracy.format_accuracy(row, 'recall')}"
        for row in whole_rows
    )
    return Figure(
        name="accuracy",
        title=f"{good} readers pass their gate; {weak} {is_are(weak)} below it"
        if "gate" in gated[0]
        else f"{good} rules are accurate enough; {weak} {is_are(weak)} weak",
        subtitle=LABELLED,
        chart=accuracy.draw_accuracy(accuracy.make_groups(whole_rows), page.theme),
        rows=whole_rows,
        metric="feature_accuracy",
        source=f"{sum(row['labelled_count'] or 0 for row in whole_rows):,} labelled cases in these lines",
        alt=f"Precision and recall: {description}",
    )


def draw_scopes(rows: Sequence[DictRow]) -> Figure:
    """Draws the whole table, by part, kind of channel and language."""
    weak = sum(row["is_weak"] for row in rows)
    return Figure(
        name="scopes",
        title=f"By part, kind of channel and language: {weak} of {len(rows)} lines are weak",
        subtitle="Empty: all of them together. Weak: precision or recall below 80 %, or fewer than 20 cases to find. "
        "κ: agreement of two labellers beyond chance, where enough was labelled twice.",
        chart=None,
        rows=rows,
        metric="feature_accuracy",
        source="labelled cases",
        alt="The accuracy of the rules, line by line",
        shown=[accuracy.describe_row(row) for row in rows],
    )


def draw_questions(entries: Sequence[DictRow]) -> Figure:
    """Draws every question of the method with what answers it, or why nothing does; incomplete ones first."""
    kinds = Counter(entry["state"] for entry in entries)
    lines = [
        {
            "question": entry["code"], "about": entry["title"], "state": entry["state"],
            "left out because": entry["why"] or "",
            "measures": ", ".join(metric["name"] for metric in entry["metrics"]),
        }
        for entry in sorted(entries, key=lambda entry: URGENCY.index(entry["state"]))
    ]  # fmt: skip
    lacking = numbers.join_words(
        [f"{kinds[kind]} {kind}" for kind in (method_questions.NONE, method_questions.PART) if kinds[kind]]
    )
    return Figure(
        name="questions",
        title=f"What is left out, and why: of {len(entries)} questions {lacking}"
        if lacking
        else f"All {len(entries)} questions are answered",
        subtitle="The questions of the method, with the measures that answer each; incomplete ones come first.",
        chart=None,
        rows=lines,
        metric="",
        source="the headers of the measures",
        alt=f"Questions of the method: {lacking or 'all answered'}",
        shown=lines,
    )


def explain_receipt(page: View) -> Words:
    """Explains how to see everything behind one figure."""
    command = receipts.find_command(page.snapshot, EXAMPLE).replace("`", "")
    return Words(
        "## How do I get the receipt of a figure?\n\n"
        "A receipt shows the query that gives a figure, the rows behind it with their links, what was left out "
        "and why, and when each "
        "channel was visited. Open it below any figure, or name the metric and the figure; everything else has its "
        "default:\n\n"
        f"`{command}`\n\nAdd `--json` for programs, and `--rows 100` for more rows. `heartbeat metrics` lists the "
        "names."
    )


def draw_look_up(page: View) -> None:
    """Draws a look-up of one measure, chosen by name and kept in the address, with everything its own file says."""
    named = {row["name"]: row for row in method_questions.load_metrics(page.snapshot)}
    if not named:
        return
    with st.container(key="figure-look-up"):
        chosen = st.selectbox(
            f"Look up one of {len(named)} measures", list(named), index=None, key="metric", bind="query-params",
            placeholder="Type a part of its name, for example answered",
        )  # fmt: skip
        if chosen:
            row = named[chosen]
            st.markdown(method_questions.describe_metric(row))
            st.markdown(method_questions.describe_definition(row))


@st.fragment
def draw_definitions(entries: Sequence[DictRow]) -> None:
    """Draws every question by letter, folded, or those that contain the words searched for."""
    if not entries:
        return
    st.markdown("## How is each figure made?", anchors=False)
    sought = st.text_input(
        "Search the questions and definitions", key="sought", max_chars=100, placeholder="for example: reopened"
    )
    matches = method_questions.select_matching(entries, sought or "")
    if sought:
        st.caption(f"{len(matches)} of {len(entries)} questions speak of it.")
    for title, of_letter in method_questions.group_by_letter(matches).items():
        kinds = Counter(entry["state"] for entry in of_letter)
        lacking = [f"{kinds[kind]} {kind}" for kind in (method_questions.PART, method_questions.NONE) if kinds[kind]]
        label = f"{numbers.escape_markdown(title)} ({len(of_letter)}{', ' if lacking else ''}{', '.join(lacking)})"
        fold = st.expander(
            label, key=f"letter-{of_letter[0]['code'][0]}-{bool(sought)}", expanded=bool(sought), on_change="rerun"
        )
        if fold.open:
            with fold:
                for entry in of_letter:
                    draw_definition(entry)


def draw_definition(entry: DictRow) -> None:
    """Draws a question with everything that answers it; details are set smaller."""
    st.markdown(
        f"### {numbers.escape_markdown(entry['code'])} {numbers.escape_markdown(entry['title'])}", anchors=False
    )
    for metric in entry["metrics"]:
        st.markdown(method_questions.describe_metric(metric))
        st.caption(method_questions.describe_definition(metric))
    if entry["why"]:
        st.caption(
            f"*Left out{'' if entry['state'] == method_questions.NONE else ' in part'}:* "
            f"{numbers.escape_markdown(entry['why'])}"
        )


def draw_page(page: View) -> None:
    """Draws the answer, the look-up, every definition, folded, then the story in a fold of its own."""
    page_story = story(page)
    layout.draw_answer(page_story.question, page_story.answer)
    draw_look_up(page)
    draw_definitions(method_questions.load_questions(page.snapshot))
    layout.draw_parts(page, page_story)


if __name__ == "__main__":
    draw_page(current_view())
