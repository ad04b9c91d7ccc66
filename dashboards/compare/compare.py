"""Who supports you best? A few families side by side in matched channels: who is ahead, by how much, and is that more than chance."""

from collections.abc import Sequence
from typing import Any

from dashboards.compare import channels, charts_compare, differences, measures, sentences_compare, side_by_side
from dashboards.compare.side_by_side import HELP, OTHER, Measure
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.words import numbers, sentences

QUESTION = "Who supports you best?"
Row = dict[str, Any]
MOST, MOST_OF_SIDE = 6, 3
"""Families side by side: more columns would not be read."""
LIKE = (
    "the same kind of place, question, language and age set against each other, so the filters for these do not apply"
)
CHOOSE = "With two to six families chosen these are set side by side; with two the answer says whether they differ."
TABLES = {"rank_ranges": "places and their ranges", "matched_differences": "differences of like questions"}
"""What an older snapshot may lack, in words."""
CATALOG = "the catalog of channels"
SAID = {
    "holes": "A hole is no zero: where a family has no place of a kind, nothing was compared there. Each reason once.",
    "channel-list": "Every place that is read for these families, like beside like.",
}


def story(page: View) -> Story:
    """The answer about the families that are chosen, the figure that shows it, then each measure, each pair and each channel."""
    ranked = ranks(page)
    families = columns(page, ranked)
    gap, places = differences_of(page, families), ranking(page, ranked)
    first, last = (gap, places) if len(page.chosen) == 2 else (places, gap)
    support = table(page, "support", HELP, families, f"public {numbers.KINDS[page.kind]}; fixes in issue trackers")
    rest = table(page, "rest", OTHER, families, "status pages, pages of models' ends, the hub and lists of prices")
    where: list[Part] = [Words("## Which channels are set against each other?"), *matched(page, families)]
    return Story(
        QUESTION, answer(page, ranked), [*hint(page), first, Words("## Side by side"), support, rest, last, *where]
    )


def hint(page: View) -> list[Part]:
    """How to ask for what is not shown."""
    if len(page.chosen) > MOST:
        return [
            Words(
                f"The first {MOST} of the {len(page.chosen)} families that were chosen stand side by side.",
                is_small=True,
            )
        ]
    return [Words(CHOOSE, is_small=True)] if len(page.chosen) < 2 else []


def within(page: View) -> list[Row]:
    """The share answered within a week, of all channels and questions, which is what ranks are made of."""
    metric, statistic = differences.MAIN
    sql = (
        f"select * from metrics.{metric} where channel_role = 'all' and segment = 'anyone' and statistic = ? and "
        "channel_kind = ?"
        ' and "window" = ? order by family_id'
    )
    found = page.load_rows(f"metrics.{metric}", sql, statistic, page.kind, differences.window(page))
    return [row for row in found if (row["side"], row["state"]) != ("host", "not applicable")]


def ranks(page: View) -> list[Row]:
    """The same with the place of each family and the places where it could stand by chance; without one where it has too few cases."""
    sql = (
        "select * from metrics.rank_ranges where metric = ? and statistic = ? and segment = 'anyone' and channel_kind "
        '= ? and "window" = ?'
    )
    found = page.load_rows("metrics.rank_ranges", sql, *differences.MAIN, page.kind, differences.window(page))
    known = {row["family_id"]: row for row in found}
    names = ("rank", "rank_low", "rank_high", "families_count", "comparison")
    return [{**row, **{name: known.get(row["family_id"], {}).get(name) for name in names}} for row in within(page)]


def columns(page: View, ranked: Sequence[Row]) -> list[str]:
    """The chosen families in their order; with none chosen those with most questions of each side."""
    if page.chosen:
        return list(page.chosen[:MOST])
    cases = {row["family_id"]: row["n"] or 0 for row in ranked}
    found: list[str] = []
    for side in sentences.SIDES:
        own = [family["family_id"] for family in page.everyone if family["side"] == side]
        found += sorted(own, key=lambda family: (-cases.get(family, 0), family))[:MOST_OF_SIDE]
    return found


