"""A user's needs, and whether each family meets them: yes, possibly, no, or unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers

YES, MAY, NO, UNKNOWN = "meets it", "may meet it", "does not", "cannot be judged"
MARKS = {YES: "●", MAY: "◐", NO: "✕", UNKNOWN: "?"}
WORST_FIRST = (NO, UNKNOWN, MAY, YES)
SIDE = {"": "any", "open": "open weights", "proprietary": "proprietary"}
TUNING = {"": "not needed", "yes": "needed"}
GPU = {"": "not needed", "16": "16 GB", "24": "24 GB", "48": "48 GB", "80": "80 GB"}
WITHIN = {"": "any", "24h": "a day", "7d": "a week"}
LICENCE = {"": "any", "commercial": "commercial use", "osi": "approved by OSI"}
PRICE = {"": "any", "0.25": "0.25 USD", "0.5": "0.50 USD", "1": "1 USD", "2": "2 USD", "5": "5 USD", "10": "10 USD"}
HALF = 0.5
LEAST_CLASS = {"": 3, "commercial": 3, "osi": 5}
"""The least licence class for each choice, in the numbering of metrics.licence_class."""


@dataclass(frozen=True, slots=True)
class Needs:
    """The reader's needs; empty means not needed."""

    side: str = ""
    tuning: str = ""
    gpu: str = ""
    within: str = ""
    licence: str = ""
    price: str = ""


class Verdict(NamedTuple):
    """A family's outcome on one need, with the figure or the reason."""

    outcome: str
    said: str
    """The value, or the state in its place."""
    why: str = ""
    """The evidence or the reason."""


class Judged(NamedTuple):
    """A family with its verdict on every need that can be judged, and whether it meets those asked for."""

    family: str
    outcome: str
    verdicts: dict[str, Verdict]
    names: tuple[str, ...]
    """The needs that were asked for."""

    @property
    def asked(self) -> dict[str, Verdict]:
        """Returns the verdicts on the needs that were asked for."""
        return {name: self.verdicts[name] for name in self.names}


def judge_families(page: View, needs: Needs) -> list[Judged]:
    """Judges every family that has models of its own, in the order of the page."""
    of = {
        "tuning": judge_tuning(page),
        "gpu": judge_memory(page, needs.gpu),
        "within": judge_support(page, needs.within),
    }
    of |= {"licence": judge_licences(page, needs.licence), "price": judge_prices(page, needs.price)}
    asked = tuple(name for name in of if getattr(needs, name))
    judged = []
    for family in page.families:
        # Hosts serve other makers' models and have none of their own.
        if family["side"] == "host" or needs.side not in ("", family["side"]):
            continue
        verdicts = {
            name: verdicts_by_family.get(family["family_id"], Verdict(UNKNOWN, "not known", "not in this snapshot"))
            for name, verdicts_by_family in of.items()
        }
        outcomes = [verdicts[name].outcome for name in asked]
        judged.append(
            Judged(
                family["family_id"],
                next((outcome for outcome in WORST_FIRST if outcome in outcomes), YES),
                verdicts,
                asked,
            )
        )
    return judged


def _judge_unknown(row: Row) -> Verdict:
    """Returns the verdict for a figure that has a state instead of a value, with its reason."""
    mark, meaning = numbers.STATES.get(row["state"], ("", ""))
    return Verdict(UNKNOWN, f"{mark} {row['state']}".strip(), str(row["note"] or meaning))


def judge_tuning(page: View) -> dict[str, Verdict]:
    """Judges tuning: of weights in hand, which nobody can revoke, or by an offer, which may have ended since it was
    last read."""
    counts = {row["family_id"]: row for row in page.load_metric("tuning_offers_count", "offers", "all", ("methods",))}
    free = {row["family_id"]: row for row in page.load_metric("weight_freedom_points", "offers", "all", ("highest",))}
    offers: dict[str, list[Row]] = {}
    for row in page.load_rows(
        "metrics.tuning_offers", "select * from metrics.tuning_offers order by family_id, offer_channel, tuning_method"
    ):
        if row["ended_on"] is None or row["ended_on"] > page.now.date():
            offers.setdefault(row["family_id"], []).append(row)
    return {
        family: _judge_tunable(offers.get(family, []), counts.get(family), free.get(family))
        for family in {*counts, *free, *offers}
    }


