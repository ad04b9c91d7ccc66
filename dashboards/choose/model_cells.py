"""A model as a row of a table: its name, its numbers with their units, then its details."""

from typing import Any

from dashboards.choose.models import Candidate
from dashboards.choose.needs import LEAST_USE, TUNING_USES, Judged, Needs, describe_licence
from dashboards.frame.view import View
from dashboards.reliability import sentences_ends
from dashboards.words import numbers
from warehouse.ends import states
from warehouse.wording import GAP

UNKNOWN, NONE = "unknown", "—"
MOST_HOSTS = 3
USUAL_TUNING = "QLoRA"
SHORT_USES = {
    LEAST_USE: "load at 4 bits", "8-bit": "load at 8 bits", "bf16": "load at 16 bits",
    "QLoRA": "tune by QLoRA", "LoRA": "tune by LoRA", "full": "tune in full",
}  # fmt: skip


def describe_model(page: View, one: Judged, needs: Needs) -> dict[str, Any]:
    """Describes a model for the table of those that meet the needs."""
    model = one.model
    loading = needs.memory_use if needs.memory_use not in TUNING_USES else LEAST_USE
    tuning = needs.memory_use if needs.memory_use in TUNING_USES else USUAL_TUNING
    uses = (tuning, loading) if needs.memory_use == tuning else (loading, tuning)
    return {
        "model": model.name.rpartition("/")[2],
        # Numbers come before details: a phone shows two columns.
        **{SHORT_USES[use]: _describe_memory(model, use) for use in uses},
        "price": _describe_price(model),
        "answered in a day": UNKNOWN if model.answered is None else numbers.format_value(model.answered, "share"),
        "end": describe_end(page, model),
        "family": page.titles[model.family],
        "licence": describe_licence(model.row),
        "served by": _describe_hosts(model),
        "link": model.row["url"],
    }


def describe_untold(page: View, one: Judged, needs: Needs) -> dict[str, Any]:
    """Describes a model of which it is unknown whether it meets the needs: why, then the same cells."""
    cells = describe_model(page, one, needs)
    return {"model": cells.pop("model"), "not known": "; ".join(one.unknowns)} | cells


def make_row(one: Judged) -> dict[str, Any]:
    """Makes the row that stands below the table and in downloads: all that is published of the model."""
    model = one.model
    memory = {f"{use}_gib": gib for use, gib in model.memory.items()}
    end = {name: (model.end or {}).get(name) for name in ("shutdown_on", "shutdown_kind", "page_url")}
    return {**model.row, **memory, **end, "outcome": one.outcome, "reasons": "; ".join(one.unknowns)}


def _describe_memory(model: Candidate, use: str) -> str:
    if model.has_weights is False:
        return NONE
    gib = model.memory.get(use)
    return UNKNOWN if gib is None else f"{numbers.format_two_digits(gib)}{GAP}GiB"


def _describe_price(model: Candidate) -> str:
    usd = model.row["blended_usd"]
    return "not listed" if usd is None else numbers.format_usd(usd)


def _describe_hosts(model: Candidate) -> str:
    """Names the hosts that serve the weights; anyone who hosts a closed model is its maker, as far as is read."""
    if model.has_weights is False:
        return "its maker"
    names = (model.row["host_names"] or "").split(", ")
    if names == [""]:
        return "nobody on the Hub" if model.row["live_providers_count"] == 0 else UNKNOWN
    more = f" and {len(names) - MOST_HOSTS} more" if len(names) > MOST_HOSTS else ""
    return f"{', '.join(names[:MOST_HOSTS])}{more}"


def describe_end(page: View, model: Candidate) -> str:
    """Describes the announced end of a model; weights in hand have none."""
    if model.has_weights:
        return "weights stay yours"
    if (last := model.row["expires_on"]) is not None:
        if last >= page.now.date():
            return f"{sentences_ends.format_day(last)}, on OpenRouter"
        return f"dropped by OpenRouter {sentences_ends.format_day(last)}"
    if model.end is None or not model.end["is_page_read"]:
        return UNKNOWN
    if model.end["shutdown_kind"] is None or states.judge_state(model.end, page.now.date()) == states.SILENT:
        return "none announced"
    return sentences_ends.describe_end(model.end)
