"""What a reader needs of a model: the choices, and whether a model meets them. What is not known neither passes nor
fails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import NamedTuple

from dashboards.choose.models import Candidate
from dashboards.metric_row import Row
from dashboards.words.numbers import format_usd
from warehouse.ends import states
from warehouse.wording import GAP

YES, MAYBE, NO, UNKNOWN = "meets it", "may meet it", "does not", "not known"
WORST_FIRST = (NO, UNKNOWN, MAYBE, YES)
OPEN = (MAYBE, UNKNOWN)
"""Outcomes of models that neither pass nor fail, the nearer one first."""
YEAR = timedelta(days=365)
LEAST_CLASS = {"commercial": 3, "osi": 5}
"""The least licence class for each choice, in the numbering of metrics.licence_class."""
OPEN_CLASS = 4
"""The least class without a limit on commercial use."""
USES = {
    "": "4-bit loading", "8-bit": "8-bit loading", "bf16": "16-bit loading", "QLoRA": "QLoRA tuning",
    "LoRA": "LoRA tuning", "full": "full tuning",
}  # fmt: skip
LEAST_USE = "4-bit"
TUNING_USES = ("QLoRA", "LoRA", "full")


class Need(NamedTuple):
    """One need: its label, its choices in words, and its help text."""

    label: str
    choices: Mapping[str, str]
    help: str = ""


QUESTIONS = {
    "side": Need("Weights", {"": "any", "open": "open", "proprietary": "hosted only"}),
    "gpu": Need(
        "My card has",
        {"": "any"} | {size: f"{size} GiB" for size in ("8", "12", "16", "24", "48", "80", "160", "640")},
        "A card sold as 24 GB has 24 GiB. Add up the memory of several.",
    ),
    "use": Need("for", USES, (
        "An estimate: the bytes of all parameters and a fifth more, without a long context. Full tuning takes 16 bytes "
        "a parameter, LoRA 2 and QLoRA half a byte, plus adapters of a hundredth of the parameters."
    )),
    "tuning": Need("Fine-tuning", {"": "not needed", "yes": "allowed"}, (
        "Allowed by the licence of its weights. Makers offer tuning of some hosted models; which ones is not known."
    )),
    "licence": Need("Licence for", {"": "any use", "commercial": "commerce", "osi": "OSI-approved"}, (
        "Hosted models publish no weights, so they have no such licence."
    )),
    "price": Need(
        "A million tokens for",
        {"": "any price"} | {usd: f"≤ {format_usd(float(usd))}" for usd in ("0.25", "0.5", "1", "2", "5", "10")},
        "At OpenRouter's default host, three parts input to one part output.",
    ),
    "ends": Need("End", {"": "not ended by its maker", "12m": "none in a year"}, (
        "As announced by its maker or the list of prices. Weights that you have fetched do not end."
    )),
    "daily": Need(
        "Answered in a day", {"": "any share"} | {share: f"≥ {share} %" for share in ("25", "50", "75", "90")},
        "Of those who ask about its family, by a person; judged by the whole interval.",
    ),
}  # fmt: skip
"""The needs in the order in which they are asked; their names are in the address."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The reader's needs; empty means not needed."""

    side: str = ""
    gpu: str = ""
    use: str = ""
    tuning: str = ""
    licence: str = ""
    price: str = ""
    ends: str = ""
    daily: str = ""

    @property
    def memory_use(self) -> str:
        """Returns what the memory is for, as published."""
        return self.use or LEAST_USE

    @property
    def asked(self) -> tuple[str, ...]:
        """Returns the needs that sort models out; what a card is for does so only with its size."""
        return tuple(one.name for one in fields(self) if one.name != "use" and getattr(self, one.name))


class Verdict(NamedTuple):
    """A model's outcome on one need, and the reason if it cannot be known."""

    outcome: str
    why: str = ""


class Judged(NamedTuple):
    """A model with its verdict on every need that was asked for."""

    model: Candidate
    verdicts: dict[str, Verdict]

    @property
    def outcome(self) -> str:
        """Returns the worst outcome: one failure sorts out, one unknown leaves it open, or an interval that spans what
        is needed."""
        outcomes = {verdict.outcome for verdict in self.verdicts.values()}
        return next((outcome for outcome in WORST_FIRST if outcome in outcomes), YES)

    @property
    def unknowns(self) -> list[str]:
        """Returns why it cannot be known."""
        whys = [verdict.why for verdict in self.verdicts.values() if verdict.outcome in OPEN]
        return list(dict.fromkeys(whys))


def has_ended(model: Candidate, today: date) -> bool:
    """Returns whether a model's maker has ended it; weights that can be fetched outlive their maker's interface."""
    if model.has_weights or model.end is None or model.end["shutdown_kind"] is None:
        return False
    return states.judge_state(model.end, today) == states.PAST


def judge_models(models: Sequence[Candidate], needs: Needs, today: date) -> list[Judged]:
    return [Judged(model, {name: JUDGES[name](model, needs, today) for name in needs.asked}) for model in models]


