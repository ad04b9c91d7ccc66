"""The page "Does the essay hold?": the board of claims, what the figures say to each, by how much, on what evidence,
and since when."""

from collections.abc import Sequence

import streamlit as st

from dashboards.evidence import board
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.layout import draw_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow
from dashboards.words import numbers, sentences

QUESTION = "Does the essay hold?"
NOTHING = "The data give no answer: this snapshot holds no verdicts."
HELP = (
    "It was published by an older version, or before the first visit. `heartbeat build` and `heartbeat publish` "
    "judge the claims."
)
ESSAY = (
    "The claims are those of "
    "[*Open-Source vs. Proprietary LLMs: A Battle of Accessibility, Customization, and Community*]"
    "(https://williamzujkowski.github.io/posts/2024-06-09-open-source-vs-proprietary-llms-a-battle-of-accessibility-"
    "customization-and-community) by William Zujkowski (2024), in our words."
)
HOW = "Tests with their 95 % intervals, in units of the smallest effect that matters (dashed)."
LIMITS = (
    "● supports the claim, ▲ rules it out, ◇ undecided, which is not *no difference*, ≈ too few data. "
    "✕ cannot be read: a rule that reads texts is "
    "below its gate on the labels of a side; more data would not help. Words, tests and thresholds were fixed before "
    "the data; `heartbeat claims --registered` prints them. Families are the units, and each claim has one p, adjusted "
    "over the claims that can be judged. Effects are open minus proprietary, or minus a fixed level; × marks a ratio."
)
UNREAD = "No difference can be found: a rule that reads texts misses its gate. The card below says which and why."
SOURCE = "the claims and their tests, fixed beforehand"
PARTS = ("segment", "statistic", "window")
"""What a test names of a figure."""


def story(page: View) -> Story:
    """Gives the answer and the verdicts on one board; the page draws a card for each claim below."""
    claims = board.load_claims(page.snapshot)
    if not claims:
        return Story(QUESTION, NOTHING, [Words(HELP)])
    parts: list[Part] = [
        Words(describe_power(claims)), draw_overview(claims, page), Words(ESSAY, is_small=True),
    ]  # fmt: skip
    return Story(QUESTION, sentences.join_answer(board.judge_page(claims), board.answer_page(claims)), parts)


def describe_power(claims: Sequence[DictRow]) -> str:
    """States first which difference the families and cases at hand can find for each claim."""
    claims_by_note: dict[str, list[str]] = {}
    for claim in claims:
        note = UNREAD if claim["verdict"] == "cannot be read" else claim["detectable_note"]
        if note:
            claims_by_note.setdefault(note, []).append(claim["claim_id"].upper())
    stated = [f"- {', '.join(names)}: {numbers.escape_markdown(note)}" for note, names in claims_by_note.items()]
    return "\n".join(["**What the data at hand can find**, claim by claim:\n", *stated])


def draw_overview(claims: Sequence[DictRow], page: View) -> Figure:
    """Draws the board: each claim with its verdict and its tests."""
    verdicts = "; ".join(f"{claim['title']}: {claim['verdict']}" for claim in claims)
    chart = board.draw_board(claims, page.theme)
    return Figure(
        name="board",
        title="Each claim's verdict and its tests",
        subtitle=HOW if chart else "No test has an effect yet.",
        how=LIMITS,
        chart=chart,
        shown=[] if chart else [_list_claim(claim) for claim in claims],
        is_list=not chart,
        rows=[_make_row(claim) for claim in claims],
        metric="claim_verdicts",
        source=SOURCE,
        behind=[row for claim in claims for row in load_tested(claim, page)],
        alt=f"Verdicts on the claims. {verdicts}",
    )


def _list_claim(claim: DictRow) -> DictRow:
    return {"what": f"{claim['claim_id'].upper()} {claim['title']}", "is": board.format_verdict(claim["verdict"])}


