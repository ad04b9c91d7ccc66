"""The sentences of a choice: who comes first, whether that can be told from the next, and who is not ranked and why."""

from collections.abc import Mapping, Sequence

from dashboards.choose.fit_needs import MAY, NO, UNKNOWN, YES, Judged
from dashboards.choose.ranking import Place
from dashboards.words import numbers

NEEDS = {"tuning": "fine-tuning", "gpu": "memory", "within": "support", "licence": "licence", "price": "price"}


def is_apart(places: Sequence[Place]) -> bool:
    """Whether the first's range of ranks ends before that of every other begins."""
    return bool(places) and all((places[0].rank_high or 0) < (one.rank_low or 0) for one in places[1:])


def title(places: Sequence[Place], titles: Mapping[str, str]) -> str:
    """The finding of the ranks."""
    ranked = [one for one in places if one.rank is not None]
    first = ranked[0]
    name = numbers.escape_markdown(titles[first.family])
    if len(ranked) == 1:
        return f"Only {name} can be ranked"
    told = f"{name} comes first and wins under {numbers.format_share(first.wins)} of weightings"
    level = [one for one in ranked[1:] if (one.rank_low or 0) <= (first.rank_high or 0)]
    if not level:
        return told
    others = (
        f"{len(level)} others"
        if len(level) > 2
        else numbers.join_words([numbers.escape_markdown(titles[one.family]) for one in level])
    )
    return f"{told}; no difference shown to {others}"


def answer(judged: Sequence[Judged], places: Sequence[Place], titles: Mapping[str, str], is_asked: bool) -> str:
    """How many meet the needs, who comes first among them, and how sure that is."""
    if not judged:
        return "The data do not carry an answer: no family of these filters has models of its own."
    ranked = [one for one in places if one.rank is not None]
    if not ranked:
        return f"{_meeting(judged)} {_nobody(judged)}" if is_asked else _nobody(judged)
    return f"{_meeting(judged)} {_first(ranked, titles)}" if is_asked else _first(ranked, titles)


def _meeting(judged: Sequence[Judged]) -> str:
    counts = {outcome: sum(one.outcome == outcome for one in judged) for outcome in (YES, MAY, UNKNOWN)}
    sure = f"**{counts[YES]}** for sure" if counts[YES] else "**none** for sure"
    unknown = f"; {counts[UNKNOWN]} cannot be judged" if counts[UNKNOWN] else ""
    return f"Of {len(judged)} families {sure} and **{counts[MAY]}** perhaps have all that you need{unknown}."


def _nobody(judged: Sequence[Judged]) -> str:
    outcomes = {one.outcome for one in judged}
    if outcomes == {NO}:
        return "Each lacks something, as the table says: give up one need, and see who comes in."
    if not outcomes & {YES, MAY}:
        return "The data do not carry an answer to who is best: whoever does not lack something cannot be judged."
    return "The data do not carry an answer to who is best: no candidate has figures for half of what is weighed."


def _first(ranked: Sequence[Place], titles: Mapping[str, str]) -> str:
    first = ranked[0]
    name = numbers.escape_markdown(titles[first.family])
    if len(ranked) == 1:
        return f"By these weights only **{name}** can be ranked: there is nobody to compare it with."
    says = (
        f"By these weights **{name}** comes first of {len(ranked)} (rank {first.rank}, range "
        f"{first.rank_low}–{first.rank_high}) "
        f"and wins under **{numbers.format_share(first.wins)}** of weightings."
    )
    second = ranked[1]
    other = (
        f"{numbers.escape_markdown(titles[second.family])} (rank {second.rank}, range "
        f"{second.rank_low}–{second.rank_high})"
    )
    if is_apart(ranked):
        return f"{says} It can be told from the next, {other}."
    if (second.rank_low or 0) > (first.rank_high or 0):
        return f"{says} It can be told from the next, {other}, but not from all others: their ranges overlap."
    return (
        f"{says} The next, {other}, may be as good: **no difference shown**, as their ranges "
        f"overlap.{_other_winner(ranked, titles)}"
    )


def _other_winner(ranked: Sequence[Place], titles: Mapping[str, str]) -> str:
    """Who is first under more weightings than the first by these."""
    best = max(ranked, key=lambda one: one.wins)
    if best.wins <= ranked[0].wins:
        return ""
    return (
        f" With other weights {numbers.escape_markdown(titles[best.family])} would come first more often "
        f"({numbers.format_share(best.wins)})."
    )


def apart(judged: Sequence[Judged], places: Sequence[Place], titles: Mapping[str, str]) -> str:
    """Who cannot be judged, and who has too few figures for a rank, each reason once."""
    groups: dict[str, list[str]] = {}
    for one in judged:
        why = [
            f"{NEEDS[name]} {verdict.said}: {verdict.why}"
            for name, verdict in one.asked.items()
            if verdict.outcome == UNKNOWN
        ]
        if one.outcome == UNKNOWN:
            groups.setdefault(f"cannot be judged: {numbers.escape_markdown('; '.join(why))}", []).append(one.family)
    for place in places:
        if place.rank is None:
            share = (
                f"figures for only {numbers.format_share(place.known_share)} of the weights"
                if place.known_share
                else "no figure of what is weighed"
            )
            groups.setdefault(f"no rank: {share}", []).append(place.family)
    said = [
        f"- **{numbers.join_words([numbers.escape_markdown(titles[family]) for family in of_it])}**: {why}"
        for why, of_it in groups.items()
    ]
    return "\n".join(said)


def met(judged: Sequence[Judged]) -> str:
    """How many families meet all needs, may meet them, do not, or cannot be judged; what is so of none is left out."""
    counts = {outcome: sum(one.outcome == outcome for one in judged) for outcome in (YES, MAY, NO, UNKNOWN)}
    said = {
        YES: f"meet{'s' if counts[YES] == 1 else ''} them",
        MAY: "may",
        NO: "does not" if counts[NO] == 1 else "do not",
        UNKNOWN: "cannot be judged",
    }
    return f"All needs, of {len(judged)} families: " + numbers.join_words(
        [f"{counts[outcome]} {verb}" for outcome, verb in said.items() if counts[outcome]]
    )
