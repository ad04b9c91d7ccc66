"""Sentences of the comparison: who answers most within a week, and whether that can be told apart."""

from collections.abc import Mapping, Sequence

from dashboards.compare import differences
from dashboards.metric_row import Row
from dashboards.words import gaps, numbers, sentences

GAP = numbers.GAP
NO_PAIR = "The data give no answer: "
LIKE = "with like questions matched"


def compare_two(
    pair: Row | None, waits: Sequence[Row], names: Sequence[str], within: Sequence[Row], pairs: int, where: str
) -> str:
    """States whether people who ask about the first family hear from a person within a week more often than those who
    ask about the second."""
    first, second = (numbers.escape_markdown(name) for name in names)
    if pair is None:
        states = [
            f"{numbers.escape_markdown(name)}: {numbers.format_value(row, 'share')}"
            for name, row in zip(names, within, strict=False)
        ]
        return f"{NO_PAIR}{first} and {second} have too few matched questions to compare." + (
            f" Answered within a week in {where}: {'; '.join(states)}." if len(states) > 1 else ""
        )
    how = "more often" if pair["effect"] > 0 else "less often" if pair["effect"] < 0 else "as often"
    gap = (
        f"**{how} than {second}'s, by {_format_gap(pair)}**"
        if pair["effect"]
        else f"**as often as {second}'s** ({_format_gap(pair)})"
    )
    cases = f"{numbers.format_window(pair['window'])}; n{GAP}={GAP}{numbers.format_count(pair['n'])}"
    text = f"{first}'s users hear from a person within a week {gap}, {LIKE}, {cases}. {describe_chance(pair, pairs)}"
    return f"{text} {_describe_waits(waits, names, where)}".strip()


def judge_two(pair: Row | None, names: Sequence[str]) -> str:
    """Words as a verdict whose users hear back more often within a week; empty where the two cannot be compared."""
    if pair is None:
        return ""
    first, second = (numbers.escape_markdown(name) for name in names)
    if differences.judge_pair(pair) != differences.APART:
        return f"**Too close to call.** Either {first}'s or {second}'s users may hear back more often within a week."
    name = first if pair["effect"] > 0 else second
    points = numbers.format_two_digits(abs(100 * pair["effect"]))
    return f"**{name}'s users hear back more often**: {points} more of 100 within a week."


def _format_gap(pair: Row) -> str:
    """Formats a gap in the direction in which it is worded: `6.1 points (−2.0 to 14)`."""
    turn = -1 if pair["effect"] < 0 else 1
    low, high = sorted(turn * pair[end] for end in ("effect_low", "effect_high"))
    number, *ends = (differences.format_points(value).removeprefix("+") for value in (turn * pair["effect"], low, high))
    return f"{number}{GAP}points ({ends[0]} to {ends[1]})"


def describe_chance(pair: Row, pairs: int) -> str:
    """States whether the difference is real, or one that chance produces."""
    verdict = differences.judge_pair(pair)
    if verdict == differences.NONE:
        return "**No difference is shown**: the interval includes 0, so it could be the other way round."
    adjusted = "" if pair["p_adjusted"] is None else f"; adjusted p{GAP}{_format_p(pair['p_adjusted'])}"
    if verdict == differences.ALONE:
        return (
            "On its own the interval excludes 0, but among so many pairs some do so by chance"
            f" ({numbers.format_count(pairs)} were compared{adjusted}): **the difference is not shown to be real**."
        )
    least = pair.get("least_effect")
    nearest = min(abs(pair["effect_low"]), abs(pair["effect_high"]))
    small = (
        f", though it may be less than the {numbers.format_two_digits(least * 100)} points that matter"
        if least and nearest < least
        else ""
    )
    return (
        f"**The difference is more than chance**, also among the {numbers.format_count(pairs)} pairs that were "
        f"compared{adjusted}{small}."
    )


def _format_p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"={GAP}{value:.2g}"


def _describe_waits(rows: Sequence[Row], names: Sequence[str], where: str) -> str:
    """States the median waits of both families, which are not matched, so that nothing is concluded from them."""
    measured_rows = [row for row in rows if row["state"] == "measured"]
    if len(measured_rows) < 2:
        return ""
    medians = [
        f"half of {numbers.escape_markdown(name)}'s wait {numbers.format_value(row, 'hours')}"
        for name, row in zip(names, measured_rows, strict=True)
    ]
    return f"Unmatched, in {where}, {numbers.format_window(measured_rows[0]['window'])}, {' and '.join(medians)}."


def compare_many(ranks: Sequence[Row], pairs: Sequence[Row], titles: Mapping[str, str], where: str, of: str) -> str:
    """Names who ranks first among these families, how sure that is, and whom it differs from."""
    ranked = sorted((row for row in ranks if row.get("rank")), key=lambda row: row["rank"])
    if not ranked:
        return f"{NO_PAIR}in {where} none of these families has enough questions for a rank."
    first = ranked[0]
    name = numbers.escape_markdown(titles[first["family_id"]])
    lead = (
        f"{of} **{name}'s users seem to be answered most**" if len(ranked) > 1 else f"**{name}'s users are answered**"
    )
    asked = (
        f"of those who ask in {where}, {numbers.format_window(first['window'])}, drawn towards the mean of all; its "
        f"own figure is {numbers.format_value(first, 'share')}, n{GAP}={GAP}{numbers.format_count(first['n'])}"
    )
    text = f"{lead} within a week: **{format_pooled(first)}** {asked}. {describe_first(first)}"
    alone = "The others have too few questions there to be ranked. " if len(ranks) > len(ranked) == 1 else ""
    return f"{text} {alone}{describe_standing(pairs, titles, first['family_id'])}".strip()


