"""The models to choose from, each with its memory, its announced end, and how well its family is supported."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboards.choose.fit_measures import MEASURES, load_compared
from dashboards.frame.view import View
from dashboards.metric_row import Row

CHOICES = "select * from metrics.model_choices order by family_id, model"
MEMORY = "select family_id, channel_id, model_id, memory_use, memory_gib from metrics.model_memory order by all"
ENDS = "select * from metrics.model_ends order by family_id, model"
OFFERS = "select * from metrics.tuning_offers order by family_id, offer_channel, tuning_method, url"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model, as far as it is known: `row` is of metrics.model_choices, `end` of metrics.model_ends."""

    row: Row
    memory: Mapping[str, float] = field(default_factory=dict)
    """GiB by what the memory is for."""
    end: Row | None = None
    answered: Row | None = None
    """Share of those who ask about its family that are answered within a day."""
    offers: tuple[Row, ...] = ()
    """Offers of tuning to the family, past ones too."""
    offers_count: Row | None = None

    @property
    def name(self) -> str:
        """Returns the name under which it is found on the Hub or, hosted only, in the list of prices."""
        return str(self.row["model"])

    @property
    def family(self) -> str:
        return str(self.row["family_id"])

    @property
    def has_weights(self) -> bool | None:
        """Returns whether its weights can be fetched; None if nobody says so."""
        value: bool | None = self.row["has_weights"]
        return value


def load_models(page: View) -> list[Candidate]:
    memory: dict[tuple[str, str], dict[str, float]] = {}
    for row in page.load_rows(MEMORY):
        memory.setdefault((row["channel_id"], row["model_id"]), {})[row["memory_use"]] = row["memory_gib"]
    ends = {(row["family_id"], row["model"]): row for row in page.load_rows(ENDS)}
    answered = {row["family_id"]: row for row in load_compared(page, MEASURES["answered"])}
    counts = {row["family_id"]: row for row in page.load_metric("tuning_offers_count", "offers", "all", ("methods",))}
    offers: dict[str, list[Row]] = {}
    for row in page.load_rows(OFFERS):
        offers.setdefault(row["family_id"], []).append(row)
    return [
        Candidate(
            row, memory.get((row["hub_channel_id"], row["model_id"]), {}), ends.get((row["family_id"], row["model"])),
            answered.get(row["family_id"]), tuple(offers.get(row["family_id"], ())), counts.get(row["family_id"]),
        )
        for row in page.load_rows(CHOICES)
    ]  # fmt: skip
