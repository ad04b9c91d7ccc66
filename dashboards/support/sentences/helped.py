"""Sentences about help: whether people who ask are helped or only closed, and where to ask."""

from collections.abc import Mapping, Sequence

from dashboards.metric_row import Row
from dashboards.support.sentences.waiting import name_undecided
from dashboards.words import gaps, numbers
from dashboards.words.sentences import SIDES, select_measured, select_pair
from warehouse.wording import GAP

MINUS = "\N{MINUS SIGN}"
LOWER_END = "Help is a lower bound: people who are helped and never say so are not counted."


def format_points(row: Row, is_short: bool = False) -> str:
    """Formats the difference of two shares, `51 points (39 to 60)`, or its state where it has no value."""
    if row["state"] != "measured" or row["value"] is None:
        return str(row["state"])
    difference_words = f"{_format_signed(row['value'])}{GAP}points"
    has_interval = not is_short and row["low"] is not None and row["high"] is not None
    return difference_words + (
        f" ({_format_signed(row['low'])} to {_format_signed(row['high'])})" if has_interval else ""
    )


def _format_signed(share: float) -> str:
    return f"{share * 100:.0f}".replace("-0", "0").replace("-", MINUS)


def is_no_gap(row: Row) -> bool:
    """Returns whether the interval of a difference includes zero."""
    return row["low"] is not None and row["high"] is not None and row["low"] <= 0 <= row["high"]


def answer_page(
    rows: Sequence[Row], closure_gaps: Sequence[Row], titles: Mapping[str, str], sides: str = "", where: str = ""
) -> str:
    """States how the sides differ in like cases (`sides`), then closed beside helped for each side's family with most
    threads, and by how much their gaps differ; `where` is the place and window."""
    by_key = {(row["family_id"], row["statistic"]): row for row in select_measured(rows)}
    paired_gaps = [
        gap
        for gap in select_measured(closure_gaps)
        if (gap["family_id"], "closed") in by_key and (gap["family_id"], "helped") in by_key
    ]
    largest = select_pair(paired_gaps)
    if not largest:
        return "The data give no answer: in this window no family has enough threads with a known outcome."
    shares = [_describe_pair(by_key, gap, titles) for gap in largest]
    cases = numbers.join_words([numbers.format_count(gap["n"]) for gap in largest])
    # A reader who chose families of one side does not ask about the other.
    end = (
        "The other side has no family with enough threads to compare. "
        if len({gap["side"] for gap in closure_gaps} & set(SIDES)) > 1
        else ""
    )
    if len(largest) > 1:
        apart = gaps.describe_gap(largest[0], largest[1], "share").replace("They differ", "The gaps differ")
        end = f"{apart} "
    which = ", the most on each side" if len(largest) > 1 and len(paired_gaps) > 2 else ""
    which += f"; {where}" if where else ""
    return f"After 30 days: {'; '.join(shares)}; n{GAP}={GAP}{cases}{which}. {end}{LOWER_END} {sides}".strip()


def judge_page(closure_gaps: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict whether more threads are closed than helped; empty where nothing is known."""
    pair = select_pair(select_measured(closure_gaps))
    wide = [gap for gap in pair if not is_no_gap(gap)]
    if not wide:
        who = numbers.join_words([numbers.escape_markdown(titles[gap["family_id"]]) for gap in pair])
        return f"**Too close to call** whether more threads about {who} are closed than helped." if pair else ""
    points = {
        is_more: numbers.join_words(
            [f"{100 * abs(gap['value']):.0f} points for {numbers.escape_markdown(titles[gap['family_id']])}"
             for gap in wide if (gap["value"] > 0) == is_more]
        )
        for is_more in (True, False)
    }  # fmt: skip
    more = f"**More threads are closed than are known to be helped**: by {points[True]}." if points[True] else ""
    fewer = f"**More threads are known to be helped than are closed**: by {points[False]}." if points[False] else ""
    return f"{more} {fewer}".strip()


def _describe_pair(by_key: Mapping[tuple[str, str], Row], gap: Row, titles: Mapping[str, str]) -> str:
    closed, helped = (by_key[gap["family_id"], name] for name in ("closed", "helped"))
    so = (
        f"closed and helped do not differ clearly, {format_points(gap)}"
        if is_no_gap(gap)
        else f"a gap of {format_points(gap)}"
    )
    return (
        f"{numbers.escape_markdown(titles[gap['family_id']])} **{numbers.format_value(closed, 'share')}** closed, "
        f"**{numbers.format_value(helped, 'share')}** known to be helped, {so}"
    )


def _turn_up(gap: Row) -> Row:
    """Turns a negative gap around, since the widest is sought on both sides of nought."""
    if gap["value"] >= 0:
        return gap
    low, high = (None if gap[end] is None else -gap[end] for end in ("high", "low"))
    return {**gap, "value": -gap["value"], "low": low, "high": high}


def name_widest(rows: Sequence[Row], closure_gaps: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names where closing and helping differ most, and whether the others can be told apart."""
    ranked = sorted(select_measured(closure_gaps), key=lambda gap: -abs(gap["value"]))
    if not ranked:
        return "Closed beside helped: no family has enough threads"
    gap = ranked[0]
    shares = {
        row["statistic"]: numbers.format_share(row["value"])
        for row in select_measured(rows)
        if row["family_id"] == gap["family_id"]
    }
    both = f", {shares['closed']} closed and {shares['helped']} helped" if {"closed", "helped"} <= set(shares) else ""
    level_with = name_undecided(
        [
            numbers.escape_markdown(titles[row["family_id"]])
            for row in gaps.select_level(_turn_up(gap), [_turn_up(row) for row in ranked[1:]])
        ]
    )
    return (
        f"Widest gap between closed and helped: {numbers.escape_markdown(titles[gap['family_id']])}{both}{level_with}"
    )


def describe_gaps(closure_gaps: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Describes each family's gap, with and without its interval, and says so where there may be none."""
    return {
        gap["family_id"]: (
            format_points(gap) + (", may be none" if is_no_gap(gap) else ""),
            format_points(gap, is_short=True),
        )
        for gap in select_measured(closure_gaps)
    }


def describe_taken_for_solved(naive: Sequence[Row], helped: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States what equating closed with solved would show for the family with most threads, and how far mere thanks
    would go; empty without both."""
    by_key = {(row["family_id"], row["statistic"]): row for row in [*select_measured(naive), *select_measured(helped)]}
    families = [family for family, name in by_key if name == "theirs" and (family, "ours") in by_key]
    if not families:
        return ""
    family = max(families, key=lambda candidate: (by_key[candidate, "theirs"]["n"] or 0, candidate))
    theirs, ours, thanked = by_key[family, "theirs"], by_key[family, "ours"], by_key.get((family, "any_or_thanked"))
    also = f" Counting bare thanks as help, it would be {numbers.format_value(thanked, 'share')}." if thanked else ""
    return (
        f"Dashboards that take closed for solved would show {numbers.format_value(theirs, 'share')} of "
        f"{numbers.format_count(theirs['n'])} threads about {numbers.escape_markdown(titles[family])} as solved; "
        f"{numbers.format_value(ours, 'share')} of {numbers.format_count(ours['n'])} are known to be helped.{also}"
    )
