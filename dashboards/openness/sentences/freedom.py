"""What is said of freedom: whose weights may be tuned, who offers tuning, and what has ended, as far as somebody read it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboards.openness.sentences.levels import MOST_NAMED, families, names
from dashboards.words import numbers
from dashboards.words.sentences import select_measured

Row = Mapping[str, Any]
OWN = "own weights"
SOME = 6
"""So many endings are named."""


def ended(offers: Sequence[Row], today: date) -> list[Row]:
    """Offers that are over."""
    return [row for row in offers if row["ended_on"] is not None and row["ended_on"] <= today]


def holders(offers: Sequence[Row], today: date) -> tuple[list[str], list[str]]:
    """Families whose weights may be tuned by whoever has them, and those that others offer to tune, as far as no end is known."""
    over = {id(row) for row in ended(offers, today)}
    live = [row for row in offers if id(row) not in over]
    own = dict.fromkeys(row["family_id"] for row in live if row["offer_channel"] == OWN)
    served = dict.fromkeys(row["family_id"] for row in live if row["offer_channel"] != OWN)
    return list(own), list(served)


def answer(
    offers: Sequence[Row], counts: Sequence[Row], shown: Sequence[Row], titles: Mapping[str, str], today: date
) -> str:
    """How many may be tuned by anyone, how many makers offer tuning, what has ended, and how old the reading is."""
    if not offers:
        return "The data do not carry an answer: no offer to tune the models of these families is recorded."
    own, served = holders(offers, today)
    sides = {side: [row["family_id"] for row in shown if row["side"] == side] for side in ("open", "proprietary")}
    said = _free(own, sides["open"], titles)
    if sides["proprietary"]:
        closed = [family for family in served if family in sides["proprietary"]]
        said += (
            f"Of {families(len(sides['proprietary']), 'proprietary')} **{len(closed)}** can be tuned through the maker "
            "or a cloud"
        )
        said += (
            f" ({numbers.join_words([numbers.escape_markdown(titles[family]) for family in closed])})" if closed else ""
        )
        silent = [row for row in counts if row["side"] == "proprietary" and row["state"] != "measured"]
        said += f"; of {len(silent)} nobody has read it, which is not the same as none. " if silent else ". "
    return f"{said}{_over(ended(offers, today), titles)} {_age(offers)}"


def _free(own: Sequence[str], shown: Sequence[str], titles: Mapping[str, str]) -> str:
    """A few by name; nothing is said where no open family is shown."""
    if not shown:
        return ""
    who = f"{len(own)} of {families(len(shown), 'open')}"
    if own and len(own) == len(shown) <= MOST_NAMED:
        who = numbers.join_words([numbers.escape_markdown(titles[family]) for family in own])
    return f"The weights of **{who}** may be tuned by whoever holds them, some within terms. "


def _over(over: Sequence[Row], titles: Mapping[str, str]) -> str:
    if not over:
        return "No offer is known to have ended."
    told = [
        f"{numbers.escape_markdown(titles[row['family_id']])}'s {numbers.escape_markdown(row['tuning_method'])} on "
        f"{_day(row['ended_on'])}"
        for row in over[:SOME]
    ]
    more = f" and {len(over) - SOME} more" if len(over) > SOME else ""
    return f"**{len(over)} {'has' if len(over) == 1 else 'have'} ended**: {numbers.join_words(told)}{more}."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _age(offers: Sequence[Row]) -> str:
    """How far the reading reaches: a fact read long ago is one of its day, not of today."""
    stale = [row for row in offers if row["is_stale"]]
    if not stale:
        return f"n{numbers.GAP}={numbers.GAP}{len(offers)} offers, each read not long ago."
    newest = _day(max(row["as_of_on"] for row in offers))
    if len(stale) == len(offers):
        how = "this is how it stood then, and **what ended since is not known**"
        return f"All {len(offers)} offers were read long ago, the last on {newest}: {how}."
    return (
        f"{len(stale)} of {len(offers)} offers were read long ago and are drawn pale; what ended since is not known of "
        "them."
    )


def title(offers: Sequence[Row], sides: Mapping[str, str], today: date) -> str:
    """The finding of the chart of bars."""
    if not offers:
        return "What may be tuned: nothing has been read"
    own, served = holders(offers, today)
    closed = [family for family in served if sides[family] == "proprietary"]
    over = len(ended(offers, today))
    end = f"{over} {'offer has' if over == 1 else 'offers have'} ended" if over else "no offer is known to have ended"
    return (
        f"{families(len(own))} whose weights may be tuned, {len(closed)} tuned only through a maker or a cloud; {end}"
    )


def alt(offers: Sequence[Row], silent: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The bars for those who do not see them."""
    said = [
        f"{titles[row['family_id']]} {row['tuning_method']} through {row['offer_channel']} "
        f"{'from ' + _day(row['from_on']) if row['from_on'] else 'from a day that nobody tells'} "
        f"{'until ' + _day(row['ended_on']) if row['ended_on'] else 'without a known end'}, read on "
        f"{_day(row['as_of_on'])}"
        for row in offers
    ]
    rest = [f"{titles[row['family_id']]} {row['state']}" for row in silent]
    return "Bars of offers to tune: " + "; ".join([*said, *rest])


def freest(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Who lets everything be done with all models, and who with none."""
    known = select_measured(rows)
    least = {row["family_id"]: row for row in known if row["statistic"] == "lowest"}
    most = {row["family_id"]: row for row in known if row["statistic"] == "highest"}
    if not least or not most:
        return "Freedom of the weights: no family has a number"
    free, none = (
        [row for row in least.values() if row["value"] == 5],
        [row for row in most.values() if row["value"] == 0],
    )
    if free:
        found = f"All five freedoms for every model: {names(free, titles)}"
    else:
        some = [row for row in most.values() if row["value"] == 5]
        found = f"All five freedoms: {f'only for some models of {names(some, titles)}' if some else 'no family'}"
    return found + (f"; none at all: {names(none, titles)}" if none else "")


def unseen(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Of which families nothing can be seen, said once, by state."""
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        if row["state"] != "measured":
            groups.setdefault(row["state"], {})[numbers.escape_markdown(titles[row["family_id"]])] = None
    said = [f"{numbers.STATES[state][0]} {numbers.join_words(list(found))}: {state}" for state, found in groups.items()]
    return f" {'; '.join(said)}." if said else ""
