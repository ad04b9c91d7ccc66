"""Figures for choosing: the models that meet the needs, those of which it cannot be told, how their families rank by
support, and what that order rests on."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.choose import charts_fit, model_cells, ranking, sentences_fit
from dashboards.choose.fit_measures import (
    MEASURES,
    describe_scopes,
    format_figure,
    list_weighed,
    load_figures,
    read_known_value,
    read_rising,
    select_known,
    title_of,
    writer_of,
)
from dashboards.choose.models import load_models
from dashboards.choose.needs import UNKNOWN, YES, Judged, Needs, has_ended, judge_models
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers

MEMORY = (
    "Memory: all parameters × bytes × 1.2, in GiB; to load, 2 bytes at 16 bits, 1 at 8 and 0.5 at 4; to tune in "
    "full 16 (Rajbhandari et al. 2020), by LoRA 2 and by QLoRA 0.516, each with 16 for adapters of a hundredth of the "
    "parameters (Hu et al. 2021, Dettmers et al. 2023). Without a long context."
)
SOURCE = "the Hub, OpenRouter's list, deprecation pages and the questions asked"


class Choice(NamedTuple):
    """Everything that one answer is based on."""

    needs: Needs
    weights: Mapping[str, int]
    judged: Sequence[Judged]
    rows: Mapping[str, Sequence[Row]]
    places: Sequence[ranking.Standing]
    ended_count: int = 0
    """Number of models that nobody can choose any more, which are left out."""

    @property
    def ranked(self) -> list[ranking.Standing]:
        """Returns the families that have a rank, best first."""
        return sentences_fit.select_ranked(self.places)

    def select(self, outcome: str) -> list[Judged]:
        """Selects the models with an outcome, those of better supported families first, then by downloads."""
        rank = {standing.family: standing.rank or len(self.places) for standing in self.places}
        return sorted(
            (one for one in self.judged if one.outcome == outcome),
            key=lambda one: (
                rank.get(one.model.family, len(self.places)), one.model.family,
                -(one.model.row["downloads_30d"] or 0), one.model.name,
            ),
        )  # fmt: skip


def make_choice(page: View, wanted: Needs, weights: Mapping[str, int]) -> Choice:
    """Judges all models by the needs and ranks the families of those that meet them; where none is known to, of those
    of which it cannot be told."""
    models, today = load_models(page), page.now.date()
    living = [model for model in models if not has_ended(model, today)]
    judged = judge_models(living, wanted, today)
    weights = {name: weights[name] for name in list_weighed(page) if name in weights}
    rows = load_figures(page, weights)
    outcome = YES if any(one.outcome == YES for one in judged) else UNKNOWN
    families = sorted({one.model.family for one in judged if one.outcome == outcome})
    return Choice(
        wanted, weights, judged, rows, ranking.rank_families(select_known(rows, families), weights, read_rising(page)),
        len(models) - len(living),
    )  # fmt: skip


def draw_models(page: View, choice: Choice) -> Figure:
    """Draws the models that meet the needs as a table, one row each."""
    models = choice.select(YES)
    cells = [model_cells.describe_model(page, one, choice.needs) for one in models]
    return Figure(
        name="models",
        title=sentences_fit.count_met(choice.judged, len(models)),
        subtitle="Those of better supported families first, then by downloads; memory is an estimate."
        f"{sentences_fit.describe_sorting(choice.judged, choice.ended_count)}{_describe_answered(page, models)}",
        chart=None,
        rows=[model_cells.make_row(one) for one in models],
        metric="model_choices",
        source=SOURCE,
        alt="Models: " + "; ".join(one.model.name for one in models),
        how=MEMORY,
        shown=cells,
        counted="models",
        is_answer=True,
    )


def _describe_answered(page: View, models: Sequence[Judged]) -> str:
    """Describes which place and window the shares answered in a day are of; empty where no model has one."""
    rows = [one.model.answered for one in models if one.model.answered is not None]
    return f" Answered in a day: {page.describe_scope(rows)}." if rows else ""


def draw_untold(page: View, choice: Choice) -> Figure:
    """Draws the models of which it cannot be told whether they meet the needs, with the reasons."""
    models = choice.select(UNKNOWN)
    return Figure(
        name="untold",
        title=sentences_fit.count_untold(models),
        subtitle=f"What is not known neither passes nor fails: check these yourself.{_describe_answered(page, models)}",
        chart=None,
        rows=[model_cells.make_row(one) for one in models],
        metric="model_choices",
        source=SOURCE,
        alt="Not known: " + "; ".join(f"{one.model.name}, {', '.join(one.unknowns)}" for one in models),
        shown=[model_cells.describe_untold(page, one, choice.needs) for one in models],
        counted="models",
        is_answer=True,
    )


def draw_ranks(page: View, choice: Choice) -> Figure:
    """Draws each family's rank with its range, and the share of weightings under which it is first."""
    lines = [_describe_standing(page, choice, standing) for standing in choice.ranked]
    scope = describe_scopes(page, choice.rows)
    alt = "; ".join(f"{row['name']} rank {row['said']}, first under {row['won']} of weightings" for row in lines)
    return Figure(
        name="ranks",
        title=sentences_fit.name_winner(choice.places, page.titles),
        subtitle="Left: each family's rank and its range; all ranges hold jointly in 95 % of cases. Right: share of "
        f"random weightings under which it is first. {scope[:1].upper()}{scope[1:]}.",
        chart=charts_fit.draw_ranks(lines, page.theme),
        rows=lines,
        metric="",
        source="the figures below, each from its own source",
        alt=alt,
    )


def _describe_standing(page: View, choice: Choice, standing: ranking.Standing) -> dict[str, Any]:
    """Describes a family for its row in the chart and in the table below."""
    count = sum(one.model.family == standing.family for one in choice.select(YES))
    return {
        "family_id": standing.family,
        "name": page.titles[standing.family],
        "side": page.sides[standing.family],
        "rank": standing.rank,
        "rank_low": standing.rank_low,
        "rank_high": standing.rank_high,
        "wins": standing.wins,
        "won": numbers.format_share(standing.wins),
        "said": f"{standing.rank} ({standing.rank_low}–{standing.rank_high})",
        "known": numbers.format_share(standing.known_share),
        "score": standing.score,
        "models": count,
    }


def draw_positions(page: View, choice: Choice) -> Figure:
    """Draws what the order rests on: every measure with a weight, for every ranked candidate."""
    names = {standing.family: page.titles[standing.family] for standing in choice.ranked}
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
    values = {row["family_id"]: read_known_value(measure, row) for row in of_it if row["state"] == "measured"}
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
