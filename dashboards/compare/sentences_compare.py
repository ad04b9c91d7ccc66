"""Sentences of the comparison: who answers most within a week, and whether that can be distinguished."""

from collections.abc import Mapping, Sequence

from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import GAP, is_are, pluralize

NO_PAIR = "The data give no answer: "
LIKE = "with like questions matched"
SPANS = {"within_24h": "within a day", "within_7d": "within a week"}
"""The measures of answers in which a pair is judged in words."""


def compare_two(pair: Row | None, names: Sequence[str], pairs: int) -> str:
    """States whether people who ask about the first family hear from a person within a week more often than those who
    ask about the second."""
    first, second = (numbers.escape_markdown(name) for name in names)
    if pair is None:
        return f"{NO_PAIR}{first} and {second} have too few matched questions to compare."
    how = "more often" if pair["effect"] > 0 else "less often"
    gap = f"{how} than {second}'s, by {_format_gap(pair)}" if pair["effect"] else f"as often as {second}'s"
    cases = f"all channels, {numbers.format_window(pair['window'])}; n{GAP}={GAP}{numbers.format_count(pair['n'])}"
    text = f"{first}'s users hear from a person within a week {gap}, {LIKE}, {cases}."
    return f"{text} {describe_chance(pair, pairs)}"


def judge_two(pair: Row | None, names: Sequence[str]) -> str:
    """Words as a verdict whose users hear back more often, in the time of the measure; empty where the two cannot be
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


def describe_chance(pair: Row, pairs: int) -> str:
    """States whether the difference is real, or one that chance produces."""
    verdict = differences.judge_pair(pair)
    if verdict == differences.NONE:
        return "The interval includes 0, so it could be the other way round."
    if pair["p_adjusted"] is None:
        return "That is more than chance."
    many = f"the {numbers.format_count(pairs)} pairs compared"
    adjusted = f"; adjusted p{GAP}{_format_p(pair['p_adjusted'])}"
    if verdict == differences.ALONE:
        return f"On its own the interval excludes 0, but among {many}, some would do so by chance{adjusted}."
    return f"That is more than chance among {many}{adjusted}."


def _format_p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"={GAP}{value:.2g}"


def compare_many(
    ranks: Sequence[Row], pairs: Sequence[Row], titles: Mapping[str, str], where: str, leader: str = ""
) -> str:
    """States the rank of the `leader` of these families, or of who ranks first, how sure that is, and whom it differs
    from."""
    ranked = sorted((row for row in ranks if row.get("rank")), key=lambda row: row["rank"])
    stated = [row for row in ranked if row["family_id"] == leader] if leader else ranked
    if not stated and leader:
        return f"{describe_standing(pairs, titles, leader)} In {where} it has no rank: too few questions."
    if not stated:
        return f"{NO_PAIR}in {where} none of these families has enough questions for a rank."
    first = stated[0]
    name = numbers.escape_markdown(titles[first["family_id"]])
    text = (
        f"{format_pooled(first)} of {name}'s users hear from a person within a week, adjusted to the same mix of "
        f"questions and drawn towards the mean; n{GAP}={GAP}{numbers.format_count(first['n'])}, {where}, "
        f"{numbers.format_window(first['window'])}. By that it has {format_rank(first)}."
    )
    alone = "The others have too few questions there to be ranked. " if len(ranks) > len(ranked) == 1 else ""
    return f"{text} {alone}{describe_standing(pairs, titles, first['family_id'])}".strip()


def judge_many(ranks: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict who ranks first, unless others may be as good, or where the only one ranks; empty if nobody
    is ranked."""
    ranked = sorted((row for row in ranks if row.get("rank")), key=lambda row: row["rank"])
    if not ranked:
        return ""
    first = ranked[0]
    name, share = numbers.escape_markdown(titles[first["family_id"]]), numbers.format_share(first["pooled_value"])
    if len(ranked) == 1:
        span = f"{first['rank_low']} to {first['rank_high']}"
        rank = span if first["rank_low"] != first["rank_high"] else f"{first['rank']}"
        return f"**{name} ranks {rank} of {first['families_count']}** by who hears back within a week."
    if level := first["level_count"]:
        others = pluralize(level, "other")
        return f"**Too close to call**: {name} ranks first, but {level} {others} may be as good."
    return f"**{name}'s users are answered most often**: {share} hear from a person within a week."


