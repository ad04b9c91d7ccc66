"""Sentences about the choice: how many models meet the needs, whether support tells their families apart, and of which
models it cannot be known."""

from collections.abc import Mapping, Sequence

from dashboards.choose.needs import MAYBE, NO, UNKNOWN, YES, Judged, count_reasons, count_sorted_out
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
    """Words as a verdict which models meet the needs, or may, and whether support tells their families apart; empty
    where no model is known. The models are given in order, the best first."""
    if not judged:
        return ""
    if not any(one.verdicts for one in judged):
        return f"**Say what you need**: {count_things(len(judged), 'model')} to choose from."
    meeting, nearly = ([one for one in judged if one.outcome == outcome] for outcome in (YES, MAYBE))
    if not meeting:
        unstated = sum(one.outcome == UNKNOWN for one in judged)
        rest = f", and {unstated} cannot be judged" if unstated else ""
        if nearly:
            return f"**{_name_models(nearly)} may meet all your needs**; no model surely does{rest}."
        return f"**No model is known to meet all your needs**{rest}."
    said = f"**{_name_models(meeting)} {pluralize(len(meeting), 'meets', 'meet')} all your needs**"
    ranked = select_ranked(places)
    if len(ranked) < 2 or len({one.model.family for one in meeting}) == 1:
        return f"{said}."
    if is_apart(ranked):
        return f"{said}; {numbers.escape_markdown(titles[ranked[0].family])} is supported best."
    return f"{said}; by support it is too close to call."


def _name_models(judged: Sequence[Judged]) -> str:
    """Names the first model, and the first of another family, and counts the others."""
    first = judged[0]
    other = next((one for one in judged if one.model.family != first.model.family), None)
    named = [one.model.name.rpartition("/")[2] for one in (first, other) if one]
    names = [numbers.escape_markdown(name) for name in named]
    rest = len(judged) - len(names)
    return numbers.join_words([*names, *([count_things(rest, "other")] if rest else [])])


def answer_page(
    judged: Sequence[Judged], places: Sequence[Standing], titles: Mapping[str, str], where: str = ""
) -> str:
    """States how many models the needs sort out, how many cannot be judged, and how certain the order is; `where` is
    the place and window of what people asked."""
    if not judged:
        return "The data give no answer: this snapshot lists no models of these families."
    counts = {outcome: sum(one.outcome == outcome for one in judged) for outcome in (NO, MAYBE, UNKNOWN)}
    asked = any(one.verdicts for one in judged)
    rest = f", {counts[MAYBE]} may meet all" if counts[MAYBE] else ""
    rest += f", and {counts[UNKNOWN]} cannot be judged" if counts[UNKNOWN] else ""
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


def count_undecided(unstated: Sequence[Judged]) -> str:
    """Counts the models that cannot be judged, by the most frequent reasons."""
    reasons = list(count_reasons(unstated).items())
    listed = [f"{why} ({count})" if len(reasons) > 1 else why for why, count in reasons[:MOST_REASONS]]
    more = ", and more" if len(reasons) > MOST_REASONS else ""
    return f"Not known for {count_things(len(unstated), 'model')}: {', '.join(listed)}{more}"


def explain_unranked(places: Sequence[Standing], titles: Mapping[str, str]) -> str:
    """Names in one line the families that have too few figures for a rank; empty if all have one."""
    names = [numbers.escape_markdown(titles[standing.family]) for standing in places if standing.rank is None]
    return f"No rank, because less than half of the weight has figures: {numbers.join_few(names)}." if names else ""
