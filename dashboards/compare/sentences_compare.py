"""Sentences of the comparison: who answers most within a week, and whether that can be distinguished."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import GAP, count_things, is_are

MOST_NAMED = 3
NO_PAIR = "The data give no answer: "
LIKE = "with like questions matched"
SPANS = {"within_24h": "within a day", "within_7d": "within a week"}
"""The measures of answers in which a pair is judged in words."""
CHANCES = {
    differences.NONE: "The interval includes 0, so it could be the other way round.",
    differences.ALONE: "On its own the interval excludes 0, but among all pairs some would do so by chance.",
    differences.APART: "That is more than chance among all pairs.",
}


def compare_two(pair: Row | None, names: Sequence[str]) -> str:
    """States whether people who ask about the first family hear from a person within a week more often than those who
    ask about the second."""
    first, second = (numbers.escape_markdown(name) for name in names)
    if pair is None:
        return f"{NO_PAIR}{first} and {second} have too few matched questions to compare."
    how = "more often" if pair["effect"] > 0 else "less often"
    gap = f"{how} than {second}'s, by {_format_gap(pair)}" if pair["effect"] else f"as often as {second}'s"
    cases = f"all channels, {numbers.format_window(pair['window'])}; n{GAP}={GAP}{numbers.format_count(pair['n'])}"
    text = f"{first}'s users hear from a person within a week {gap}, {LIKE}, {cases}."
    return f"{text} {CHANCES[differences.judge_pair(pair)]}"


def judge_two(pair: Row | None, names: Sequence[str]) -> str:
    """Words as a verdict whose users hear back more often, in the time of the measure; empty if the two cannot be
    compared."""
    if pair is None:
        return ""
    first, second = (numbers.escape_markdown(name) for name in names)
    span = SPANS[pair["statistic"]]
    if differences.judge_pair(pair) != differences.APART:
        return f"**Too close to call.** Either {first}'s or {second}'s users may hear back more often {span}."
    name = first if pair["effect"] > 0 else second
    points = numbers.format_two_digits(abs(100 * pair["effect"]))
    return f"**{name}'s users hear back more often**: {points} more in every 100 {span}."


def _format_gap(pair: Row) -> str:
    """Formats a gap in the direction in which it is worded: `6.1 points (−2.0 to 14)`."""
    turn = -1 if pair["effect"] < 0 else 1
    low, high = sorted(turn * pair[end] for end in ("effect_low", "effect_high"))
    number, *ends = (numbers.format_points(value).removeprefix("+") for value in (turn * pair["effect"], low, high))
    return f"{number}{GAP}points ({ends[0]} to {ends[1]})"


def compare_many(ranked: Sequence[Row], titles: Mapping[str, str], where: str) -> str:
    """States the share of who ranks first of these families, its rank, and how sure that is."""
    if not ranked:
        return f"{NO_PAIR}in {where} none of these families has enough questions whose answers were read."
    first = ranked[0]
    return (
        f"{numbers.escape_markdown(titles[first['family_id']])}'s users hear from a person within a week in "
        f"{format_adjusted(first)} of cases, adjusted to the same mix of questions; n{GAP}={GAP}"
        f"{numbers.format_count(first['n'])}, {where}, {numbers.format_window(first['window'])}. By that it has "
        f"{format_rank(first)}."
    )


def judge_many(ranked: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict who ranks first, unless others may be as good, or where the only one ranks; empty if nobody
    is ranked."""
    if not ranked:
        return ""
    first = ranked[0]
    name, share = numbers.escape_markdown(titles[first["family_id"]]), numbers.format_share(first["adjusted_value"])
    if len(ranked) == 1:
        low, high = first["rank_low"], first["rank_high"]
        span = f"{low} to {high}" if low != high else f"{low}"
        return f"**{name} ranks {span} of {first['families_count']}** by who hears back within a week."
    if level := _count_level(ranked):
        return f"**Too close to call**: {level + 1} of {len(ranked)} families share first place."
    return f"**{name}'s users are answered most often**: {share} hear from a person within a week."