def _make_row(claim: DictRow) -> DictRow:
    """Makes a row without lists, which no table or file can hold, and with the scale of its effect."""
    row = {name: value for name, value in claim.items() if name not in ("tests", "history")}
    return row | {"scale": (find_leading(claim) or {}).get("scale")}


def load_tested(claim: DictRow, page: View) -> list[DictRow]:
    """Loads the measured figures of a claim's tests, of all families and channels."""
    names = " and ".join(f'"{name}" = ?' for name in PARTS)
    return [
        row
        for test in claim["tests"]
        for row in snapshot_reader.load_rows(
            page.snapshot,
            f"select family_id, coverage_share from metrics.{test['metric']} where state = 'measured' and {names}",
            *(test[name] for name in PARTS),
        )
    ]


def draw_card(claim: DictRow) -> Figure:
    """Draws one claim: its verdict as the title, what it says, and its tests; behind the info mark, what would refute
    it."""
    tests = claim["tests"]
    lines = [
        numbers.escape_markdown(claim["wording"]),
        f"**The claim:** {numbers.escape_markdown(claim['claim'])}",
        describe_leading(claim),
    ]
    why = claim["detectable_note"] if claim["verdict"] == "cannot be read" else ""
    return Figure(
        name=f"claim-{claim['claim_id']}",
        title=f"{claim['verdict'].capitalize()} {describe_since(claim)}",
        subtitle="  \n".join(filter(None, lines)),
        how=numbers.escape_markdown(f"Would refute it: {claim['would_refute']} {why or ''}".strip()),
        rows=tests,
        metric="claim_tests",
        source=SOURCE if tests else "",
        shown=[describe_test(test) for test in tests],
        is_list=not tests,
        alt=f"The tests of {claim['claim_id'].upper()}",
    )


def find_leading(claim: DictRow) -> DictRow | None:
    """Finds the leading test: the first one that could be judged."""
    return next((test for test in claim["tests"] if test["effect"] is not None), None)


def describe_leading(claim: DictRow) -> str:
    """States the claim's p if chance has a part in it, and whether the verdict depends on one family; empty if no test
    was judged."""
    if find_leading(claim) is None:
        return ""
    # The p of a mixed claim would be of its holding.
    p = claim["p_adjusted"] if claim["verdict"] != "mixed" else None
    said = f"The claim's p over the board is {'below 0.001' if p < 0.001 else f'{p:.3f}'}. " if p else ""
    return f"{said}{numbers.escape_markdown(claim['sensitivity_note'])}"


def describe_since(claim: DictRow) -> str:
    """States since when the verdict stands, and what it was before."""
    stages = [(entry["verdict"], numbers.format_day(entry["as_of_at"])) for entry in claim["history"]]
    if not stages:
        return "(not yet in the history of verdicts)"
    before = numbers.join_words([f"{verdict} from {day}" for verdict, day in stages[:-1]])
    return f"since {stages[-1][1]}" + (f"; before: {before}" if before else "")


def draw_page(page: View) -> None:
    layout.draw_story(page, story)
    for claim in board.load_claims(page.snapshot):
        draw_claim(claim, page)


@st.fragment
def draw_claim(claim: DictRow, page: View) -> None:
    mark, title = board.SHAPES.get(claim["verdict"], ""), numbers.escape_markdown(claim["title"])
    label = f"{mark} {claim['claim_id'].upper()} {title}: {claim['verdict']}".strip()
    fold = st.expander(label, key=f"rows-{claim['claim_id']}", on_change="rerun")
    if fold.open:
        with fold:
            draw_figure(page, draw_card(claim))


def describe_test(test: DictRow) -> DictRow:
    return {
        "test": test["title"],
        "expected": board.EXPECTED.get(test["expects"], test["expects"]),
        "verdict": board.format_verdict(test["verdict"]),
        "effect (95 % interval)": board.format_effect(test),
        "can find": test["detectable_note"] or "",
        "n": test["n"],
        "open": test["open_count"],
        "proprietary": test["proprietary_count"],
    }


if __name__ == "__main__":
    draw_page(current_view())
