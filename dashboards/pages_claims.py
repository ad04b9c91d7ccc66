"""Does the essay hold? The board of its claims: what the figures say to each, by how much, on what that rests, and since when."""

from typing import Any

import streamlit as st

from dashboards import board, frame, receipts, words
from dashboards.figure import table

QUESTION = "Does the essay hold?"
Row = dict[str, Any]
HOW = (
    "Each line is a test that decides, drawn in units of the smallest effect that matters (dashed); bars are 95 % intervals. "
    "● supports the claim, ▲ says the opposite, ◇ shows no difference; ≈ too few families, ? not observable from outside."
)
UNITS = (
    "Open less proprietary families, or less a fixed level; × is their ratio, a bare number an order of pairs from −1 to +1. In "
    "brackets: context that decides nothing."
)
LIMITS = (
    "Words, tests and thresholds were fixed before the data. Families are the units; p is adjusted over all tests of the board. "
    "*No difference shown* does not say that there is none. All families are tested: the filters above do not apply here."
)


def show(page: frame.View) -> None:
    """The answer, the whole board as one figure, then a card for each claim."""
    claims = board.claims(page.snapshot)
    if not claims:
        frame.answer(QUESTION, "The data do not carry an answer: this snapshot holds no verdicts.")
        st.markdown(
            "It was published by an older version, or before the first visit. `heartbeat build` and `heartbeat publish` judge the claims."
        )
        return
    frame.answer(QUESTION, board.answer(claims))
    st.caption(LIMITS)
    with st.container(key="figure-board"):
        st.markdown(f"### {headline(claims)}", anchors=False)
        st.caption(HOW)
        said = "; ".join(f"{claim['title']}: {claim['verdict']}" for claim in claims)
        drawn = board.chart(board.overview(claims), page.tone)
        st.vega_lite_chart(drawn, width="stretch", theme=None, key="chart-board", alt=f"Verdicts on the claims. {said}")
        st.caption(f"Source: {len(claims)} claims and their tests · as of {dated(claims, page)}")
        table("claims", [{name: value for name, value in claim.items() if name not in ("tests", "history")} for claim in claims])
    st.markdown("## Each claim and its tests", anchors=False)
    st.caption(UNITS)
    for claim in claims:
        card(claim, page)


def headline(claims: list[Row]) -> str:
    """Which claims are borne out and which not, by name."""
    parts = []
    for verdict, said in (("supported", "Supported"), ("refuted", "Refuted")):
        names = [words.plain(claim["title"]) for claim in claims if claim["verdict"] == verdict]
        parts += [f"{said}: {words.listed(names)}"] if names else []
    return "; ".join(parts) or "No claim is supported or refuted by these data"


def dated(claims: list[Row], page: frame.View) -> str:
    """The instant of the data with its age."""
    instants = [claim["as_of_at"] for claim in claims if claim["as_of_at"]]
    then = min(instants, default=None)
    return f"{words.instant(then)} ({words.age(then, page.now)})"


def card(claim: Row, page: frame.View) -> None:
    """One claim: words at the left, its tests drawn at the right, reasons folded below."""
    with st.container(key=f"figure-{claim['claim_id']}"):
        st.markdown(f"### {claim['claim_id'].upper()} · {words.plain(claim['title'])}", anchors=False)
        left, right = st.columns([5, 6], gap="medium")
        with left:
            st.markdown(f"**{board.verdict(claim['verdict'])}** {since(claim)}  \n{words.plain(claim['wording'])}")
            st.caption(
                f"**The claim**, in our words: {words.plain(claim['claim'])}  \n**Would refute it:** "
                f"{words.plain(claim['would_refute'])}  \n"
                f"**Why it matters:** {words.plain(claim['why_it_matters'])}"
            )
        with right:
            drawn = board.chart(board.details(claim), page.tone)
            said = "; ".join(f"{board.name(test)}: {board.effect(test)}, {test['verdict']}" for test in claim["tests"])
            st.vega_lite_chart(
                drawn, width="stretch", theme=None, key=f"chart-{claim['claim_id']}", alt=f"Tests of the claim {claim['title']}. {said}"
            )
        st.caption(f"{rests(claim)} {words.plain(claim['sensitivity_note'])}")
        reasons(claim, page)


def since(claim: Row) -> str:
    """Since when the verdict stands, and what it was before."""
    history = claim["history"]
    if not history:
        return "(not yet in the history of verdicts)"
    before = [f"{entry['verdict']} from {day(entry)}" for entry in history[:-1]]
    return f"since {day(history[-1])}" + (f"; before: {words.listed(before)}" if before else ", the first verdict")


def day(entry: Row) -> str:
    """The day of the data on which a verdict was reached."""
    return f"{entry['as_of_at'].day} {entry['as_of_at']:%b %Y}"


def rests(claim: Row) -> str:
    """What decided, and on how many cases and families the leading test rests."""
    decided = (
        f"{claim['supported_count']} of {claim['tests_count']} deciding tests support it, {claim['refuted_count']} say the opposite, "
        f"{claim['tests_count'] - claim['judged_count']} cannot be judged. {board.RULES.get(claim['rule'], '')}"
    )
    if claim["effect"] is None:
        return decided
    leading = next(board.name(test) for test in claim["tests"] if test["is_deciding"] and test["p_value"] is not None)
    count = f"n{words.GAP}={words.GAP}{words.count(claim['n'])} items"
    return f"{decided} The leading test ({leading}) rests on {count} of {board.families(claim)}."


@st.fragment
def reasons(claim: Row, page: frame.View) -> None:
    """The tests in a table, how the verdict changed, and the commands of receipts; folded until asked for."""
    fold = st.expander(f"Tests behind it ({len(claim['tests'])}), history and receipts", key=f"rows-{claim['claim_id']}", on_change="rerun")
    if not fold.open:
        return
    fold.dataframe([tested(test) for test in claim["tests"]], hide_index=True, alt=f"Tests of the claim {claim['title']}")
    for test in claim["tests"]:
        fold.caption(
            f"{board.SHAPES.get(test['verdict'], '')} {words.plain(test['explanation'])} *Why this test:* {words.plain(test['test_why'])}"
        )
    if claim["history"]:
        fold.dataframe([reached(entry) for entry in claim["history"]], hide_index=True, alt="How the verdict on this claim changed")
    names = ("segment", "statistic", "window")
    commands = [receipts.command(page.snapshot, test["metric"], **{name: test[name] for name in names}) for test in claim["tests"]]
    fold.caption("What stands behind a figure that a test rests on, here the one with the most cases; other families have their own:")
    fold.code("\n".join(dict.fromkeys(commands)), language=None, wrap_lines=True)


def tested(test: Row) -> Row:
    """A test as the table has it."""
    return {
        "test": board.name(test),
        "expected": board.EXPECTED.get(test["expects"], test["expects"]),
        "verdict": board.verdict(test["verdict"]),
        "effect (95 % interval)": board.effect(test),
        "p, adjusted": "" if test["p_adjusted"] is None else "below 0.001" if test["p_adjusted"] < 0.001 else f"{test['p_adjusted']:.3f}",
        "n": test["n"],
        "open": test["open_count"],
        "proprietary": test["proprietary_count"],
    }


def reached(entry: Row) -> Row:
    """A verdict of the past as the table has it."""
    return {
        "since": day(entry),
        "verdict": board.verdict(entry["verdict"]),
        "version of the claim": entry["claim_version"],
        "n": entry["n"],
    }


show(frame.view())
