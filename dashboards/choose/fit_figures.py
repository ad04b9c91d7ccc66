"""Figures for choosing: the models that meet the needs, and those that cannot be judged."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dashboards.choose import ranking, sentences_fit
from dashboards.choose.fit_measures import load_figures, read_rising, select_known
from dashboards.choose.models import Candidate, load_models
from dashboards.choose.needs import (
    LEAST_USE,
    OPEN,
    TUNING_USES,
    YES,
    Judged,
    Needs,
    describe_licence,
    has_ended,
    judge_models,
)
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.reliability import sentences_ends
from dashboards.words import numbers
from warehouse.ends import states
from warehouse.wording import GAP

MEMORY = (
    "Memory: all parameters × bytes × 1.2, in GiB; to load, 2 bytes at 16 bits, 1 at 8 and 0.5 at 4; to tune in "
    "full 16 (Rajbhandari et al. 2020), by LoRA 2 and by QLoRA 0.516, each with 16 for adapters of a hundredth of the "
    "parameters (Hu et al. 2021, Dettmers et al. 2023). Without a long context."
)
ORDER = (
    "Support is the weighted mean of a family's known figures, each scaled from the worst family (0) to the best (1). "
    "Ranges of ranks hold jointly in 95 % of cases."
)
BY_SUPPORT = "Those of better supported families first, then by downloads"
SOURCE = "the Hub, OpenRouter's list, deprecation pages and the questions asked"
UNREAD, NONE = "unknown", "—"
USUAL_TUNING = "QLoRA"
SHORT_USES = {
    LEAST_USE: "load, 4 bits", "8-bit": "load, 8 bits", "bf16": "load, 16 bits",
    "QLoRA": "tune, QLoRA", "LoRA": "tune, LoRA", "full": "tune, full",
}  # fmt: skip


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

    def describe_rank(self, family: str) -> str:
        """Describes the rank of a family with its range, `1 of 12 (1–5)`."""
        standing = next((one for one in self.ranked if one.family == family), None)
        if standing is None:
            return "no rank"
        return f"{standing.rank} of {len(self.ranked)} ({standing.rank_low}–{standing.rank_high})"

    def select(self, *outcomes: str) -> list[Judged]:
        """Selects the models with these outcomes in their order, those of better supported families first, then those
        of which most is known, then by downloads."""
        rank = {standing.family: standing.rank for standing in self.ranked}
        return sorted(
            (one for one in self.judged if one.outcome in outcomes),
            key=lambda one: (
                outcomes.index(one.outcome), rank.get(one.model.family, len(self.places)),
                count_unknown(one.model), -(one.model.row["downloads_30d"] or 0), one.model.name,
            ),
        )  # fmt: skip


def make_choice(page: View, wanted: Needs, weights: Mapping[str, int]) -> Choice:
    """Judges all models by the needs and ranks the families of those that meet them; if none is known to, of those
    that may."""
    models, today = load_models(page), page.now.date()
    living = [model for model in models if not has_ended(model, today)]
    judged = judge_models(living, wanted, today)
    rows = load_figures(page, weights)
    outcomes = (YES,) if any(one.outcome == YES for one in judged) else OPEN
    families = sorted({one.model.family for one in judged if one.outcome in outcomes})
    return Choice(
        wanted, weights, judged, rows, ranking.rank_families(select_known(rows, families), weights, read_rising(page)),
        len(models) - len(living),
    )  # fmt: skip


def draw_models(page: View, choice: Choice) -> Figure:
    """Draws the models that meet the needs as a table, one row each."""
    models = choice.select(YES)
    cells = [describe_model(page, one, choice) for one in models]
    return Figure(
        name="models",
        title=sentences_fit.count_met(choice.judged, len(models), is_ranked=bool(choice.ranked)),
        subtitle=f"{BY_SUPPORT if choice.ranked else 'Most downloads first'}; memory is an estimate."
        f"{sentences_fit.describe_sorting(choice.judged, choice.ended_count)}{_describe_answered(page, models)}",
        rows=[make_row(one, choice) for one in models],
        metric="model_choices",
        source=SOURCE,
        how=f"{ORDER} {MEMORY}",
        shown=cells,
        behind=list_behind(models, choice),
    )


def _describe_answered(page: View, models: Sequence[Judged]) -> str:
    """Describes which place and window the shares answered in a day are of; empty if no model has one."""
    rows = [one.model.answered for one in models if one.model.answered is not None]
    if not rows:
        return ""
    how = "adjusted to the same mix of questions" if any("rank" in row for row in rows) else "as counted"
    return f" Answered in a day: {how}; {page.describe_scope(rows)}."


def draw_undecided(page: View, choice: Choice) -> Figure:
    """Draws the models that may meet the needs, then those that we lack the facts to judge, with the reasons."""
    models = choice.select(*OPEN)
    cells = [(one, describe_model(page, one, choice)) for one in models]
    return Figure(
        name="unstated",
        title=sentences_fit.count_undecided(models),
        subtitle=f"What is not known neither passes nor fails: check these yourself.{_describe_answered(page, models)}",
        rows=[make_row(one, choice) for one in models],
        metric="model_choices",
        source=SOURCE,
        shown=[{"model": own["model"], "not known": "; ".join(one.unknowns)} | own for one, own in cells],
        behind=list_behind(models, choice),
    )


def list_behind(models: Sequence[Judged], choice: Choice) -> list[Row]:
    """Lists the figures of support behind the ranks and shares of models."""
    families = {one.model.family for one in models}
    weighed = [row for rows in choice.rows.values() for row in rows if row["family_id"] in families]
    return weighed + [one.model.answered for one in models if one.model.answered is not None]


def describe_model(page: View, one: Judged, choice: Choice) -> dict[str, Any]:
    model, usd, needs = one.model, one.model.row["blended_usd"], choice.needs
    loading = needs.memory_use if needs.memory_use not in TUNING_USES else LEAST_USE
    tuning = needs.memory_use if needs.memory_use in TUNING_USES else USUAL_TUNING
    uses = (tuning, loading) if needs.memory_use == tuning else (loading, tuning)
    return {
        "model": model.name.rpartition("/")[2],
        # Numbers come before details: a phone shows two columns.
        **{SHORT_USES[use]: _describe_memory(model, use) for use in uses},
        "price": "not listed" if usd is None else numbers.format_usd(usd),
        "answered in a day": UNREAD if model.answered is None else numbers.format_value(model.answered, "share"),
        "end": describe_end(page, model),
        "family": page.titles[model.family],
        "rank by support": choice.describe_rank(model.family),
        "licence": describe_licence(model.row),
        "link": model.row["url"],
    }


def count_unknown(model: Candidate) -> int:
    """Counts what a table would have to leave open: memory, price and answers."""
    is_unmeasured = model.has_weights is not False and model.memory.get(LEAST_USE) is None
    return is_unmeasured + (model.row["blended_usd"] is None) + (model.answered is None)


def make_row(one: Judged, choice: Choice) -> dict[str, Any]:
    """Makes the row that is below the table and in downloads: the rank of its family, and all that is published of the
    model."""
    model = one.model
    memory = {f"{use}_gib": gib for use, gib in model.memory.items()}
    end = {name: (model.end or {}).get(name) for name in ("shutdown_on", "shutdown_kind", "page_url")}
    judged = {"rank_by_support": choice.describe_rank(model.family), "outcome": one.outcome}
    return {**model.row, **memory, **end, **judged, "reasons": "; ".join(one.unknowns)}


def _describe_memory(model: Candidate, use: str) -> str:
    if model.has_weights is False:
        return NONE
    gib = model.memory.get(use)
    return UNREAD if gib is None else f"{numbers.format_two_digits(gib)}{GAP}GiB"


def describe_end(page: View, model: Candidate) -> str:
    """Describes the announced end of a model; weights in hand have none."""
    if model.has_weights:
        return "weights stay yours"
    if (last := model.row["expires_on"]) is not None:
        if last >= page.now.date():
            return f"{sentences_ends.format_day(last)}, on OpenRouter"
        return f"dropped by OpenRouter {sentences_ends.format_day(last)}"
    if model.end is None or not model.end["is_page_read"]:
        return UNREAD
    if model.end["shutdown_kind"] is None or states.judge_state(model.end, page.now.date()) == states.SILENT:
        return "none announced"
    return sentences_ends.describe_end(model.end)
