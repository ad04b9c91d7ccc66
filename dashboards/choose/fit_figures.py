"""Figures for choosing: who ranks first and how certain that is, who meets which need, and what the order rests on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.choose import charts_fit, fit_needs, ranking, sentences_fit
from dashboards.choose.fit_measures import (
    MEASURES,
    format_figure,
    list_weighed,
    load_figures,
    read_rising,
    select_known,
    title_of,
    writer_of,
)
from dashboards.choose.fit_needs import MARKS, MAY, NO, UNKNOWN, YES, Judged, Needs
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers

BEST_FIRST = (YES, MAY, UNKNOWN, NO)
COLUMNS = {"tuning": "fine-tuning", "gpu": "GPU", "within": "support", "licence": "licence", "price": "price"}


class Choice(NamedTuple):
    """Everything that one answer is based on."""

    needs: Needs
    weights: Mapping[str, int]
    judged: Sequence[Judged]
    rows: Mapping[str, Sequence[Row]]
    places: Sequence[ranking.Standing]

    @property
    def ranked(self) -> list[ranking.Standing]:
        """Returns the candidates that have a rank, best first."""
        return [standing for standing in self.places if standing.rank is not None]

    @property
    def outcomes(self) -> dict[str, str]:
        """Returns the outcome of each family: whether it meets the needs."""
        return {verdict.family: verdict.outcome for verdict in self.judged}


def make_choice(page: View, wanted: Needs, weights: Mapping[str, int]) -> Choice:
    """Judges all families by the needs and ranks those that meet them, certainly or possibly."""
    judged = fit_needs.judge_families(page, wanted)
    weights = {name: weights[name] for name in list_weighed(page) if name in weights}
    rows = load_figures(page, weights)
    candidates = [verdict.family for verdict in judged if verdict.outcome in (YES, MAY)]
    return Choice(
        wanted, weights, judged, rows, ranking.rank_families(select_known(rows, candidates), weights, read_rising(page))
    )


def _name_family(page: View, choice: Choice, family: str) -> str:
    return page.titles[family] + (f" {MARKS[MAY]}" if choice.outcomes[family] == MAY else "")


def draw_ranks(page: View, choice: Choice) -> Figure:
    """Draws each candidate's rank with its range, and the share of weightings under which it is first."""
    lines = [_describe_standing(page, choice, standing) for standing in choice.ranked]
    counted = numbers.join_words(
        [f"{title_of(page, name)} {weight}" for name, weight in choice.weights.items() if weight]
    )
    may = (
        f" {MARKS[MAY]}: may meet your needs; the data do not settle it."
        if MAY in {row["meets"] for row in lines}
        else ""
    )
    alt = "; ".join(f"{row['name']} rank {row['said']}, first under {row['won']} of weightings" for row in lines)
    return Figure(
        name="ranks",
        title=sentences_fit.name_winner(choice.places, page.titles),
        subtitle="Left: rank with its 95 % range; right: share of random weightings, with figures drawn from their "
        f"intervals, under which a family ranks first. ● open, □ proprietary.{may} Weights: {counted}; "
        f"{page.describe_scope([])}.",
        chart=charts_fit.draw_ranks(lines, page.theme),
        rows=lines,
        metric="",
        source="the figures below, each from its own source",
        alt=alt,
    )


def _describe_standing(page: View, choice: Choice, standing: ranking.Standing) -> dict[str, Any]:
    """Describes a candidate for its row in the chart and in the table below."""
    return {
        "family_id": standing.family,
        "name": _name_family(page, choice, standing.family),
        "side": page.sides[standing.family],
        "rank": standing.rank,
        "rank_low": standing.rank_low,
        "rank_high": standing.rank_high,
        "wins": standing.wins,
        "won": numbers.format_share(standing.wins),
        "said": f"{standing.rank} ({standing.rank_low}–{standing.rank_high})",
        "known": numbers.format_share(standing.known_share),
        "score": standing.score,
        "meets": choice.outcomes[standing.family],
    }