def _judge_side(model: Candidate, needs: Needs, _: date) -> Verdict:
    if model.has_weights is None:
        return Verdict(UNKNOWN, "the price list names no weights")
    return Verdict(YES if model.has_weights == (needs.side == "open") else NO)


def _judge_memory(model: Candidate, needs: Needs, _: date) -> Verdict:
    if model.has_weights is False:
        return Verdict(NO)
    gib = model.memory.get(needs.memory_use)
    if gib is None:
        return Verdict(UNKNOWN, "no memory figure")
    return Verdict(YES if gib <= float(needs.gpu) else NO)


def _judge_tuning(model: Candidate, _: Needs, today: date) -> Verdict:
    if model.has_weights is None:
        return Verdict(UNKNOWN, "the price list names no weights")
    if model.has_weights:
        allows = model.row["allows_changes"]
        return Verdict(UNKNOWN, "licence not known") if allows is None else Verdict(YES if allows else NO)
    if any(row["ended_on"] is None or row["ended_on"] > today for row in model.offers):
        return Verdict(UNKNOWN, "its maker tunes some models; it is not known whether this is one of them")
    count = model.offers_count
    is_read = bool(model.offers) or (count is not None and count["state"] == "measured")
    return Verdict(NO) if is_read else Verdict(UNKNOWN, "offers of tuning not read")


def _judge_licence(model: Candidate, needs: Needs, _: date) -> Verdict:
    if model.has_weights is False:
        return Verdict(NO)
    points = model.row["class_points"]
    if points is None:
        return Verdict(UNKNOWN, "licence not known")
    return Verdict(YES if points >= LEAST_CLASS[needs.licence] else NO)


def _judge_price(model: Candidate, needs: Needs, _: date) -> Verdict:
    usd = model.row["blended_usd"]
    return Verdict(UNKNOWN, "no price listed") if usd is None else Verdict(YES if usd <= float(needs.price) else NO)


def _judge_end(model: Candidate, _: Needs, today: date) -> Verdict:
    """Judges the announced end of what is hosted; a floor is no promise, so one within the year settles nothing."""
    if model.has_weights:
        return Verdict(YES)
    expires_on, end = model.row["expires_on"], model.end
    if expires_on is not None and expires_on <= today + YEAR:
        return Verdict(NO)
    if end is None or end["shutdown_kind"] is None:
        is_read = end is not None and end["is_page_read"]
        return Verdict(YES) if is_read else Verdict(UNKNOWN, "no deprecation page read")
    state, last = states.judge_state(end, today), states.last_possible_day(end)
    if state == states.SILENT:
        return Verdict(YES)
    if last is None or state == states.OPEN:
        return Verdict(NO) if state == states.PAST else Verdict(UNKNOWN, "may end on a day that is not announced")
    if last > today + YEAR:
        return Verdict(YES)
    return Verdict(UNKNOWN, "only an earliest day announced") if end["shutdown_kind"] == "not_before" else Verdict(NO)


def _judge_answered(model: Candidate, needs: Needs, _: date) -> Verdict:
    """Judges by the whole interval: only one that is on one side of the share settles it."""
    row, least = model.answered, int(needs.daily) / 100
    if row is None or row["state"] != "measured" or row["value"] is None:
        return Verdict(UNKNOWN, "too few questions on its family")
    low, high = (row["value"] if row[end] is None else row[end] for end in ("low", "high"))
    if low < least <= high:
        return Verdict(MAYBE, f"the interval of the answers spans {needs.daily}{GAP}%")
    return Verdict(YES if low >= least else NO)


JUDGES: Mapping[str, Callable[[Candidate, Needs, date], Verdict]] = {
    "side": _judge_side, "gpu": _judge_memory, "tuning": _judge_tuning, "licence": _judge_licence,
    "price": _judge_price, "ends": _judge_end, "daily": _judge_answered,
}  # fmt: skip


def count_reasons(judged: Sequence[Judged]) -> dict[str, int]:
    """Counts the models that cannot be judged, by reason, the most frequent first."""
    counts: dict[str, int] = {}
    for one in judged:
        for why in one.unknowns:
            counts[why] = counts.get(why, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def count_sorted_out(judged: Sequence[Judged]) -> dict[str, int]:
    """Counts the models that each need sorts out."""
    failed = [name for one in judged for name, verdict in one.verdicts.items() if verdict.outcome == NO]
    return {name: failed.count(name) for name in QUESTIONS if name in failed}


def describe_licence(row: Row) -> str:
    """Describes the licence of a model: its name, and what it allows commercially."""
    code, points = row["licence_code"], row["class_points"]
    if code is None:
        return "unknown" if row["has_weights"] is not False else "hosted only"
    if points is None:
        return f"{code} (terms not known)"
    limits = (
        "" if points >= OPEN_CLASS else " (with limits)" if points >= LEAST_CLASS["commercial"] else " (not commercial)"
    )
    return f"{code}{limits}"
