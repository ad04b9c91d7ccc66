"""Figures for choosing: the models that meet the needs, and those that cannot be judged."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dashboards.choose import model_cells, ranking, sentences_fit
from dashboards.choose.fit_measures import list_weighed, load_figures, read_rising, select_known
from dashboards.choose.models import load_models
from dashboards.choose.needs import UNKNOWN, YES, Judged, Needs, has_ended, judge_models
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row

MEMORY = (
    "Memory: all parameters × bytes × 1.2, in GiB; to load, 2 bytes at 16 bits, 1 at 8 and 0.5 at 4; to tune in "
    "full 16 (Rajbhandari et al. 2020), by LoRA 2 and by QLoRA 0.516, each with 16 for adapters of a hundredth of the "
    "parameters (Hu et al. 2021, Dettmers et al. 2023). Without a long context."
)
ORDER = (
    "Support is the weighted mean of a family's known figures, each scaled from the worst family (0) to the best (1). "
    "Ranges of ranks hold jointly in 95 % of cases."
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
    """Number of models that nobody can choose any more, which are excluded."""

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
    """Judges all models by the needs and ranks the families of those that meet them; if none is known to, of those
    of which it is unknown."""
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
        how=f"{ORDER} {MEMORY}",
        shown=cells,
    )


def _describe_answered(page: View, models: Sequence[Judged]) -> str:
    """Describes which place and window the shares answered in a day are of; empty if no model has one."""
    rows = [one.model.answered for one in models if one.model.answered is not None]
    return f" Answered in a day: {page.describe_scope(rows)}." if rows else ""


def draw_untold(page: View, choice: Choice) -> Figure:
    """Draws the models of which it is unknown whether they meet the needs, with the reasons."""
    models = choice.select(UNKNOWN)
    return Figure(
        name="unstated",
        title=sentences_fit.count_untold(models),
        subtitle=f"What is not known neither passes nor fails: check these yourself.{_describe_answered(page, models)}",
        chart=None,
        rows=[model_cells.make_row(one) for one in models],
        metric="model_choices",
        source=SOURCE,
        shown=[model_cells.describe_untold(page, one, choice.needs) for one in models],
    )