def judge_chosen(families: Sequence[str], pairs: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict which of a few families, the likeliest first, is ahead of the others in like cases."""
    found = differences.find_leader(families, pairs)
    if found is None:
        return "**Too close to call** whose users are answered most often: none is ahead of another within a week."
    leader, beaten = found
    name = numbers.escape_markdown(titles[leader])
    if set(families) - {leader} <= set(beaten):
        return f"**{name}'s users are answered most often** of these: more hear back within a week than of any other."
    many = f"{len(beaten)} of {len(families) - 1} others"
    return f"**Too close to call** which is first; {name} is ahead of {many} within a week."


def name_uncompared(families: Sequence[str], titles: Mapping[str, str]) -> str:
    """Names the families that a verdict leaves out, as a further sentence; empty if there are none."""
    names = [numbers.escape_markdown(titles[family]) for family in families]
    has = pluralize(len(names), "has", "have")
    return f" {numbers.join_words(names)} {has} too few like questions to be compared." if names else ""


def format_pooled(row: Row) -> str:
    """Formats a pooled figure with its interval: `74 % (66–82 %)`."""
    pooled = {"state": "measured", "value": row["pooled_value"], "low": row["pooled_low"], "high": row["pooled_high"]}
    return numbers.format_value(pooled, "share")


def format_rank(row: Row) -> str:
    """Formats a rank with its range: `rank 1 of 21 (range 1–5)`."""
    span = f" (range {row['rank_low']}–{row['rank_high']})" if row["rank_low"] != row["rank_high"] else ""
    return f"rank {row['rank']} of {row['families_count']}{span}"


def name_first(ranked: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Returns the title of the list: who stands first, and how many of the others are too close to it."""
    if not ranked:
        return "No family has enough questions here to be ranked"
    lead, others = ranked[0], ranked[1:]
    name = f"{numbers.escape_markdown(titles[lead['family_id']])} ranks {lead['rank']} of {lead['families_count']}"
    if not others:
        return name
    level = lead["level_count"]
    if lead["rank"] > 1 and level:
        return f"{name}; no difference shown from {level} of {lead['families_count'] - 1} others"
    return f"{name}; {level} of {lead['families_count'] - 1} others may be as good" if level else f"{name}, alone"


def describe_standing(pairs: Sequence[Row], titles: Mapping[str, str], family: str) -> str:
    """Names the families from which one can be distinguished in matched cases, or counts them if they are many."""
    own = [differences.read_from(row, family) for row in pairs if family in (row["first_id"], row["second_id"])]
    if not own:
        return ""
    kinds: dict[str, list[str]] = {"ahead": [], "behind": [], "level": []}
    for row in own:
        kind = (
            "level" if differences.judge_pair(row) != differences.APART else "ahead" if row["effect"] > 0 else "behind"
        )
        kinds[kind].append(numbers.escape_markdown(titles[row["second_id"]]))

    def named(names: Sequence[str]) -> str:
        many = f"any of the {len(own)} others" if len(names) == len(own) else f"{len(names)} of {len(own)} others"
        return numbers.join_words(names) if len(names) < 4 else many

    phrases = {"ahead": "ahead of {}", "behind": "behind {}", "level": "too close to call against {}"}
    stated = [phrases[kind].format(named(names)) for kind, names in kinds.items() if names]
    return f"Across all channels, {LIKE}, it is {numbers.join_words(stated)}."


def describe_pair(rows: Sequence[Row], betters: Mapping[str, int], titles: Mapping[str, str]) -> str:
    """Words as a title in how many measures each of two is ahead; `betters` holds the better direction by metric."""
    parts = []
    for family in (rows[0]["first_id"], rows[0]["second_id"]):
        won = sum(differences.judge_for(row, family, betters[row["metric"]]) == differences.AHEAD for row in rows)
        parts += (
            [f"{numbers.escape_markdown(titles.get(family, family))} is ahead in {won} of {len(rows)}"] if won else []
        )
    level = sum(differences.judge_pair(row) != differences.APART for row in rows)
    return ", ".join([*parts, *([f"{level} {is_are(level)} {differences.CLOSE}"] if level else [])])


def describe_against(rows: Sequence[Row]) -> str:
    """Words as a title of how many others one family is ahead and behind; its differences are read from it."""
    verdicts = [differences.judge_for(row, row["first_id"]) for row in rows]
    ahead, behind, level = (verdicts.count(word) for word in (differences.AHEAD, differences.BEHIND, differences.CLOSE))
    return f"ahead of {ahead}, behind {behind}, {differences.CLOSE} against {level}"


def describe_lead(families: Sequence[str], pairs: Sequence[Row], titles: Mapping[str, str], direction: int) -> str:
    """Words beside a measure who is ahead of how many in like cases, or that it is too close to call."""
    found = differences.find_leader(families, pairs, direction)
    if found is None:
        return differences.CLOSE
    leader, beaten = found
    if len(families) == 2:
        return f"{titles[leader]} ahead"
    others = sum(leader in (row["first_id"], row["second_id"]) for row in pairs)
    many = f"all {others} others" if len(beaten) == others else f"{len(beaten)} of {others} others"
    return f"{titles[leader]} ahead of {titles[beaten[0]] if len(beaten) == 1 else many}"
