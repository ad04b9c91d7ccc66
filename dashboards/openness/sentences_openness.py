"""Sentences about openness: what weights may be used for and tuned, which card they run on, and what models cost."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from dashboards.evidence import board
from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers
from dashboards.words.sentences import name_few, select_measured
from warehouse.wording import GAP, count_things, is_are, pluralize

SMALL, CARD = 24, f"24{GAP}GiB"
"""Memory of a common card for a desk, in GiB as rounded by its maker."""
OWN = "own weights"
METRIC = "like_price_ratio"
TESTS = "metrics.claim_tests"


def count_families(number: int, kind: str = "") -> str:
    """Counts families: `1 open family`, `3 families`."""
    return f"{number} {kind + ' ' if kind else ''}{pluralize(number, 'family', 'families')}"


def judge_page(licences: Sequence[Row]) -> str:
    """Words as a verdict how many license weights freely; empty if no licence is known."""
    known = [row for row in select_measured(licences) if row["statistic"] == "highest"]
    free = sum(row["value"] >= 4 for row in known)
    give = f"{free} of {count_families(len(known))} {pluralize(free, 'licenses', 'license')}"
    return f"**{give} weights** of some model for any use without a cap." if known else ""


def describe_free(licences: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States whose weights may be used for anything, and how many are hosted only; empty if no licence is known."""
    highest = [row for row in select_measured(licences) if row["statistic"] == "highest"]
    if not highest:
        return ""
    free, hosted = [row for row in highest if row["value"] >= 4], sum(row["value"] == 1 for row in highest)
    whose = name_few(free, titles) if free else f"None of {count_families(len(highest))}"
    rest = f"; {hosted} {is_are(hosted)} hosted only." if hosted else "."
    give = pluralize(len(free) or 1, "licenses", "license")
    return f"{whose} {give} the weights of some models for any use without a cap{rest}"


def describe_small(memory: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the families whose median model fits one small card at four bits."""
    rows = select_measured(memory)
    if not rows:
        return ""
    fit = [row for row in rows if row["value"] <= SMALL]
    of = (
        name_few(rows, titles)
        if len(fit) == len(rows)
        else f"{len(fit)} of {count_families(len(rows))} with known sizes"
    )
    return f"At 4 bits the median model of {of} fits one {CARD} card, by estimate."


def name_freest(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names who allows everything with all models or, if nobody does, with some."""
    for statistic, scope in (("lowest", "every model"), ("highest", "some models")):
        if free := [row for row in select_measured(rows) if row["statistic"] == statistic and row["value"] == 5]:
            return f"All five freedoms for {scope}: {name_few(free, titles)}"
    return "No family is known to grant all five freedoms"


def name_smallest(memory: Sequence[Row], _: Mapping[str, str]) -> str:
    """Words the finding of the chart of memory."""
    rows = select_measured(memory)
    if not rows:
        return "Memory: no family has a number"
    fit = sum(row["value"] <= SMALL for row in rows)
    return f"At 4 bits, the median model of {fit} of {count_families(len(rows))} fits a {CARD} card"


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
        rest = f"; {count_things(unread, 'has', 'have')} not been checked" if unread else ""
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
    return f"{count_things(ended, 'offer', 'offers')} to tune {pluralize(ended, 'has', 'have')} ended"


def load_test(page: View) -> DictRow | None:
    """Loads the published test of the sides' prices; None where the snapshot has none, or where families are chosen."""
    # Anyone who chose families does not ask about the sides.
    if page.chosen:
        return None
    sql = f"select * from {TESTS} where metric = ? and left_out = 'none' order by claim_id, test_number limit 1"
    return next(iter(snapshot_reader.load_rows(page.snapshot, sql, METRIC)), None)


def judge_sides(test: Row | None) -> str:
    """Words as a verdict which side costs less for models of like kind; empty where too few could be compared."""
    if test is None or test["effect"] is None:
        return ""
    lower, higher = ("open", "proprietary") if test["effect"] < 0 else ("proprietary", "open")
    share = _format_share(-abs(test["effect"]))
    if test["verdict"] == "supported" or test["is_opposite"]:
        return f"**{lower.capitalize()} models cost less than {higher} ones of like kind**: {share} of their price."
    if test["verdict"] == "ruled out":
        least = numbers.format_two_digits(test["least_effect"])
        return f"**Open models are not clearly cheaper for their kind**: the prices differ by less than ×{least}."
    if test["verdict"] == "undecided":
        return f"**Too close to call**: {lower} models of like kind cost {share} of what {higher} ones cost."
    return ""


def describe_sides(test: Row | None) -> str:
    """States what the ratio of the sides' prices rests on; empty if too few could be compared."""
    if test is None or test["effect"] is None:
        return ""
    low, high = test["effect_low"], test["effect_high"]
    spread = f", 95{GAP}% interval {_format_share(low)} to {_format_share(high)}" if low != high else ""
    return (
        f"n{GAP}={GAP}{numbers.format_count(test['n'])} models of {board.count_families(test)}{spread}; how good their "
        "answers are is not matched."
    )


def _format_share(effect: float) -> str:
    # Ratios are stored as logarithms; the cap keeps the exponential finite.
    return f"{numbers.format_two_digits(100 * math.exp(min(effect, 50)))}{GAP}%"