def judge_many(ranks: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict who ranks first, unless others may be as good; empty where nobody is ranked."""
    ranked = sorted((row for row in ranks if row.get("rank")), key=lambda row: row["rank"])
    if not ranked:
        return ""
    first = ranked[0]
    name, share = numbers.escape_markdown(titles[first["family_id"]]), numbers.format_share(first["pooled_value"])
    if len(ranked) > 1 and first["level_count"]:
        return f"**Too close to call**: {name} ranks first, but {first['level_count']} others may be as good."
    return f"**{name}'s users are answered most**: {share} hear from a person within a week."


def describe_first(row: Row) -> str:
    """States how sure it is that the family with the highest pooled figure is the best."""
    return (
        f"That it is the best of the {row['families_count']} has a probability of "
        f"**{format_chance(row['best_chance'])}**, that it is among the first five one of "
        f"{format_chance(row['first_five_chance'])}; {format_rank(row)}."
    )


def format_pooled(row: Row) -> str:
    """Formats a pooled figure with its interval: `74 % (66–82 %)`."""
    pooled = {"state": "measured", "value": row["pooled_value"], "low": row["pooled_low"], "high": row["pooled_high"]}
    return numbers.format_value(pooled, "share")


def format_chance(chance: float) -> str:
    """Formats a probability, which draws know to one hundredth: `47 %`, `below 1 %`."""
    percent = round(chance * 100)
    return f"below 1{GAP}%" if percent < 1 else f"over 99{GAP}%" if percent > 99 else f"{percent}{GAP}%"


def format_rank(row: Row) -> str:
    """Formats a rank with its range: `rank 1 of 21 (range 1–5)`."""
    span = f" (range {row['rank_low']}–{row['rank_high']})" if row["rank_low"] != row["rank_high"] else ""
    return f"rank {row['rank']} of {row['families_count']}{span}"


def explain_lack(is_there: bool, is_unlike: bool = False) -> str:
    """Returns why nothing can be drawn: unlike places, too little is known, or the snapshot lacks the table."""
    if is_unlike:
        return "unlike places, as no kind of channel has the same role on both sides"
    return "too few matched questions to compare" if is_there else "not in this snapshot"


def name_first(ranked: Sequence[Row], titles: Mapping[str, str], is_there: bool = True) -> str:
    """Returns the title of the ranks: who ranks first, how sure that is, and to how many no difference is shown."""
    if not ranked:
        return "No family has enough questions here to be ranked" if is_there else "Ranks are not in this snapshot"
    lead, others = ranked[0], ranked[1:]
    name = f"{numbers.escape_markdown(titles[lead['family_id']])} ranks {lead['rank']} of {lead['families_count']}"
    if not others:
        return name
    chance = f"the best with a probability of {format_chance(lead['best_chance'])}"
    level = lead["level_count"]
    shown = f"no difference shown to {level} of {lead['families_count'] - 1} others" if level else "ahead of all others"
    return f"{name}; {chance}; {shown}"


def describe_standing(pairs: Sequence[Row], titles: Mapping[str, str], family: str) -> str:
    """Names the families from which one can be told apart in matched cases, or counts them where they are many."""
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

    phrases = {"ahead": "it is ahead of {}", "behind": "it is behind {}", "level": "**no difference is shown** to {}"}
    return (
        f"Across all channels, {LIKE}, "
        f"{'; '.join(phrases[kind].format(named(names)) for kind, names in kinds.items() if names)}."
    )


def describe_gaps(rows: Sequence[Row]) -> str:
    """Words as a title how many of the drawn differences hold."""
    verdicts = [differences.judge_pair(row) for row in rows]
    apart, alone, level = (verdicts.count(kind) for kind in (differences.APART, differences.ALONE, differences.NONE))
    parts = [f"{apart} of {len(rows)} {numbers.is_are(apart)} more than chance"] if apart else []
    parts += [f"no difference shown in {level} of {len(rows)}"] if level else []
    return "; ".join([*parts, *([f"{alone} {numbers.is_are(alone)} apart only individually"] if alone else [])])


def describe_level(rows: Sequence[Row], titles: Mapping[str, str], direction: int) -> str:
    """Words beside a measure who is ahead of how many, or that no difference is shown; empty where no direction is
    better."""
    ranked = sorted(sentences.select_measured(rows), key=lambda row: -direction * row["value"])
    if len(ranked) < 2 or not direction:
        return ""
    first, others = ranked[0], ranked[1:]
    if all(row["low"] == row["high"] for row in ranked):
        return "no interval"
    level = gaps.select_level(first, others)
    apart = [row for row in others if row not in level]
    if not apart:
        return "no difference shown"
    many = "all others" if len(apart) == len(others) else f"{len(apart)} of {len(others)} others"
    names = titles[apart[0]["family_id"]] if len(apart) == 1 else many
    return f"{titles[first['family_id']]} ahead of {names}"
