"""Sentences about the choice: how many models meet the needs, whether support tells their families apart, and of which
models it cannot be known."""

from collections.abc import Mapping, Sequence

from dashboards.choose.needs import NO, UNKNOWN, YES, Judged, count_reasons, count_sorted_out
from dashboards.choose.ranking import Standing
from dashboards.words import numbers
from warehouse.wording import count_things, pluralize

SORTED_OUT_BY = {
    "side": "weights", "gpu": "memory", "tuning": "fine-tuning", "licence": "licence", "price": "price", "ends": "end",
    "daily": "support",
}  # fmt: skip
MOST_REASONS = 2


def is_apart(places: Sequence[Standing]) -> bool:
    """Returns whether the first family is ahead of all others by more than chance."""
    return bool(places) and not _select_level(places)


def _select_level(places: Sequence[Standing]) -> list[Standing]:
    """Selects the families to which the first shows no difference."""
    return [other for other in places[1:] if not other.is_behind]


def select_ranked(places: Sequence[Standing]) -> list[Standing]:
    """Selects the families that have a rank, best first."""
    return [standing for standing in places if standing.rank is not None]


def judge_page(judged: Sequence[Judged], places: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Words as a verdict how many models meet the needs, and first of all whether support tells them apart; empty where
    no model is known."""
    if not judged:
        return ""
    if not any(one.verdicts for one in judged):
        return f"**Say what you need**: {count_things(len(judged), 'model')} to choose from."
    meeting = [one for one in judged if one.outcome == YES]
    unstated = sum(one.outcome == UNKNOWN for one in judged)
    if not meeting:
        rest = f", and {unstated} cannot be judged" if unstated else ""
        return f"**No model is known to meet all your needs**{rest}."
    families = {one.model.family for one in meeting}
    who = f"{count_things(len(meeting), 'model')} of {count_things(len(families), 'family', 'families')}"
    ranked = select_ranked(places)
    if len(ranked) < 2 or len(families) == 1:
        return f"**{who} {pluralize(len(meeting), 'meets', 'meet')} all your needs.**"
    if is_apart(ranked):
        name = numbers.escape_markdown(titles[ranked[0].family])
        return f"**{name} is supported best** of {len(ranked)} ranked families; {who} meet your needs."
    return f"**Too close to call by support**: {who} meet your needs."


def answer_page(
    judged: Sequence[Judged], places: Sequence[Standing], titles: Mapping[str, str], where: str = ""
) -> str:
    """States how many models the needs sort out, how many cannot be judged, and how certain the order is; `where` is
    the place and window of what people asked."""
    if not judged:
        return "The data give no answer: this snapshot lists no models of these families."
    counts = {outcome: sum(one.outcome == outcome for one in judged) for outcome in (NO, UNKNOWN)}
    asked = any(one.verdicts for one in judged)
    rest = f", and {counts[UNKNOWN]} cannot be judged" if counts[UNKNOWN] else ""
    lacking = f"Of {len(judged)} models {counts[NO]} {pluralize(counts[NO], 'lacks', 'lack')} something{rest}. "
    said = lacking if asked else ""
    ranked = select_ranked(places)
    seen = f" Support as seen in {where}." if where and ranked else ""
    return f"{said}{_describe_order(ranked, titles)}{seen}"


def _describe_order(ranked: Sequence[Standing], titles: Mapping[str, str]) -> str:
    if not ranked:
        return "No family among them has figures for half of the weight, so the order is that of downloads."
    first, *others = ranked
    name = numbers.escape_markdown(titles[first.family])
    if not others:
        return f"{name} is the only family among them that can be ranked by support."
    if level := _select_level(ranked):
        return f"By support, {len(level) + 1} of {len(ranked)} families share first place."
    return f"By support {name} ranks first of {len(ranked)} families, alone."


def count_met(judged: Sequence[Judged], shown: int, *, is_ranked: bool) -> str:
    """Counts the models that meet the needs, or all and what orders them if nothing was asked."""
    if not any(one.verdicts for one in judged):
        order = pluralize(len(judged), "the support of its family", "the support of their families")
        return f"{count_things(len(judged), 'model')}, by {order if is_ranked else 'downloads'}"
    return f"{count_things(shown, 'model meets', 'models meet')} all your needs"


def describe_sorting(judged: Sequence[Judged], ended_count: int) -> str:
    """Describes how many models each need sorts out, and how many have ended; empty if none is and has."""
    counts = [f"{SORTED_OUT_BY[name]} {count}" for name, count in count_sorted_out(judged).items()]
    sorted_out = f" Ruled out by {numbers.join_words(counts)}." if counts else ""
    if not ended_count:
        return sorted_out
    ended = pluralize(ended_count, "model that its maker has ended is", "models that their makers have ended are")
    return f"{sorted_out} {ended_count} {ended} excluded."


def count_untold(unstated: Sequence[Judged]) -> str:
    """Counts the models that cannot be judged, by the most frequent reasons."""
    reasons = list(count_reasons(unstated).items())
    listed = [f"{why} ({count})" if len(reasons) > 1 else why for why, count in reasons[:MOST_REASONS]]
    more = ", and more" if len(reasons) > MOST_REASONS else ""
    return f"Not known for {count_things(len(unstated), 'model')}: {', '.join(listed)}{more}"


def explain_unranked(places: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Names in one line the families that have too few figures for a rank; empty if all have one."""
    names = [numbers.escape_markdown(titles[standing.family]) for standing in places if standing.rank is None]
    return f"No rank, because less than half of the weight has figures: {numbers.join_words(names)}." if names else ""