def _judge_tunable(offers: Sequence[Row], count: Row | None, free: Row | None) -> Verdict:
    own = [row for row in offers if row["offer_channel"] == "own weights"]
    if own:
        return Verdict(YES, "own weights", f"{own[0]['fact_words']} (read on {own[0]['as_of_on']})")
    if offers:
        through = numbers.join_words(sorted({str(row["offer_channel"]) for row in offers}))
        words = "; ".join(str(row["fact_words"]) for row in offers)
        old = offers[0]["is_stale"]
        why = f"{words} (read on {offers[0]['as_of_on']}{', so long ago that it may have ended' if old else ''})"
        return Verdict(MAY if old else YES, f"through {through}", why)
    if count is not None and count["state"] == "measured":
        ended = Verdict(NO, "no open offer", "every offer on record has ended")
        return (
            Verdict(YES, f"{count['value']:.0f} {numbers.pluralize(count['value'], 'way')}", str(count["note"] or ""))
            if count["value"]
            else ended
        )
    if free is not None and free["state"] == "measured" and free["value"]:
        return Verdict(MAY, "weights to fetch", "whether these weights may be modified has not been checked")
    return _judge_unknown(count) if count is not None else Verdict(UNKNOWN, "not known", "not checked by hand yet")


def judge_memory(page: View, gpu: str) -> dict[str, Verdict]:
    """Judges memory by the family's smallest model at 4 bits; the estimate excludes the memory of a long context."""
    return {
        row["family_id"]: _judge_fit(row, float(gpu or 0))
        for row in page.load_metric("smallest_memory_gib", "hub", "4-bit", ("smallest",))
    }


def _judge_fit(row: Row, limit: float) -> Verdict:
    if row["state"] == "not applicable":
        return Verdict(NO, "no weights", str(row["note"] or "its weights are not published"))
    if row["state"] != "measured" or row["value"] is None:
        return _judge_unknown(row)
    need = f"from {numbers.format_two_digits(row['value'])}{numbers.GAP}GiB"
    return Verdict(
        YES if not limit or row["value"] <= limit else NO,
        need,
        f"the smallest of {row['n']} models at 4 bits, an estimate",
    )


def judge_support(page: View, within: str) -> dict[str, Verdict]:
    """Judges whether at least half of those who ask are answered in time, by the interval and not by the value
    alone."""
    span = within or "24h"
    return {
        row["family_id"]: _judge_answered(row, WITHIN[span])
        for row in page.load_asked("answered_share", (f"within_{span}",), "anyone")
    }


def _judge_answered(row: Row, span: str) -> Verdict:
    if row["state"] != "measured" or row["value"] is None:
        return _judge_unknown(row)
    low, high = (row["value"] if row[end] is None else row[end] for end in ("low", "high"))
    # Only an interval that lies entirely on one side of a half settles it.
    outcome = YES if low >= HALF else NO if high < HALF else MAY
    spans = ": the interval spans one half" if outcome == MAY else ""
    return Verdict(
        outcome,
        numbers.format_value(row, "share"),
        f"answered within {span}, n = {numbers.format_count(row['n'])}{spans}",
    )


def judge_licences(page: View, licence: str) -> dict[str, Verdict]:
    """Judges whether all models of a family have such a licence, or only some."""
    levels: dict[str, dict[str, Row]] = {}
    for row in page.load_metric("licence_class", "offers", "all", ("lowest", "highest")):
        levels.setdefault(row["family_id"], {})[row["statistic"]] = row
    return {
        family: _judge_licensed(ends["lowest"], ends["highest"], licence)
        for family, ends in levels.items()
        if len(ends) == 2
    }


def _judge_licensed(lowest: Row, highest: Row, licence: str) -> Verdict:
    if lowest["state"] != "measured" or highest["state"] != "measured":
        return _judge_unknown(highest)
    least, name = LEAST_CLASS[licence], LICENCE[licence or "commercial"]
    why = f"of {numbers.format_count(highest['n'])} whose licence is known. {highest['note'] or ''}".strip()
    if lowest["value"] >= least:
        return Verdict(YES, f"{name}: all models", why)
    if highest["value"] >= least:
        return Verdict(MAY, f"{name}: some models", f"not all {why}")
    return Verdict(NO, "hosted only" if highest["value"] <= 1 else f"{name}: none", why)


def judge_prices(page: View, price: str) -> dict[str, Verdict]:
    """Judges price by the family's cheapest listed model; weights run on one's own machine have no such price."""
    rows = page.load_metric("price_usd", "prices", "blended", ("cheapest",))
    return {row["family_id"]: _judge_affordable(row, float(price or 0)) for row in rows}


def _judge_affordable(row: Row, most: float) -> Verdict:
    if row["state"] != "measured" or row["value"] is None:
        return _judge_unknown(row)
    need = f"from {numbers.format_two_digits(row['value'])}{numbers.GAP}USD"
    return Verdict(
        YES if not most or row["value"] <= most else NO,
        need,
        f"the cheapest of {row['n']} models, per million tokens",
    )