def answer(page: View, ranked: Sequence[Row]) -> str:
    """Of two families whether they differ; of more who stands first and from how many that can be told."""
    place = numbers.KINDS[page.kind]
    lacking = [
        name
        for name in ("rank_ranges", "matched_differences")
        if not snapshot_reader.has_table(page.snapshot, f"metrics.{name}")
    ]
    if lacking:
        return (
            f"{sentences_compare.NO_PAIR}this snapshot was published without "
            f"{numbers.join_words([TABLES[name] for name in lacking])}."
        )
    if len(page.chosen) == 2:
        names = [page.titles[family] for family in page.chosen]
        own, waits = (
            [row for family in page.chosen for row in rows if row["family_id"] == family]
            for rows in (ranked, page.load_asked("first_response_hours", ("median",), "anyone"))
        )
        pair = next((row for row in differences.of_two(page, *page.chosen) if differences.is_main(row)), None)
        return sentences_compare.two(pair, waits, names, own, differences.pairs_count(page), place)
    of = f"Of the {len(page.chosen)} families chosen" if page.chosen else "Of all families"
    wanted = [family["family_id"] for family in (page.everyone if len(page.chosen) < 2 else page.families)]
    return sentences_compare.many(ranked, differences.among(page, wanted), page.titles, place, of)


def ranking(page: View, ranked: list[Row]) -> Figure:
    """Places of the families with the places where each could stand by chance."""
    known = sorted((row for row in ranked if row["rank"]), key=lambda row: row["rank"])
    places = {row["family_id"]: row["rank"] for row in known}
    order = sorted(
        (family["family_id"] for family in page.families), key=lambda family: places.get(family, len(page.everyone) + 1)
    )
    return Figure(
        name="ranks",
        title=sentences_compare.first(
            known, page.titles, snapshot_reader.has_table(page.snapshot, "metrics.rank_ranges")
        ),
        subtitle="Place by the share of askers who hear from a person within a week; lines are the places where a "
        "family could stand by "
        f"chance (95 %); {page.describe_scope(ranked)}. Where lines overlap, no difference is shown.",
        chart=charts_compare.ranks([drawn(row) for row in ranked], order, page.titles, page.theme) if known else None,
        rows=ranked,
        metric=differences.MAIN[0],
        source=f"public {numbers.KINDS[page.kind]}",
        alt="Places with their ranges, by the share answered within a week: "
        + "; ".join(f"{page.titles[row['family_id']]} {sentences_compare.rank(row)}" for row in known),
    )


def drawn(row: Row) -> Row:
    """A family's place in words; its state where it has none."""
    mark, _ = numbers.STATES.get(row["state"], ("", ""))
    names = ("family_id", "segment", "statistic", "side", "rank", "rank_low", "rank_high", "families_count")
    told = {name: row[name] for name in names} | {
        "cases": numbers.format_count(row["n"] or 0),
        "why": row["note"] or "",
    }
    if not row["rank"]:
        return told | {"said": f"{mark} {row['state']}" if mark else "no place", "short": mark}
    short = f"{row['rank']} ({row['rank_low']}–{row['rank_high']})"
    return told | {"said": f"{short}, {numbers.format_value(row, 'share')}", "short": short}


def differences_of(page: View, families: Sequence[str]) -> Figure:
    """With two families every measure of the pair, with one its pairs, with more all pairs, and with none open against proprietary."""
    if len(page.chosen) == 2:
        one, other = (page.titles[family] for family in page.chosen)
        return gaps(
            page,
            differences.of_two(page, *page.chosen),
            f"{numbers.escape_markdown(one)} against {numbers.escape_markdown(other)}",
            (one, other),
        )
    if len(page.chosen) == 1:
        title = numbers.escape_markdown(page.titles[page.chosen[0]])
        return gaps(page, differences.with_one(page, page.chosen[0]), f"{title} against each other family")
    if page.chosen:
        return gaps(page, differences.among(page, families), "Pairs of the chosen families")
    return gaps(
        page, differences.of_two(page, "open", "proprietary"), "Open against proprietary", ("open", "proprietary")
    )


def gaps(page: View, rows: Sequence[Row], of: str, names: tuple[str, str] | None = None) -> Figure:
    """Differences around 0: by measure where two are named, else by pair in the main measure."""
    groups = [group(row, page, bool(names)) for row in rows]
    what = (
        f"right is better for {numbers.escape_markdown(names[0])}"
        if names
        else "right: the first named answers more within a week"
    )
    less = "↓ less is better; " if names else ""
    dash = "; dashed is the smallest difference that matters" if any(one["least"] for one in groups) else ""
    ends = (f"← {names[1]} better", f"{names[0]} better →") if names else ("← less often", "more often →")
    said = "; ".join(f"{one['name']}: {one['said']}, {line['look']}" for one in groups for line in one["lines"])
    return Figure(
        name="differences",
        title=f"{of}: {sentences_compare.gaps(rows)}"
        if rows
        else f"{of}: {sentences_compare.lack(snapshot_reader.has_table(page.snapshot, 'metrics.matched_differences'))}",
        subtitle=f"Differences in percentage points, {what}; {numbers.format_window(differences.window(page))}; "
        f"{LIKE}. Lines "
        f"are 95 % intervals{dash}. "
        f"{less}● more than chance among all pairs, ○ apart only taken alone, ◇ no difference shown.",
        chart=charts_compare.differences(groups, *ends, page.theme) if rows else None,
        rows=[{**row, "verdict": differences.verdict(row)} for row in rows],
        metric="matched_differences",
        source="all public places where people ask, matched",
        alt=f"Differences with intervals. {said}",
    )