def draw_met(page: View, choice: Choice) -> Figure:
    """Draws one row per family: for each need its mark, value and reason; needs not asked for have no mark."""
    rank = {verdict.family: verdict.rank or 99 for verdict in choice.places}
    order = sorted(choice.judged, key=lambda verdict: (BEST_FIRST.index(verdict.outcome), rank.get(verdict.family, 99)))
    lines = [_describe_needs(page, verdict) for verdict in order]
    if choice.needs.side:
        lines = [{name: value for name, value in row.items() if name != "side"} for row in lines]
    is_asked = bool(choice.judged and choice.judged[0].names)
    return Figure(
        name="needs",
        title=sentences_fit.count_met(choice.judged) if is_asked else "What each family offers, need by need",
        subtitle=f"{'; '.join(f'{mark} {outcome}' for outcome, mark in MARKS.items())}. Support: share answered within "
        f"{fit_needs.WITHIN[choice.needs.within or '24h']}, {page.describe_scope([])}. Hosts serve other makers' "
        "models and are not listed.",
        chart=None,
        rows=lines,
        metric="",
        source="facts read by hand, the Hub, the price list and the questions asked",
        alt=f"Needs by family: {'; '.join(f'{page.titles[verdict.family]} {verdict.outcome}' for verdict in order)}",
        shown=lines,
    )


def _describe_needs(page: View, judged_family: Judged) -> dict[str, str]:
    """Describes a family by its marks, its values and, last, the reasons."""
    head = {"family": page.titles[judged_family.family], "side": page.sides[judged_family.family]}
    head |= {"all needs": f"{MARKS[judged_family.outcome]} {judged_family.outcome}"} if judged_family.names else {}
    marks = {
        name: f"{MARKS[verdict.outcome]} " if name in judged_family.names else ""
        for name, verdict in judged_family.verdicts.items()
    }
    cells = {COLUMNS[name]: marks[name] + verdict.said for name, verdict in judged_family.verdicts.items()}
    reasons = "; ".join(
        f"{COLUMNS[name]}: {verdict.why}" for name, verdict in judged_family.verdicts.items() if verdict.why
    )
    return head | cells | {"reasons": reasons}


def draw_positions(page: View, choice: Choice) -> Figure:
    """Draws what the order rests on: every measure with a weight, for every ranked candidate."""
    names = {standing.family: _name_family(page, choice, standing.family) for standing in choice.ranked}
    points = [row for name, rows in choice.rows.items() for row in _position_rows(page, name, rows, names)]
    lacking = sum(row["position"] is None for row in points)
    chart = (
        f"{lacking} of the {len(points)} figures behind the ranking are missing"
        if lacking
        else f"The {len(points)} figures behind the ranking"
    )
    states = ", ".join(f"{mark} {state}" for state, (mark, _) in numbers.STATES.items())
    measures = [title_of(page, name) for name in choice.rows]
    return Figure(
        name="positions",
        title=f"{chart}{'; these are left out, not counted as zero' if lacking else ''}",
        subtitle=f"Larger marks are nearer to the best ranked family; {states}. The cases behind each figure are on "
        "the page for its topic.",
        chart=charts_fit.draw_positions(points, list(names.values()), measures, page.theme),
        rows=points,
        metric="",
        source="the published figures",
        alt="; ".join(f"{row['name']} {row['measure']} {row['said']}" for row in points),
    )


def _position_rows(page: View, name: str, rows: Sequence[Row], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Returns the figures of one measure, each with its position between the worst and the best."""
    measure, of_it = MEASURES[name], [row for row in rows if row["family_id"] in names]
    values = {
        row["family_id"]: ranking.KnownValue(row["value"], row["low"], row["high"])
        for row in of_it
        if row["state"] == "measured"
    }
    places = ranking.scale_figures(values, read_rising(page)[name])
    positioned = []
    for row in of_it:
        is_single = row["state"] == "measured" and row["value"] is not None
        short = writer_of(measure)(row["value"]) if is_single else numbers.STATES.get(row["state"], ("range", ""))[0]
        words = {
            "name": names[row["family_id"]],
            "measure": title_of(page, name),
            "position": places.get(row["family_id"]),
            "short": short,
        }
        published = {
            key: row[key]
            for key in ("family_id", "side", "value", "low", "high", "unit", "n", "as_of_at", "coverage_share")
        }
        positioned.append(
            words
            | {
                "said": format_figure(measure, row),
                "note": row["note"] or "",
                "known as": row["state"],
                "metric": measure.metric,
            }
            | published
        )
    return positioned
