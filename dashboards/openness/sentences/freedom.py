"""Sentences about freedom: whose weights may be tuned, who offers tuning, and what has ended, as of the last
reading."""

from collections.abc import Mapping, Sequence
from datetime import date

from dashboards.metric_row import Row
from dashboards.openness.sentences.levels import MOST_NAMED, count_families, join_names
from dashboards.words import numbers
from dashboards.words.sentences import SIDES, select_measured
from warehouse.wording import GAP, count_things, pluralize

OWN = "own weights"
SOME = 6
"""Endings that are named; more are counted."""


def select_ended(offers: Sequence[Row], today: date) -> list[Row]:
    """Selects offers that have ended."""
    return [row for row in offers if row["ended_on"] is not None and row["ended_on"] <= today]


def select_holders(offers: Sequence[Row], today: date) -> tuple[list[str], list[str]]:
    """Selects families whose weights anyone who has them may tune, and families that others offer to tune without a
    known end."""
    over = {id(row) for row in select_ended(offers, today)}
    live = [row for row in offers if id(row) not in over]
    own = dict.fromkeys(row["family_id"] for row in live if row["offer_channel"] == OWN)
    served = dict.fromkeys(row["family_id"] for row in live if row["offer_channel"] != OWN)
    return list(own), list(served)


def answer_page(
    offers: Sequence[Row], counts: Sequence[Row], families_shown: Sequence[Row], titles: Mapping[str, str], today: date
) -> str:
    """States how many families anyone may tune, how many makers offer tuning, what has ended, and how old the reading
    is."""
    if not offers:
        return "The data give no answer: no offer to tune the models of these families is recorded."
    own, served = select_holders(offers, today)
    sides = {
        side: [row["family_id"] for row in families_shown if row["side"] == side] for side in ("open", "proprietary")
    }
    text = _describe_free(own, sides["open"], titles)
    if sides["proprietary"]:
        closed = [family for family in served if family in sides["proprietary"]]
        text += (
            f"Of {count_families(len(sides['proprietary']), 'proprietary')} **{len(closed)}** can be tuned through the "
            "maker or a cloud"
        )
        text += (
            f" ({numbers.join_words([numbers.escape_markdown(titles[family]) for family in closed])})" if closed else ""
        )
        silent = [row for row in counts if row["side"] == "proprietary" and row["state"] != "measured"]
        text += f"; {len(silent)} {pluralize(len(silent), 'has', 'have')} not been checked. " if silent else ". "
    return f"{text}{_describe_ended(select_ended(offers, today), titles)} {_describe_age(offers)}"


def judge_page(offers: Sequence[Row], counts: Sequence[Row], families_shown: Sequence[Row], today: date) -> str:
    """Words as a verdict how many families may be tuned; empty where no offer is recorded."""
    own, served = select_holders(offers, today)
    unchecked = {row["family_id"] for row in counts if row["side"] == "proprietary" and row["state"] == "not collected"}
    sides = {side: [row["family_id"] for row in families_shown if row["side"] == side] for side in SIDES}
    free = [family for family in sides["open"] if family in own]
    offered = [family for family in sides["proprietary"] if family in served]
    unseen = [family for family in sides["proprietary"] if family in unchecked and family not in served]
    is_brief = 0 < len(free) < len(sides["open"])
    parts = [
        _describe_open(len(free), len(sides["open"])) if sides["open"] else "",
        _describe_offered(len(offered), len(sides["proprietary"]), len(unseen), is_brief)
        if sides["proprietary"]
        else "",
    ]
    text = "; ".join(filter(None, parts))
    return f"**{text[0].upper()}{text[1:]}.**" if offers and text else ""


def _describe_open(free: int, whole: int) -> str:
    """Words how many open families may be tuned."""
    if not free:
        return "no open family may be tuned"
    many = "the open family" if whole == 1 else "all open families" if free == whole else f"{free} of {whole} families"
    return f"anyone with the weights may tune {many}"


def _describe_offered(offered: int, whole: int, unseen: int, is_brief: bool) -> str:
    """Words how many proprietary families may be tuned by an offer, and how many were not checked; briefly where the
    words before it have numbers."""
    families = f"proprietary {pluralize(whole, 'family', 'families')}"
    if unseen == whole:
        return f"the {families} {pluralize(whole, 'was', 'were')} not checked"
    if whole == 1:
        return f"the {families} offers {'tuning' if offered else 'no tuning'}"
    if is_brief:
        return f"{offered or 'no'} {families} {pluralize(offered, 'offers', 'offer')} tuning"
    many = (
        "both" if offered == whole == 2 else f"all {whole}" if offered == whole else f"{offered or 'none'} of {whole}"
    )
    rest = f", {unseen} not checked" if unseen else ""
    return f"{many} {families} {pluralize(offered, 'offers', 'offer')} tuning{rest}"


