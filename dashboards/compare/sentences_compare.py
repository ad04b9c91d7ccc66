"""Sentences of the comparison: whose users hear back sooner, who is cheaper and freer to change, and how sure that
is."""

from collections.abc import Mapping, Sequence

from dashboards.compare import differences
from dashboards.compare.differences import Lead
from dashboards.words import numbers, sentences
from warehouse.wording import GAP, count_things

WEEK, DAY = differences.ORDER[:2]
"""The measures that the headline is about."""
ALONE = (
    "There is one family here, so there is nothing to compare it with.\n\n[Its own page](family) has all that is known."
)
VERDICTS = {
    differences.APART: "Yes, {}'s lead",
    differences.ALONE: "Perhaps {}'s lead",
    differences.NONE: "No, may be chance",
    differences.UNREAD: "Cannot be read",
    differences.FEW: "Too few alike",
}
"""Answers to "Is it real?"."""


def judge_lead(lead: Lead, titles: Mapping[str, str]) -> str:
    """Words whether a difference is real, and whose lead it is."""
    return VERDICTS[lead.verdict].format(titles.get(lead.leader, ""))


def count_leads(leads: Sequence[Lead], titles: Mapping[str, str]) -> str:
    """Words as a title who leads in how many measures, or seems to if that may be chance among all pairs."""
    whole = count_things(len(leads), "measure")
    won = [lead.leader for lead in leads if lead.leader]
    if not won:
        return f"No lead is shown in {whole}" if leads else "Who leads: too few answers were read"
    first, *others = sorted(set(won), key=lambda family: (-won.count(family), family))
    is_sure = any(lead.verdict == differences.APART for lead in leads)
    text = f"{numbers.escape_markdown(titles[first])} {'leads' if is_sure else 'seems to lead'} in {won.count(first)}"
    beside = "".join(f", {numbers.escape_markdown(titles[family])} in {won.count(family)}" for family in others)
    return f"{text} of {whole}{beside}"


def judge_answers(leads: Sequence[Lead], titles: Mapping[str, str]) -> str:
    """Words whose users hear back sooner: within a week, or a day, and never the other way in one of them."""
    by_measure = {(lead.metric, lead.statistic): lead for lead in leads}
    own = [by_measure[measure] for measure in (DAY, WEEK) if measure in by_measure]
    if not any(lead.difference for lead in own):
        return "The data give no answer to who hears back sooner"
    leaders = {lead.leader for lead in own if lead.leader}
    if len(leaders) != 1:
        return "Neither's users are shown to hear back sooner"
    name = numbers.escape_markdown(titles[leaders.pop()])
    is_sure = any(lead.verdict == differences.APART for lead in own)
    how = "sooner" if (by_measure[DAY].leader if DAY in by_measure else "") else "more often"
    return f"{name}'s users {'hear' if is_sure else 'seem to hear'} back {how}"


def word_facts(cheaper: str, freer: str, free: str) -> str:
    """Words who is cheaper and whose weights can be changed; empty if neither is known."""
    first, second = (numbers.escape_markdown(name) for name in (cheaper, freer))
    if cheaper and freer:
        return f"{first} is cheaper and {free}" if cheaper == freer else f"{first} is cheaper, {second} {free}"
    return f"{first} is cheaper" if cheaper else f"{second} is {free}" if freer else ""


def describe_shares(leads: Sequence[Lead], titles: Mapping[str, str]) -> str:
    """States how many of each family's askers hear back within a week, and the lead between like questions."""
    lead = next((lead for lead in leads if (lead.metric, lead.statistic) == WEEK), None)
    if lead is None:
        return ""
    rows = [row for row in sentences.select_shown(list(lead.figures.values())) if row["value"] is not None]
    ranked = sorted(rows, key=lambda row: row["value"], reverse=True)
    shares = [
        f"{numbers.format_share(row['value'])} ({numbers.escape_markdown(titles[row['family_id']])})" for row in ranked
    ]
    cases = numbers.join_words([numbers.format_count(row["n"]) for row in ranked])
    said = [f"Of those who ask, {numbers.join_words(shares)} hear back within a week; n{GAP}={GAP}{cases}."]
    row = lead.difference
    if row is None or lead.verdict == differences.UNREAD:
        return said[0] if ranked else ""
    # Read from who is ahead.
    row = differences.read_from(row, row["first_id" if row["effect"] >= 0 else "second_id"])
    name = numbers.escape_markdown(titles[row["first_id"]])
    points = differences.format_difference(row).removeprefix("+")
    doubt = "; it may be chance" if lead.verdict == differences.NONE else ""
    return " ".join([*(said if ranked else []), f"Between like questions {name}'s lead is {points}{doubt}."])
