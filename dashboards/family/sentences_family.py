"""Sentences of the page of one family: each from the rows that its chart draws."""

from collections.abc import Mapping, Sequence

from dashboards.choose import sentences_ask
from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.openness.sentences_openness import MOST as ALL_FREEDOMS
from dashboards.reliability import sentences_ends
from dashboards.words import numbers, sentences
from warehouse.wording import count_things, pluralize

LABELS = {
    "waiting": "waiting", "gap": "closed and helped", "incidents": "incidents", "ends": "ends of models",
    "trend-works": "pace of work", "trend-answered": "answers by month", "trend-incidents": "incidents by month",
    "trend-price": "price by month",
}  # fmt: skip
"""The figures in words."""
SUBJECTS = {
    "threads": "questions", "issues": "issue reports", "changes": "changes to code", "models": "models on the Hub",
    "lineage": "models built on its own", "prices": "price", "notices": "ends of models", "tuning": "offers to tune",
}  # fmt: skip


def judge_page(medians: Sequence[Row], year: Sequence[Row], title: str) -> str:
    """Words as a verdict how soon half hear back and how many models end; what is unknown is said."""
    name = numbers.escape_markdown(title)
    row = next((row for row in medians if row["state"] == "measured"), None)
    if row is None:
        wait = f"Too little is known of how long {name}'s users wait"
    elif row["value"] is None:
        wait = f"Fewer than half of {name}'s users hear back"
    else:
        wait = f"Half of {name}'s users hear back within {numbers.format_hours(row['value'])}"
    ending = f"; {count_ends(year).partition(',')[0]} within a year" if year else ""
    return f"**{wait}{ending}.**"


def count_ends(year: Sequence[Row]) -> str:
    """Counts models that end and those of which only an earliest day is known: `4 models end, 2 more may`."""
    sure = sum(row["shutdown_kind"] != "not_before" for row in year)
    may = len(year) - sure
    if not sure:
        return f"{count_things(may, 'model')} may end"
    return f"{count_things(sure, 'model ends', 'models end')}" + (f", {may} more may" if may else "")


def answer_page(pairs: Sequence[Row], family: str, side: str) -> str:
    """States how a family compares with the others of its side in like questions."""
    judged = [differences.judge_for(row, family) for row in pairs]
    if not judged:
        return "The data give no answer: too few questions were read in this window."
    ahead, behind = judged.count(differences.AHEAD), judged.count(differences.BEHIND)
    if not ahead and not behind:
        return f"In like questions no difference from other {side} families is shown."
    rest = "; the rest are too close to call" if ahead + behind < len(judged) else ""
    return (
        f"In like questions {ahead or 'no'} other {side} {pluralize(ahead, 'family answers', 'families answer')} less "
        f"often within a week, and {behind or 'none'} more often{rest}."
    )


def describe_help(rows: Sequence[Row]) -> str:
    """Words how many threads are closed and how many helped."""
    shares = [
        f"{numbers.format_share(row['value'])} {row['statistic']}"
        for row in sentences.select_shown(rows)
        if row["value"] is not None
    ]
    return f"{', '.join(shares)} after 30 days" if shares else ""


def name_place(row: Row, channels: Mapping[str, Row]) -> str:
    """Names a place without the owner of its repository."""
    return sentences_ask.name_channel(row, channels).rpartition("/")[2]


def describe_ends(year: Sequence[Row]) -> str:
    """Words how many models end within a year, and by which day the first does."""
    first = next((row for row in year if row["shutdown_kind"] != "not_before"), year[0])
    return f"{count_ends(year)}; first {sentences_ends.shorten_end(first)}"


def judge_record(rows: Sequence[Row]) -> str:
    """Words whether the promised notice was given."""
    held = [row for row in rows if row["metric"] == "promise_kept_share"]
    if kept := sentences.select_measured(held):
        return f"{numbers.format_share(kept[0]['value'])} of models got the promised notice"
    return "No end has tested the promised notice" if held else "The vendor's record"


def judge_terms(rows: Sequence[Row]) -> str:
    """Words how much of the weights is the user's to change."""
    known = {row["statistic"]: row["value"] for row in sentences.select_measured(rows)}
    if not known:
        return "What you may do is not known"
    if not known.get("highest"):
        return "None of it is yours to change"
    if known.get("lowest") == ALL_FREEDOMS:
        return "All of it is yours to change"
    return "Some of it is yours to change"


def explain(row: Row) -> str:
    """Explains why there is nothing to see."""
    mark, meaning = numbers.STATES.get(row["state"], ("", ""))
    return f"{mark} {row['state']}: {row['note'] or meaning}"


def word_fact(row: Row) -> str:
    """Words a fact that was read by hand, with the day if that is long ago."""
    return (
        f"{row['fact_words']} (read {numbers.format_day(row['as_of_on'])} ◆)" if row["is_stale"] else row["fact_words"]
    )


def join_facts(rows: Sequence[Row]) -> list[str]:
    """Words facts of one kind; those that end alike, after a semicolon, share their ending."""
    beginnings: dict[str, list[str]] = {}
    for row in rows:
        first, *end = word_fact(row).split("; ", 1)
        named = beginnings.setdefault("".join(f"; {words}" for words in end), [])
        named.append(first if not named or first[1:2].isupper() else f"{first[:1].lower()}{first[1:]}")
    return [f"{numbers.join_words(named)}{end}" for end, named in beginnings.items()]


def name_subject(row: Row) -> str:
    """Names what a coverage is about: `questions in forums and discussions`."""
    subject = SUBJECTS.get(row["subject"], str(row["subject"]))
    kind = numbers.KINDS.get(row["channel_kind"], "")
    if row["subject"] != "threads" or not kind:
        return subject
    return kind if kind.startswith(subject) else f"{subject} in {kind}"