def group(row: Row, page: View, is_measure: bool) -> Row:
    """A difference as it is drawn: turned so that right is better for the first, and said as it is."""
    turn = measures.turn(row) if is_measure else 1
    low, high = sorted(turn * row[end] for end in ("effect_low", "effect_high"))
    names = [page.titles.get(family, family) for family in (row["first_id"], row["second_id"])]
    found, said = differences.verdict(row), differences.said(row)
    line = {"look": found, "value": turn * row["effect"], "low": low, "high": high, "note": f"{said}: {found}"}
    short = differences.points(row["effect"])
    told = {
        "name": named(row) if is_measure else f"{names[0]} over {names[1]}",
        "said": said,
        "short": f"{short}{numbers.GAP}points",
    }
    return told | {"mark": short, "least": row["least_effect"], "lines": [line]}


def named(row: Row) -> str:
    """A measure by name, saying where less is better."""
    title = measures.title(row)
    return title[0].upper() + title[1:] + (" ↓" if measures.turn(row) < 0 else "")


def table(page: View, name: str, listed: Sequence[Measure], families: Sequence[str], source: str) -> Figure:
    """A column a family, a row a measure; holes are seen as their states."""
    found = [(measure, side_by_side.rows(page, measure, families)) for measure in listed]
    blocks = [side_by_side.block(page, measure, rows, families) for measure, rows in found]
    heads = [(page.titles[family], page.sides[family]) for family in families]
    rows = [side_by_side.kept(row, measure) for measure, rows in found for row in rows]
    asked = [row for measure, rows in found for row in rows if not measure.kind]
    scope = (
        page.describe_scope(asked)
        if name == "support"
        else f"status pages and announced ends, {numbers.format_window(page.window)}; all else as last read"
    )
    prices = [row for measure, rows in found for row in rows if measure.metric == "price_usd"]
    return Figure(
        name=name,
        title=side_by_side.title(blocks, prices, page.titles, name == "support"),
        subtitle=f"{scope[:1].upper()}{scope[1:]}; lines are 95 % intervals, each strip runs from the least to the "
        "most of its measure; "
        "↓ less is better. "
        f"{side_by_side.marks(blocks)}".strip(),
        chart=charts_compare.cells(heads, blocks, page.theme) if rows else None,
        rows=rows,
        metric=listed[0].metric,
        source=source,
        alt=side_by_side.told(blocks, heads),
    )


def matched(page: View, families: Sequence[str]) -> list[Part]:
    """How many channels each family has of each kind, the reasons where it has none, and which they are."""
    found = channels.channels(page, families)
    blocks = channels.cells(found, families, page.sides)
    heads = [(page.titles[family], page.sides[family]) for family in families]
    level = (
        side_by_side.holes(blocks, "has a channel", "have no channel") if blocks else "they are not in this snapshot"
    )
    kinds = Figure(
        name="channels",
        title=f"Channels like beside like: {level}",
        subtitle="Channels of each family that are read; those that are read for all families at once are not listed. "
        f"{side_by_side.marks(blocks)}",
        chart=charts_compare.cells(heads, blocks, page.theme, has_strips=False) if blocks else None,
        rows=channels.kept(found),
        metric="channel_coverage",
        source=CATALOG,
        alt=side_by_side.told(blocks, heads),
    )
    tables = (
        ("holes", "Why there is none", [row for row in found if row["state"] != "read"], channels.reasons),
        ("channel-list", "Which channels they are", [row for row in found if row["state"] == "read"], channels.shown),
    )
    listed = [
        Figure(
            name=name,
            title=title,
            subtitle=SAID[name],
            chart=None,
            rows=channels.kept(rows),
            metric="channel_coverage",
            source=CATALOG,
            alt=title,
            shown=shown(rows, page.titles),
        )
        for name, title, rows, shown in tables
        if rows
    ]
    return [kinds, *listed]


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