def _count_level(ranked: Sequence[Row]) -> int:
    """Counts the others that may be as good as the first: of all that are ranked as published, of some by ranges that
    meet."""
    first, *others = ranked
    if len(ranked) == first["families_count"]:
        return int(first["level_count"])
    return sum(row["rank_low"] <= first["rank_high"] for row in others)


def name_unranked(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the families without a rank, a sentence for each reason; empty if there are none."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row["no_rank_note"]:
            names.setdefault(row["no_rank_note"], []).append(numbers.escape_markdown(titles[row["family_id"]]))
    return "".join(f" No rank, {why}: {numbers.join_words(own)}." for why, own in names.items())


def format_adjusted(row: Row) -> str:
    """Formats an adjusted figure with its interval: `74 % (66–82 %)`."""
    ends = {"value": row["adjusted_value"], "low": row["adjusted_low"], "high": row["adjusted_high"]}
    return numbers.format_value({"state": "measured", **ends}, "share")


def format_rank(row: Row) -> str:
    """Formats a rank with its range: `rank 1 of 21 (range 1–5)`."""
    span = f" (range {row['rank_low']}–{row['rank_high']})" if row["rank_low"] != row["rank_high"] else ""
    return f"rank {row['rank']} of {row['families_count']}{span}"


def name_first(ranked: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Returns the title of the list: who stands first, and how many of all others are too close to it; of a few
    families the ranks of the first three."""
    if not ranked:
        return "Too few questions whose answers were read for a rank"
    first, *others = ranked
    level = _count_level(ranked)
    if level and len(ranked) == first["families_count"]:
        return f"{level + 1} of {count_things(len(ranked), 'family', 'families')} share first place"
    names = [numbers.escape_markdown(titles[row["family_id"]]) for row in ranked[:MOST_NAMED]]
    text = f"{names[0]} ranks {first['rank']} of {first['families_count']}"
    if len(ranked) < first["families_count"]:
        return ", ".join([text, *(f"{name} {row['rank']}" for name, row in zip(names[1:], others, strict=False))])
    return f"{text}, alone"


def describe_standing(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the families from which one can be distinguished in matched cases, or counts them if they are many; the
    differences are read from it."""
    if not rows:
        return ""
    kinds: dict[str, list[str]] = {differences.AHEAD: [], differences.BEHIND: [], differences.CLOSE: []}
    for row in rows:
        kinds[differences.judge_for(row, row["first_id"])].append(numbers.escape_markdown(titles[row["second_id"]]))

    def named(names: Sequence[str]) -> str:
        many = f"any of the {len(rows)} others" if len(names) == len(rows) else f"{len(names)} of {len(rows)} others"
        return numbers.join_words(names) if len(names) < 4 else many

    phrases = {"ahead": "ahead of {}", "behind": "behind {}", "too close to call": "too close to call against {}"}
    stated = [phrases[kind].format(named(names)) for kind, names in kinds.items() if names]
    return f" Across all channels, {LIKE}, it is {numbers.join_words(stated)}."


def describe_pair(rows: Sequence[Row], betters: Mapping[str, int], titles: Mapping[str, str]) -> str:
    """Words as a title in how many measures each of two is ahead; `betters` holds the better direction by metric."""
    parts = []
    for family in (rows[0]["first_id"], rows[0]["second_id"]):
        won = sum(differences.judge_for(row, family, betters[row["metric"]]) == differences.AHEAD for row in rows)
        parts += (
            [f"{numbers.escape_markdown(titles.get(family, family))} is ahead in {won} of {len(rows)}"] if won else []
        )
    verdicts = Counter(map(differences.judge_pair, rows))
    unread = verdicts[differences.UNREAD]
    level = len(rows) - verdicts[differences.APART] - unread
    parts += [f"{level} {is_are(level)} {differences.CLOSE}"] if level else []
    return ", ".join([*parts, *([f"{unread} {differences.UNREAD}"] if unread else [])])


def describe_against(rows: Sequence[Row]) -> str:
    """Words as a title of how many others one family is ahead and behind; its differences are read from it."""
    verdicts = [differences.judge_for(row, row["first_id"]) for row in rows]
    ahead, behind, level = (verdicts.count(word) for word in (differences.AHEAD, differences.BEHIND, differences.CLOSE))
    return f"ahead of {ahead}, behind {behind}, {differences.CLOSE} against {level}"
