"""The limits of each source: shipped ones that respect what upstreams publish, and the operator's own."""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.catalog.entries import Channel
from warehouse.attempts.amounts import UNITS, SourceLimits, SpendingLimits
from warehouse.settings import Settings, SettingsError

SETTING = "HEARTBEAT_BUDGETS"
PERIODS = ("run", "day")
FORM = "use SOURCE.run|day.requests|points|minutes=NUMBER, such as github.day.points=20000"


@cache
def _load_table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("limits.toml").read_text(encoding="utf-8"))


def read_budget_limits(settings: Settings) -> dict[str, SourceLimits]:
    """Reads the limits of all sources, with the operator's own above the shipped ones. Raises SettingsError."""
    shipped = {source: _choose_limits(entry, settings.get_tokens()) for source, entry in _load_table().items()}
    for word in settings.budgets.replace(",", " ").split():
        source, period, unit, most = _parse_word(word, shipped)
        limits: SpendingLimits = getattr(shipped[source], period)
        changed = limits.model_copy(update={unit: most})
        shipped[source] = shipped[source].model_copy(update={period: changed})
    return shipped


def find_wrong_limit(settings: Settings) -> str:
    """Finds what cannot be read of the operator's own limits; empty if all can."""
    try:
        read_budget_limits(settings)
    except SettingsError as error:
        return str(error)
    return ""


def select_limits(settings: Settings, channels: Iterable[Channel]) -> dict[str, SourceLimits]:
    """Selects the limits of the sources that some channels have."""
    chosen = {channel.source for channel in channels}
    return {source: own for source, own in read_budget_limits(settings).items() if source in chosen}


def _choose_limits(entry: Mapping[str, Any], tokens: Collection[str]) -> SourceLimits:
    unset = [own for token, own in entry.get("without", {}).items() if token not in tokens]
    chosen = unset[0] if unset else entry
    return SourceLimits.model_validate({period: chosen[period] for period in PERIODS})


def _parse_word(word: str, sources: Collection[str]) -> tuple[str, str, str, float]:
    name, _, number = word.partition("=")
    parts = name.split(".")
    if len(parts) != len(allowed := (sources, PERIODS, UNITS)):
        raise SettingsError(f"{SETTING}: {word!r}: {FORM}")
    for part, names in zip(parts, allowed, strict=True):
        if part not in names:
            nearest = difflib.get_close_matches(part, names, 1, 0.0)
            raise SettingsError(f"{SETTING}: {word!r}: {part!r} is none of {', '.join(names)}; nearest: {nearest[0]}")
    try:
        most = float(number.replace("_", ""))
    except ValueError:
        most = 0.0
    if not 0 < most < float("inf"):
        raise SettingsError(f"{SETTING}: {word!r}: {number!r} is not a number above 0; {FORM}")
    return parts[0], parts[1], parts[2], most
