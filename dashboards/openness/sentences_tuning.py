"""Sentences about tuning: whose weights may be tuned, who offers tuning, and what has ended, as of the last reading."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboards.metric_row import Row
from dashboards.openness.sentences_access import count_families
from dashboards.words import numbers
from dashboards.words.sentences import name_few
from warehouse.wording import count_things, pluralize

OWN = "own weights"


def select_ended(offers: Sequence[Row], today: date) -> list[Row]:
    """Selects offers that have ended."""
    return [row for row in offers if row["ended_on"] is not None and row["ended_on"] <= today]


def describe_tuning(
    offers: Sequence[Row], counts: Sequence[Row], families: Sequence[Row], titles: Mapping[str, str], today: date
) -> str:
    """States whom anyone may tune, how many makers offer tuning, and how old the reading is; empty without offers."""
    if not offers:
        return ""
    ended = select_ended(offers, today)
    live = [row for row in offers if row not in ended]
    told = []
    if free := [row for row in live if row["offer_channel"] == OWN]:
        told.append(f"Anyone may tune the weights of {name_few(free, titles)}, some under conditions.")
    if closed := {row["family_id"] for row in families if row["side"] == "proprietary"}:
        served = {row["family_id"] for row in live if row["offer_channel"] != OWN} & closed
        unread = sum(row["side"] == "proprietary" and row["state"] != "measured" for row in counts)
        rest = f"; {unread} {pluralize(unread, 'has', 'have')} not been checked" if unread else ""
        which = pluralize(len(served), "offers", "offer")
        told.append(f"{len(served)} of {count_families(len(closed), 'proprietary')} {which} tuning{rest}.")
    return " ".join([*told, _describe_age(offers)]).strip()


def _describe_age(offers: Sequence[Row]) -> str:
    """States how many offers were read too long ago: such a fact holds for its day and not for today."""
    stale = [row for row in offers if row["is_stale"]]
    if not stale:
        return ""
    newest = numbers.format_day(max(row["as_of_on"] for row in stale))
    was = pluralize(len(stale), "was", "were")
    return (
        f"{len(stale)} of {count_things(len(offers), 'offer')} {was} last read long ago, the newest on {newest}: what "
        "has ended since is unknown."
    )


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
