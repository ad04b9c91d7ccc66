"""The channels that are read for each family, matched with those of the others, and every gap with its reason."""

from collections.abc import Sequence

from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers

PLACES = {
    "code": "Issue trackers",
    "questions": "Forums and hub discussions",
    "subreddit": "Subreddits",
    "tag": "Questions by tag",
    "status": "Status pages",
    "changelog": "Changelogs",
    "deprecations": "Deprecation pages",
    "packages": "Packages",
    "prices": "Own price lists",
}
"""The groups in which channels are compared: by their pair, or by their kind where they have none."""
PAIRS = {"tracker": "code", "forum": "questions", "hub": "questions"}
"""The pair of each kind of channel, for gaps, which have no pair of their own."""
CHANNELS = (
    "select family_id, channel_kind, pair, target, is_official, url from staging.channels where is_enabled "
    "order by channel_kind, target"
)
ABSENCES = (
    "select family_id, channel_kind, state, why from staging.absences order by channel_kind = 'hub', channel_kind"
)


def load_channels(page: View, families: Sequence[str]) -> list[DictRow]:
    """Loads every channel that is read for these families, and every gap, with the group in which it is compared."""
    rows = [_place_channel(row) for row in page.load_rows("staging.channels", CHANNELS) if row["family_id"] in families]
    full = {(row["place"], row["family_id"]) for row in rows}
    holes = [_place_hole(row) for row in page.load_rows("staging.absences", ABSENCES) if row["family_id"] in families]
    seen: set[tuple[str, str]] = set()
    for hole in holes:
        key = (hole["place"], hole["family_id"])
        # A family without a forum of its own is still asked about on the Hub, so that is no gap.
        if key not in full and key not in seen:
            seen.add(key)
            rows.append(hole)
    order = list(PLACES)
    of_known_kind = [row for row in rows if row["place"] in PLACES]
    return sorted(
        of_known_kind,
        key=lambda row: (order.index(row["place"]), families.index(row["family_id"]), row["target"] or ""),
    )


def _place_channel(row: DictRow) -> DictRow:
    pairing = row["pair"] if row["pair"] in PLACES else row["channel_kind"]
    return {**row, "place": pairing, "state": "read", "why": ""}


def _place_hole(row: DictRow) -> DictRow:
    empty = {"pair": None, "target": None, "is_official": None, "url": None}
    return {**row, **empty, "place": PAIRS.get(row["channel_kind"], row["channel_kind"])}


def count_channels(rows: Sequence[DictRow], families: Sequence[str], sides: dict[str, str]) -> list[DictRow]:
    """Counts channels in one block per group: each family's number there, or its state."""
    blocks = []
    for pairing, name in PLACES.items():
        of_place = [row for row in rows if row["place"] == pairing]
        if of_place:
            of_families = [[row for row in of_place if row["family_id"] == family] for family in families]
            own = [_count_cell(rows, sides[family]) for rows, family in zip(of_families, families, strict=True)]
            holes = sum(not cell["is_measured"] for cell in own)
            blocks.append({"name": name, "verdict": f"{holes} without" if holes else "matched", "cells": own})
    return blocks


def _count_cell(rows: Sequence[DictRow], side: str) -> DictRow:
    blank = {"side": side, "value": None, "low": None, "high": None, "n": "", "is_measured": False}
    if not rows:
        return blank | {"said": "none known", "short": "·", "why": ""}
    if rows[0]["state"] != "read":
        mark, _ = numbers.STATES.get(rows[0]["state"], ("", ""))
        return blank | {"said": f"{mark} {rows[0]['state']}", "short": mark, "why": rows[0]["why"] or ""}
    targets = numbers.join_words([str(row["target"]) for row in rows])
    long = f"{len(rows)} channels" if len(rows) > 1 else "1 channel"
    return blank | {"said": long, "short": str(len(rows)), "why": targets, "is_measured": True}


def make_download_rows(rows: Sequence[DictRow]) -> list[DictRow]:
    """Prepares channels and gaps for downloads."""
    names = ("place", "family_id", "channel_kind", "target", "state", "why", "url")
    return [{name: row[name] for name in names} for row in rows]


def describe_channels(rows: Sequence[DictRow], titles: dict[str, str]) -> list[DictRow]:
    """Lists channels as a table, one per row."""
    return [
        {
            "compared": PLACES[row["place"]],
            "family": titles[row["family_id"]],
            "channel": row["target"],
            "whose": "the maker's" if row["is_official"] else "the community's",
            "link": row["url"],
        }
        for row in rows
    ]


def describe_reasons(rows: Sequence[DictRow], titles: dict[str, str]) -> list[DictRow]:
    """Lists gaps as a table, each reason once with the families it applies to."""
    families: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        families.setdefault((row["place"], row["state"], row["why"] or ""), []).append(titles[row["family_id"]])
    return [
        {
            "place": PLACES[pairing],
            "families": numbers.join_words(names),
            "state": " ".join([numbers.STATES.get(state, ("", ""))[0], state]).strip(),
            "why there is none": why,
        }
        for (pairing, state, why), names in families.items()
    ]
