"""Sentences about tuning: whose weights may be tuned, who offers tuning, and what has ended, as of the last reading."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboards.metric_row import Row
from dashboards.openness.sentences_access import count_families
from dashboards.words import numbers
from dashboards.words.sentences import name_few
from warehouse.wording import pluralize

OWN = "own weights"


def select_ended(offers: Sequence[Row], today: date) -> list[Row]:
    """Selects offers that have ended."""
    return [row for row in offers if row["ended_on"] is not None and row["ended_on"] <= today]


def describe_tuning(
    offers: Sequence[Row], counts: Sequence[Row], families: Sequence[Row], titles: Mapping[str, str], today: date
) -> str:
    """States whom anyone may tune, and how many makers offer tuning; empty without offers."""
    if not offers:
        return ""
    ended = select_ended(offers, today)
    live = [row for row in offers if row not in ended]
    stated = []
    if free := [row for row in live if row["offer_channel"] == OWN]:
        stated.append(f"Anyone may tune the weights of {name_few(free, titles)}, some under conditions.")
    if closed := {row["family_id"] for row in families if row["side"] == "proprietary"}:
        served = {row["family_id"] for row in live if row["offer_channel"] != OWN} & closed
        unread = sum(row["side"] == "proprietary" and row["state"] != "measured" for row in counts)
        rest = f"; {unread} {pluralize(unread, 'has', 'have')} not been checked" if unread else ""
        which = pluralize(len(served), "offers", "offer")
        stated.append(f"{len(served)} of {count_families(len(closed), 'proprietary')} {which} tuning{rest}.")
    return " ".join(stated)


def name_unread(counts: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the families whose offers were not read; hosts tune models of others."""
    names = [titles[row["family_id"]] for row in counts if row["state"] != "measured" and row["side"] != "host"]
    return f" Not checked: {numbers.join_words(list(map(numbers.escape_markdown, names)))}." if names else ""


def name_offers(offers: Sequence[Row], today: date) -> str:
    """Words the finding of the bars."""
    if not offers:
        return "Tuning offers: nothing has been read"
    ended = len(select_ended(offers, today))
    if not ended:
        return "No offer to tune is known to have ended"
    return f"{ended} {pluralize(ended, 'offer', 'offers')} to tune {pluralize(ended, 'has', 'have')} ended"
