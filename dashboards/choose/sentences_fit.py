"""Sentences about the choice: who ranks first, whether the next can be told apart, and who is not ranked and why."""

from collections.abc import Mapping, Sequence

from dashboards.choose.fit_needs import MAY, NO, UNKNOWN, YES, Judged
from dashboards.choose.ranking import Standing
from dashboards.words import numbers

NEEDS = {"tuning": "fine-tuning", "gpu": "memory", "within": "support", "licence": "licence", "price": "price"}


def is_apart(places: Sequence[Standing]) -> bool:
    """Returns whether the first family's range of ranks ends before all others begin."""
    return bool(places) and all((places[0].rank_high or 0) < (other.rank_low or 0) for other in places[1:])


def name_winner(places: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Words the finding of the ranks."""
    ranked = [standing for standing in places if standing.rank is not None]
    first = ranked[0]
    name = numbers.escape_markdown(titles[first.family])
    if len(ranked) == 1:
        return f"Only {name} can be ranked"
    winner = f"{name} ranks first and wins under {numbers.format_share(first.wins)} of weightings"
    level = [standing for standing in ranked[1:] if (standing.rank_low or 0) <= (first.rank_high or 0)]
    if not level:
        return winner
    others = (
        f"{len(level)} others"
        if len(level) > 2
        else numbers.join_words([numbers.escape_markdown(titles[standing.family]) for standing in level])
    )
    return f"{winner}; no difference shown to {others}"


def answer_page(judged: Sequence[Judged], places: Sequence[Standing], titles: Mapping[str, str], is_asked: bool) -> str:
    """States how many families meet the needs, who ranks first among them, and how certain that is."""
    if not judged:
        return "The data give no answer: no family of these filters has models of its own."
    ranked = [standing for standing in places if standing.rank is not None]
    if not ranked:
        return f"{_count_meeting(judged)} {_explain_nobody(judged)}" if is_asked else _explain_nobody(judged)
    return (
        f"{_count_meeting(judged)} {_describe_first(ranked, titles)}" if is_asked else _describe_first(ranked, titles)
    )


def judge_page(places: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Words as a verdict who ranks first, unless the next may be as good; empty where nobody is ranked."""
    ranked = [standing for standing in places if standing.rank is not None]
    if not ranked:
        return ""
    name = numbers.escape_markdown(titles[ranked[0].family])
    if len(ranked) == 1:
        return f"**Only {name} can be ranked** with these needs and weights."
    if is_apart(ranked):
        return f"**{name} fits best** of {len(ranked)} families, with these weights."
    other = numbers.escape_markdown(titles[ranked[1].family])
    return f"**Too close to call**: {name} ranks first of {len(ranked)} families, but {other} may be as good."


def _count_meeting(judged: Sequence[Judged]) -> str:
    counts = {outcome: sum(verdict.outcome == outcome for verdict in judged) for outcome in (YES, MAY, UNKNOWN)}
    sure = f"**{counts[YES]}** for sure" if counts[YES] else "**none** for sure"
    unknown = f"; {counts[UNKNOWN]} cannot be judged" if counts[UNKNOWN] else ""
    return f"Of {len(judged)} families {sure} and **{counts[MAY]}** perhaps have all that you need{unknown}."


def _explain_nobody(judged: Sequence[Judged]) -> str:
    outcomes = {verdict.outcome for verdict in judged}
    if outcomes == {NO}:
        return "Each lacks something, as the table shows: drop one need to see who qualifies."
    if not outcomes & {YES, MAY}:
        return "The data give no answer to who is best: the families not ruled out cannot be judged."
    return "The data give no answer to who is best: no candidate has figures for half of the weight."


def _describe_first(ranked: Sequence[Standing], titles: Mapping[str, str]) -> str:
    first = ranked[0]
    name = numbers.escape_markdown(titles[first.family])
    if len(ranked) == 1:
        return f"With these weights, only **{name}** can be ranked: there is no family to compare it with."
    says = (
        f"With these weights, **{name}** ranks first of {len(ranked)} (rank {first.rank}, range "
        f"{first.rank_low}–{first.rank_high}) and wins under **{numbers.format_share(first.wins)}** of weightings."
    )
    second = ranked[1]
    other = (
        f"{numbers.escape_markdown(titles[second.family])} (rank {second.rank}, range "
        f"{second.rank_low}–{second.rank_high})"
    )
    if is_apart(ranked):
        return f"{says} Its range does not overlap that of the next, {other}."
    if (second.rank_low or 0) > (first.rank_high or 0):
        return f"{says} Its range does not overlap that of the next, {other}, but it overlaps those of others."
    return (
        f"{says} The next, {other}, may be as good: **no difference shown**, because their ranges "
        f"overlap.{_name_other_winner(ranked, titles)}"
    )


def _name_other_winner(ranked: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Names the family that wins more weightings than the one in first place."""
    best = max(ranked, key=lambda standing: standing.wins)
    if best.wins <= ranked[0].wins:
        return ""
    return (
        f" With other weights {numbers.escape_markdown(titles[best.family])} would rank first more often "
        f"({numbers.format_share(best.wins)})."
    )


def explain_unranked(judged: Sequence[Judged], places: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Explains who cannot be judged and who has too few figures for a rank, each reason once."""
    groups: dict[str, list[str]] = {}
    for verdict in judged:
        why = [
            f"{NEEDS[name]} {verdict.said}: {verdict.why}"
            for name, verdict in verdict.asked.items()
            if verdict.outcome == UNKNOWN
        ]
        if verdict.outcome == UNKNOWN:
            groups.setdefault(f"cannot be judged: {numbers.escape_markdown('; '.join(why))}", []).append(verdict.family)
    for standing in places:
        if standing.rank is None:
            share = (
                f"figures for only {numbers.format_share(standing.known_share)} of the weights"
                if standing.known_share
                else "no figure for any weighted measure"
            )
            groups.setdefault(f"no rank: {share}", []).append(standing.family)
    reasons = [
        f"- **{numbers.join_words([numbers.escape_markdown(titles[family]) for family in of_it])}**: {why}"
        for why, of_it in groups.items()
    ]
    return "\n".join(reasons)


def count_met(judged: Sequence[Judged]) -> str:
    """Counts families that meet all needs, may meet them, do not, or cannot be judged; zero counts are left out."""
    counts = {outcome: sum(verdict.outcome == outcome for verdict in judged) for outcome in (YES, MAY, NO, UNKNOWN)}
    phrases = {
        YES: f"{numbers.pluralize(counts[YES], 'meets', 'meet')} them",
        MAY: "may",
        NO: numbers.pluralize(counts[NO], "does not", "do not"),
        UNKNOWN: "cannot be judged",
    }
    return f"All needs, of {len(judged)} families: " + numbers.join_words(
        [f"{counts[outcome]} {verb}" for outcome, verb in phrases.items() if counts[outcome]]
    )
