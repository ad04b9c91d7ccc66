"""The figures of a choice: who comes first and how sure that is, who meets which need, and what the order rests on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.choose import charts_fit, fit_needs, ranking, sentences_fit
from dashboards.choose.fit_measures import MEASURES, RISING, figures, known, say
from dashboards.choose.fit_needs import MARKS, MAY, NO, UNKNOWN, YES, Judged, Needs
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.words import numbers

Row = Mapping[str, Any]
BEST_FIRST = (YES, MAY, UNKNOWN, NO)
COLUMNS = {"tuning": "fine-tuning", "gpu": "GPU", "within": "support", "licence": "licence", "price": "price"}


class Choice(NamedTuple):
    """All that stands behind one answer."""

    needs: Needs
    weights: Mapping[str, int]
    judged: Sequence[Judged]
    rows: Mapping[str, Sequence[Row]]
    places: Sequence[ranking.Place]

    @property
    def ranked(self) -> list[ranking.Place]:
        """Candidates that have a rank, first to last."""
        return [one for one in self.places if one.rank is not None]

    @property
    def outcomes(self) -> dict[str, str]:
        """Whether each family meets the needs."""
        return {one.family: one.outcome for one in self.judged}


def choose(page: View, wanted: Needs, weights: Mapping[str, int]) -> Choice:
    """Judges all families by the needs and ranks those that meet them, for sure or perhaps."""
    judged = fit_needs.judge(page, wanted)
    rows = figures(page, weights)
    candidates = [one.family for one in judged if one.outcome in (YES, MAY)]
    return Choice(wanted, weights, judged, rows, ranking.places(known(rows, candidates), weights, RISING))


def _name(page: View, choice: Choice, family: str) -> str:
    return page.titles[family] + (f" {MARKS[MAY]}" if choice.outcomes[family] == MAY else "")


def ranks(page: View, choice: Choice) -> Figure:
    """Each candidate's rank with its range, and under which share of weightings it is first."""
    shown = [
        {
            "family_id": one.family, "name": _name(page, choice, one.family), "side": page.sides[one.family], "rank": one.rank,
            "rank_low": one.rank_low, "rank_high": one.rank_high, "wins": one.wins, "won": numbers.format_share(one.wins),
            "said": f"{one.rank} ({one.rank_low}–{one.rank_high})", "known": numbers.format_share(one.known_share), "score": one.score,
            "meets": choice.outcomes[one.family],
        }
        for one in choice.ranked
    ]  # fmt: skip
    counted = numbers.join_words(
        [f"{MEASURES[name].title} {weight}" for name, weight in choice.weights.items() if weight]
    )
    may = (
        f" {MARKS[MAY]}: may meet your needs, the data do not say for sure."
        if MAY in {row["meets"] for row in shown}
        else ""
    )
    alt = "; ".join(f"{row['name']} rank {row['said']}, first under {row['won']} of weightings" for row in shown)
    return Figure(
        name="ranks",
        title=sentences_fit.title(choice.places, page.titles),
        subtitle="Left: rank with its 95 % range; right: share of random weightings, with figures drawn from their "
        "intervals, under which a family "
        f"is first. ● open, □ proprietary.{may} Weights: {counted}; {page.describe_scope([])}.",
        chart=charts_fit.ranks(shown, page.theme),
        rows=shown,
        metric="",
        source="the figures below, each from its own source",
        alt=alt,
    )


def met(page: View, choice: Choice) -> Figure:
    """One row a family: for each need its mark, its value and the reason; without a mark where it was not asked for."""
    rank = {one.family: one.rank or 99 for one in choice.places}
    order = sorted(choice.judged, key=lambda one: (BEST_FIRST.index(one.outcome), rank.get(one.family, 99)))
    shown = [_needs_row(page, one) for one in order]
    if choice.needs.side:
        shown = [{name: value for name, value in row.items() if name != "side"} for row in shown]
    is_asked = bool(choice.judged and choice.judged[0].names)
    return Figure(
        name="needs",
        title=sentences_fit.met(choice.judged) if is_asked else "What each family offers of what one may need",
        subtitle=f"{'; '.join(f'{mark} {outcome}' for outcome, mark in MARKS.items())}. Support: share answered within "
        f"{fit_needs.WITHIN[choice.needs.within or '24h']}, {page.describe_scope([])}. Hosts serve the models of "
        "others and are "
        "not listed.",
        chart=None,
        rows=shown,
        metric="",
        source="facts read by hand, the Hub, the list of prices and the questions asked",
        alt=f"Needs by family: {'; '.join(f'{page.titles[one.family]} {one.outcome}' for one in order)}",
        shown=shown,
    )


def _needs_row(page: View, one: Judged) -> dict[str, str]:
    """A family with its marks, its values and, last, what these rest on."""
    head = {"family": page.titles[one.family], "side": page.sides[one.family]}
    head |= {"all needs": f"{MARKS[one.outcome]} {one.outcome}"} if one.names else {}
    marks = {name: f"{MARKS[verdict.outcome]} " if name in one.names else "" for name, verdict in one.verdicts.items()}
    cells = {COLUMNS[name]: marks[name] + verdict.said for name, verdict in one.verdicts.items()}
    reasons = "; ".join(f"{COLUMNS[name]}: {verdict.why}" for name, verdict in one.verdicts.items() if verdict.why)
    return head | cells | {"reasons": reasons}


def positions(page: View, choice: Choice) -> Figure:
    """What the order rests on: every measure that counts, of every candidate that is ranked."""
    names = {one.family: _name(page, choice, one.family) for one in choice.ranked}
    shown = [row for name, rows in choice.rows.items() for row in _positioned(name, rows, names)]
    lacking = sum(row["position"] is None for row in shown)
    found = (
        f"{lacking} of the {len(shown)} figures behind the order are missing"
        if lacking
        else f"The {len(shown)} figures behind the order"
    )
    states = ", ".join(f"{mark} {state}" for state, (mark, _) in numbers.STATES.items())
    measures = [MEASURES[name].title for name in choice.rows]
    return Figure(
        name="positions",
        title=f"{found}{'; these are left out, not counted as nothing' if lacking else ''}",
        subtitle=f"The larger the mark, the nearer to the best of those ranked; {states}. Each has its cases on the "
        "page that is about it.",
        chart=charts_fit.positions(shown, list(names.values()), measures, page.theme),
        rows=shown,
        metric="",
        source="the published figures",
        alt="; ".join(f"{row['name']} {row['measure']} {row['said']}" for row in shown),
    )


def _positioned(name: str, rows: Sequence[Row], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The figures of one measure, each with its place between the worst and the best."""
    measure, of_it = MEASURES[name], [row for row in rows if row["family_id"] in names]
    known = {
        row["family_id"]: ranking.Known(row["value"], row["low"], row["high"])
        for row in of_it
        if row["state"] == "measured"
    }
    places = ranking.scaled(known, measure.is_rising)
    found = []
    for row in of_it:
        is_single = row["state"] == "measured" and row["value"] is not None
        short = measure.say(row["value"]) if is_single else numbers.STATES.get(row["state"], ("range", ""))[0]
        told = {
            "name": names[row["family_id"]],
            "measure": measure.title,
            "position": places.get(row["family_id"]),
            "short": short,
        }
        kept = {
            key: row[key]
            for key in ("family_id", "side", "value", "low", "high", "unit", "n", "as_of_at", "coverage_share")
        }
        found.append(
            told
            | {"said": say(measure, row), "note": row["note"] or "", "known as": row["state"], "metric": measure.metric}
            | kept
        )
    return found
