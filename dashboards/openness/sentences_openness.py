"""Sentences about openness: what weights may be used for and tuned, and what models cost."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboards.metric_row import Row
from dashboards.words import numbers
from dashboards.words.sentences import SIDES, name_few, select_measured
from warehouse.wording import count_things, pluralize

OWN = "own weights"
MOST = 5
"""Points of weights that come with all freedoms."""


def count_families(number: int, kind: str = "") -> str:
    """Counts families: `1 open family`, `3 families`."""
    return f"{number} {kind + ' ' if kind else ''}{pluralize(number, 'family', 'families')}"


def judge_prices(rows: Sequence[Row], chosen: Sequence[str], titles: Mapping[str, str]) -> str:
    """Words as a verdict how many families of each side cost less than the middle for their kind, or which of those
    chosen; empty if no price is known."""
    known = select_measured(rows)
    if not known:
        return ""
    if chosen or len(titles) == 1:
        cheap = [row for row in known if row["value"] < 1]
        whose = name_few(cheap, titles) if cheap else f"None of {count_families(len(known))}"
        verdict = f"{whose} {pluralize(len(cheap) or 1, 'costs', 'cost')} less"
        if len(known) == 1 and not cheap:
            verdict = f"{name_few(known, titles)} costs no less"
        return f"**{verdict}** than the median of comparable models."
    counts = [f"{sum(row['side'] == side and row['value'] < 1 for row in known) or 'no'} {side}" for side in SIDES]
    return f"**{numbers.join_words(counts)} families cost less** than the median of comparable models."


def describe_free(weights: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States whose weights come with all freedoms, and how many give none; empty if no licence is known."""
    highest = [row for row in select_measured(weights) if row["statistic"] == "highest"]
    if not highest:
        return ""
    free, closed = [row for row in highest if row["value"] == MOST], sum(row["value"] == 0 for row in highest)
    whose = name_few(free, titles) if free else f"None of {count_families(len(highest))}"
    rest = f"; {closed} {pluralize(closed, 'gives', 'give')} out no weights." if closed else "."
    give = pluralize(len({row["family_id"] for row in free}) or 1, "grants", "grant")
    if len(highest) == 1 and not free:
        points = numbers.format_count(highest[0]["value"])
        return f"{name_few(highest, titles)} grants {points} of five freedoms{rest}"
    return f"{whose} {give} all five freedoms for some model{rest}"


def name_freest(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names who allows everything with all models or, if nobody does, with some."""
    for statistic, scope in (("lowest", "every model"), ("highest", "some models")):
        if free := [row for row in select_measured(rows) if row["statistic"] == statistic and row["value"] == MOST]:
            return f"All five freedoms for {scope}: {name_few(free, titles)}"
    return "No family is known to grant all five freedoms"


def describe_tuning(
    offers: Sequence[Row], counts: Sequence[Row], families: Sequence[Row], titles: Mapping[str, str], today: date
) -> str:
    """States whose weights may be tuned, and how many makers offer tuning; empty without offers."""
    if not offers:
        return ""
    live = [row for row in offers if row["ended_on"] is None or row["ended_on"] > today]
    stated = []
    if free := [row for row in live if row["offer_channel"] == OWN]:
        stated.append(f"The weights of {name_few(free, titles)} may be tuned on the terms of their pages.")
    if closed := {row["family_id"] for row in families if row["side"] == "proprietary"}:
        served = {row["family_id"] for row in live if row["offer_channel"] != OWN} & closed
        unread = sum(row["side"] == "proprietary" and row["state"] != "measured" for row in counts)
        rest = f"; {count_things(unread, 'has', 'have')} not been checked" if unread else ""
        which = pluralize(len(served), "offers", "offer")
        stated.append(f"{len(served)} of {count_families(len(closed), 'proprietary')} {which} tuning{rest}.")
    return " ".join(stated)
