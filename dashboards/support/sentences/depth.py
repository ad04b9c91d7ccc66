"""Sentences about depth: how deep answers go, how far the rules that read it can be trusted, and which points an answer
earned."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.metric_row import Row
from dashboards.words import gaps, numbers
from dashboards.words.sentences import SIDES, select_measured, select_pair
from warehouse.wording import GAP, is_are

RULES = {
    "has_code": "lines of code", "has_patch": "a patch", "has_command": "a command",
    "source_paths": "a file that is named",
    "has_version": "a version or setting", "has_solved": "that it works now",
    "is_deflection": "being sent elsewhere", "is_docs_pointer": "no more than a link to documentation",
}  # fmt: skip
"""The properties that rules read in an answer, in words."""
OF_DEPTH = tuple(RULES)[:6]
"""The rules behind the points of depth."""
EARNED = {
    "has_code_point": "code", "has_source_point": "source", "has_version_point": "version",
    "is_verified": "verified",
}  # fmt: skip
YES, NO = "●", "·"
NOTHING = (
    "The data give no answer: in this window no family has enough answered questions that were read. "
    "A question counts once it has been observed for 30 days."
)


def answer_page(
    rows: Sequence[Row],
    rules: Sequence[Row],
    titles: Mapping[str, str],
    sides: str = "",
    where: str = "",
    is_trial: bool = False,
) -> str:
    """States how the sides differ in like cases (`sides`), then how many of those answered get a deep answer, for each
    side's family with most of them, and how good the rules are; `where` is the place and window. A trial compares
    nothing."""
    measured_rows = select_measured(rows)
    most = select_pair(measured_rows)
    if not most:
        return NOTHING
    shares = [
        f"**{numbers.format_value(row, 'share')}** about {numbers.escape_markdown(titles[row['family_id']])}"
        for row in most
    ]
    cases = numbers.join_words([numbers.format_count(row["n"]) for row in most])
    which = ", the most on each side" if len(most) > 1 and len(measured_rows) > 2 else ""
    which += f"; {where}" if where else ""
    text = (
        "Of the answered questions, a deep answer (at least 3 of 4 points) came to "
        f"{numbers.join_words(shares)}; n{GAP}={GAP}{cases}{which}."
    )
    if len(most) < 2:
        # A reader who chose families of one side does not ask about the other.
        has_other = len({row["side"] for row in rows} & set(SIDES)) > 1
        other = " The other side has no family with enough answered questions to compare." if has_other else ""
        return f"{text}{other} {describe_trust(rules)} {sides}".strip()
    gap = "" if is_trial else f" {gaps.describe_gap(most[0], most[1], 'share')}"
    return f"{text}{gap} {describe_trust(rules)} {'' if is_trial else sides}".strip()


def judge_page(rows: Sequence[Row], titles: Mapping[str, str], is_trial: bool) -> str:
    """Words as a verdict whose answers are deep more often, or that depth is read too badly to say; empty where nothing
    is known."""
    pair = select_pair(select_measured(rows))
    if not pair:
        return ""
    if is_trial:
        return "**A trial, not a ranking**: rules still misjudge too often how deep an answer is."
    shares = [
        f"{numbers.format_share(row['value'])} for {numbers.escape_markdown(titles[row['family_id']])}" for row in pair
    ]
    if len(pair) < 2:
        return f"**Deep answers**: {shares[0]}."
    if not gaps.measure_gap(pair[0], pair[1]).is_shown:
        return f"**Too close to call**: deep answers come to {' and '.join(shares)}."
    ahead = max(pair, key=lambda row: row["value"])
    name = numbers.escape_markdown(titles[ahead["family_id"]])
    return f"**{name}'s users get deep answers more often**: {' and '.join(shares)}."


def describe_trust(rules: Sequence[Row]) -> str:
    """States how many rules behind the points are weak when tested on answers, and what that means for the
    intervals."""
    tried = [row for row in rules if row["feature"] in OF_DEPTH]
    if not tried:
        return "The accuracy of the rules behind the points is not in this snapshot, so treat the shares as rough."
    weak = [row for row in tried if row["is_weak"]]
    if not weak:
        return f"All {len(tried)} rules of the points did well on labelled answers."
    many = f"{len(weak)} of the {len(tried)} rules" if len(weak) < len(tried) else _name_all(len(tried))
    return (
        f"**{many} of the points {is_are(len(weak))} weak** on labelled answers; the intervals allow for this "
        "only where labelled answers correct a share."
    )


def _name_all(count: int) -> str:
    return {1: "The one rule", 2: "Both rules"}.get(count, f"All {count} rules")


def describe_rules(rows: Sequence[Row]) -> str:
    """Words the title of the accuracies."""
    weak = [row for row in rows if row["is_weak"]]
    missed = [RULES[row["feature"]] for row in rows if row["labelled_count"] and row["recall"] == 0]
    many = (
        f"{len(weak)} of {len(rows)} rules of answers"
        if len(weak) < len(rows)
        else f"{_name_all(len(rows))} of answers"
    )
    text = f"{many} {is_are(len(weak))} weak"
    return f"{text}; never found where labelled: {numbers.join_words(missed)}" if missed else text


def select_of_answers(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Selects each rule's result on answers, or on everything where answers were not tested separately."""
    by_feature: dict[str, dict[str, Any]] = {}
    for row in rows:
        is_whole = (row["class"], row["channel_kind"], row["language"]) == ("yes", "all", "all")
        is_better = row["part"] == "reply" or (row["part"] == "all" and row["feature"] not in by_feature)
        if is_whole and is_better and row["feature"] in RULES:
            by_feature[row["feature"]] = dict(row)
    return [by_feature[feature] for feature in RULES if feature in by_feature]


def describe_answer(row: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    """Describes an answer as a table row: the question, the points with their marks, and its place."""
    return {
        "family": titles[row["family_id"]],
        "question": row["title"] or "no title kept",
        "answer link": row["url"],
        "points": f"{row['depth_points']} of 4",
        **{name: YES if row[column] else NO for column, name in EARNED.items()},
        "answered on": numbers.format_day(row["replied_at"]),
        "by": numbers.ANSWERERS.get(row["author_role"], row["author_role"]),
    }


def describe_answers(rows: Sequence[Row]) -> str:
    """Words the title of the deep answers: what most of those listed earned."""
    if not rows:
        return "No deep answer was read for these filters"
    counts = {name: sum(bool(row[column]) for row in rows) for column, name in EARNED.items()}
    least = min(counts, key=lambda name: counts[name])
    text = (
        f"Of the newest {len(rows)} deep answers {counts['code']} contain code and {counts['source']} point to source"
    )
    return f"{text}; rarest is “{least}”, {counts[least]}"