def _describe_free(own: Sequence[str], open_families: Sequence[str], titles: Mapping[str, str]) -> str:
    """Names a few of the free families; empty where no open family is shown."""
    if not open_families:
        return ""
    who = f"{len(own)} of {count_families(len(open_families), 'open')}"
    if own and len(own) == len(open_families) <= MOST_NAMED:
        who = numbers.join_words([numbers.escape_markdown(titles[family]) for family in own])
    return f"The weights of **{who}** may be tuned by anyone who holds them, some under conditions. "


def _describe_ended(over: Sequence[Row], titles: Mapping[str, str]) -> str:
    if not over:
        return "No offer is known to have ended."
    endings = [
        f"{numbers.escape_markdown(titles[row['family_id']])}'s {numbers.escape_markdown(row['tuning_method'])} on "
        f"{numbers.format_day(row['ended_on'])}"
        for row in over[:SOME]
    ]
    more = f" and {len(over) - SOME} more" if len(over) > SOME else ""
    return f"**{len(over)} {pluralize(len(over), 'has', 'have')} ended**: {numbers.join_words(endings)}{more}."


def _describe_age(offers: Sequence[Row]) -> str:
    """States the age of the readings: a fact read long ago holds for that day, not for today."""
    stale = [row for row in offers if row["is_stale"]]
    if not stale:
        return f"n{GAP}={GAP}{count_things(len(offers), 'offer')}, all read recently."
    newest = numbers.format_day(max(row["as_of_on"] for row in offers))
    if len(stale) == len(offers):
        how = "that was the state then, and **what has ended since is not known**"
        if len(offers) == 1:
            return f"The only offer was read long ago, on {newest}: {how}."
        return f"All {len(offers)} offers were read long ago, the last on {newest}: {how}."
    were = pluralize(len(stale), "was", "were")
    return f"{len(stale)} of {len(offers)} offers {were} read long ago; whether they have ended since is not known."


def describe_offers(offers: Sequence[Row], today: date) -> str:
    """Words the finding of the bars."""
    if not offers:
        return "Tuning offers: nothing has been read"
    over = len(select_ended(offers, today))
    if not over:
        return "No offer to tune is known to have ended"
    return f"{over} {pluralize(over, 'offer', 'offers')} to tune {pluralize(over, 'has', 'have')} ended"


def describe_bars(offers: Sequence[Row], silent: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Describes the bars for readers who do not see them."""
    bars = [
        f"{titles[row['family_id']]} {row['tuning_method']} through {row['offer_channel']} "
        f"{'from ' + numbers.format_day(row['from_on']) if row['from_on'] else 'from an unstated day'} "
        f"{'until ' + numbers.format_day(row['ended_on']) if row['ended_on'] else 'without a known end'}, read on "
        f"{numbers.format_day(row['as_of_on'])}"
        for row in offers
    ]
    rest = [f"{titles[row['family_id']]} {row['state']}" for row in silent]
    return "Bars of offers to tune: " + "; ".join([*bars, *rest])


def name_freest(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names who allows everything with all models, and who allows it with none."""
    measured_rows = select_measured(rows)
    least = {row["family_id"]: row for row in measured_rows if row["statistic"] == "lowest"}
    most = {row["family_id"]: row for row in measured_rows if row["statistic"] == "highest"}
    if not least or not most:
        return "Freedom of the weights: no family has a number"
    free, none = (
        [row for row in least.values() if row["value"] == 5],
        [row for row in most.values() if row["value"] == 0],
    )
    if free:
        finding = f"All five freedoms for every model: {join_names(free, titles)}"
    else:
        some = [row for row in most.values() if row["value"] == 5]
        finding = f"All five freedoms: {f'only for some models of {join_names(some, titles)}' if some else 'no family'}"
    return finding + (f"; none at all: {join_names(none, titles)}" if none else "")


def name_most_controls(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words the finding about controls: who lets a request set most of them."""
    known = select_measured(rows)
    if not known:
        return "Controls in a request: no family has a number"
    most = max(row["value"] for row in known)
    first = [row for row in known if row["value"] == most]
    verb = pluralize(len(first), "lets", "let")
    said = f"{join_names(first, titles)} {verb} a request set up to {numbers.format_count(most)} controls"
    if len(first) == len(known):
        return said
    return f"{said}, {'more than any other' if len(first) == 1 else 'no family more'}"


def describe_unseen(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States once per state which families cannot be observed."""
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        if row["state"] != "measured":
            groups.setdefault(row["state"], {})[numbers.escape_markdown(titles[row["family_id"]])] = None
    groups_in_words = [
        f"{numbers.STATES[state][0]} {numbers.join_words(list(titles_of_state))}: {state}"
        for state, titles_of_state in groups.items()
    ]
    return f" {'; '.join(groups_in_words)}." if groups_in_words else ""
