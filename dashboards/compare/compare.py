"""The page "Who supports you best?": a few families side by side in matched channels, who is ahead, by how much, and
whether that is more than chance."""

from collections.abc import Sequence

from dashboards.compare import channel_figures, charts_compare, differences, sentences_compare, side_by_side
from dashboards.compare.side_by_side import HELP, OTHER, ComparedMeasure
from dashboards.frame import layout, matched, measures, snapshot_reader
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow
from dashboards.words import numbers, sentences

QUESTION = "Who supports you best?"
MOST, MOST_OF_SIDE = 6, 3
"""Families side by side, in all and per side; more columns would not be read."""
LIKE = "the same kind of channel, question, language and age are matched, so the filters for these do not apply"
CHOOSE = (
    "Choose two to six families to see them side by side; with two, the answer says whether the difference is real."
)
TABLES = {"family_ranks": "ranks", "matched_differences": "differences between matched questions"}
RANKED = (
    "rank",
    "rank_low",
    "rank_high",
    "families_count",
    "level_count",
    "comparison",
    "adjusted_value",
    "pooled_value",
    "pooled_low",
    "pooled_high",
    "best_chance",
    "first_five_chance",
)
"""Columns of ranks that stand beside a family's own figure."""
"""Tables that an older snapshot may lack, in words."""


def story(page: View) -> Story:
    """Tells the answer about the chosen families, the figure that shows it, then each measure, each pair and each
    channel."""
    ranked = load_ranks(page)
    families = choose_columns(page, ranked)
    gap, places = draw_differences(page, families), draw_ranking(page, ranked)
    first, last = (gap, places) if len(page.chosen) == 2 else (places, gap)
    support = draw_table(page, "support", HELP, families, f"public {numbers.KINDS[page.kind]}; fixes in issue trackers")
    rest = draw_table(page, "rest", OTHER, families, "status pages, pages of models' ends, the hub and lists of prices")
    where: list[Part] = [
        Words("## Which channels are compared?"),
        *channel_figures.draw_channels(page, families),
    ]
    return Story(
        QUESTION,
        answer_page(page, ranked),
        [*make_hint(page), first, Words("## Side by side"), support, rest, last, *where],
    )


def make_hint(page: View) -> list[Part]:
    """Explains how to ask for what is not shown."""
    if len(page.chosen) > MOST:
        return [
            Words(
                f"The first {MOST} of the {len(page.chosen)} families chosen are shown side by side.",
                is_small=True,
            )
        ]
    return [Words(CHOOSE, is_small=True)] if len(page.chosen) < 2 else []


def load_shares(page: View) -> list[DictRow]:
    """Loads the share answered within a week, over all channels and questions; ranks are made from it."""
    metric, statistic = differences.MAIN
    sql = (
        f"select * from metrics.{metric} where channel_role = 'all' and segment = 'anyone' and statistic = ? and "
        "channel_kind = ?"
        ' and "window" = ? order by family_id'
    )
    rows = page.load_rows(f"metrics.{metric}", sql, statistic, page.kind, matched.compared_window(page))
    return [row for row in rows if (row["side"], row["state"]) != ("host", "not applicable")]


def load_ranks(page: View) -> list[DictRow]:
    """Loads the same shares with each family's pooled figure, its rank and what is sure of it; families with too few
    cases have none."""
    sql = (
        "select * from metrics.family_ranks where metric = ? and statistic = ? and segment = 'anyone' and channel_kind "
        '= ? and "window" = ?'
    )
    ranks = page.load_rows("metrics.family_ranks", sql, *differences.MAIN, page.kind, matched.compared_window(page))
    rank_by_family = {row["family_id"]: row for row in ranks}
    return [
        {**row, **{name: rank_by_family.get(row["family_id"], {}).get(name) for name in RANKED}}
        for row in load_shares(page)
    ]


def choose_columns(page: View, ranked: Sequence[DictRow]) -> list[str]:
    """Returns the chosen families in display order; with none chosen, those with most questions on each side."""
    if page.chosen:
        return list(page.chosen[:MOST])
    cases = {row["family_id"]: row["n"] or 0 for row in ranked}
    chosen: list[str] = []
    for side in sentences.SIDES:
        own = [family["family_id"] for family in page.everyone if family["side"] == side]
        chosen += sorted(own, key=lambda family: (-cases.get(family, 0), family))[:MOST_OF_SIDE]
    return chosen


def answer_page(page: View, ranked: Sequence[DictRow]) -> str:
    """States whether two families differ or, of more than two, who ranks first and from how many that can be told
    apart."""
    where = numbers.KINDS[page.kind]
    lacking = [name for name in TABLES if not snapshot_reader.has_table(page.snapshot, f"metrics.{name}")]
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
        pair = next((row for row in differences.load_pair(page, *page.chosen) if differences.is_main(row)), None)
        text = sentences_compare.compare_two(pair, waits, names, own, differences.count_pairs(page), where)
        return sentences.tell_in_steps(sentences_compare.judge_two(pair, names), text)
    of = f"Of the {len(page.chosen)} families chosen" if page.chosen else "Of all families"
    wanted = [family["family_id"] for family in (page.everyone if len(page.chosen) < 2 else page.families)]
    pairs = differences.load_pairs_among(page, wanted)
    text = sentences_compare.compare_many(ranked, pairs, page.titles, where, of)
    return sentences.tell_in_steps(sentences_compare.judge_many(ranked, page.titles), text)


def draw_ranking(page: View, ranked: list[DictRow]) -> Figure:
    """Draws the rank of each family with its range."""
    ranked_rows = sorted((row for row in ranked if row["rank"]), key=lambda row: row["rank"])
    places = {row["family_id"]: row["rank"] for row in ranked_rows}
    order = sorted(
        (family["family_id"] for family in page.families), key=lambda family: places.get(family, len(page.everyone) + 1)
    )
    return Figure(
        name="ranks",
        title=sentences_compare.name_first(
            ranked_rows, page.titles, snapshot_reader.has_table(page.snapshot, "metrics.family_ranks")
        ),
        subtitle="Rank by the share of askers who hear from a person within a week, for the same mix of roles and "
        "questions, drawn towards the mean where a family has few; lines show the ranges that hold for all families at "
        f"once with 95 %; {page.describe_scope(ranked)}.",
        chart=charts_compare.draw_ranks([to_rank_row(row) for row in ranked], order, page.titles, page.theme)
        if ranked_rows
        else None,
        rows=ranked,
        metric=differences.MAIN[0],
        source=page.source,
        alt="Ranks with their ranges, by the pooled share answered within a week: "
        + "; ".join(f"{page.titles[row['family_id']]} {sentences_compare.format_rank(row)}" for row in ranked_rows),
    )


def to_rank_row(row: DictRow) -> DictRow:
    """Returns a family's rank in words, or its state where it has none."""
    mark, _ = numbers.STATES.get(row["state"], ("", ""))
    names = ("family_id", "segment", "statistic", "side", *RANKED)
    words = {name: row[name] for name in names} | {
        "cases": numbers.format_count(row["n"] or 0),
        "why": row["note"] or "",
    }
    if not row["rank"]:
        lack = row["comparison"] or "no rank"
        return words | {"said": f"{mark} {row['state']}" if mark else lack, "short": mark}
    short = f"{row['rank']} ({row['rank_low']}–{row['rank_high']})"
    best = sentences_compare.format_chance(row["best_chance"])
    return words | {"said": f"{short}, {sentences_compare.format_pooled(row)}; best: {best}", "short": short}


def draw_differences(page: View, families: Sequence[str]) -> Figure:
    """Draws every measure for two families, all its pairs for one, all pairs for more, and open against proprietary for
    none."""
    if len(page.chosen) == 2:
        first, second = (page.titles[family] for family in page.chosen)
        return draw_gaps(
            page,
            differences.load_pair(page, *page.chosen),
            f"{numbers.escape_markdown(first)} against {numbers.escape_markdown(second)}",
            (first, second),
        )
    if len(page.chosen) == 1:
        title = numbers.escape_markdown(page.titles[page.chosen[0]])
        return draw_gaps(page, differences.load_pairs_with(page, page.chosen[0]), f"{title} against each other family")
    if page.chosen:
        return draw_gaps(page, differences.load_pairs_among(page, families), "Pairs of the chosen families")
    return draw_gaps(
        page, differences.load_pair(page, "open", "proprietary"), "Open against proprietary", ("open", "proprietary")
    )


def draw_gaps(page: View, rows: Sequence[DictRow], of: str, names: tuple[str, str] | None = None) -> Figure:
    """Draws differences around 0: by measure where `names` gives two families, else by pair in the main measure."""
    groups = [group_difference(row, page, bool(names)) for row in rows]
    what = (
        f"right is better for {numbers.escape_markdown(names[0])}"
        if names
        else "right: the first named answers more within a week"
    )
    less = "↓ less is better; " if names else ""
    dash = (
        "; dashed is the smallest difference that matters" if any(difference["least"] for difference in groups) else ""
    )
    ends = (f"← {names[1]} better", f"{names[0]} better →") if names else ("← less often", "more often →")
    description = "; ".join(
        f"{difference['name']}: {difference['said']}, {line['look']}"
        for difference in groups
        for line in difference["lines"]
    )
    is_there = snapshot_reader.has_table(page.snapshot, "metrics.matched_differences")
    is_unlike = bool(names) and not page.chosen and matched.is_unlike(page, *differences.MAIN, "anyone")
    lack = sentences_compare.explain_lack(is_there, is_unlike)
    return Figure(
        name="differences",
        title=f"{of}: {sentences_compare.describe_gaps(rows)}" if rows else f"{of}: {lack}",
        subtitle=f"Differences in percentage points, {what}; "
        f"{numbers.format_window(matched.compared_window(page))}; {LIKE}. Lines are 95 % intervals{dash}. {less}● "
        "more than chance among all pairs, ○ apart only individually, ◇ no difference shown.",
        chart=charts_compare.draw_differences(groups, *ends, page.theme) if rows else None,
        rows=[{**row, "verdict": differences.judge_pair(row)} for row in rows],
        metric="matched_differences",
        source="all public channels where people ask, matched",
        alt=f"Differences with intervals. {description}",
    )


def group_difference(row: DictRow, page: View, is_measure: bool) -> DictRow:
    """Prepares a difference for drawing: oriented so that right is better for the first family, and worded as
    published."""
    turn = measures.read_direction(page.snapshot, row["metric"]) if is_measure else 1
    low, high = sorted(turn * row[end] for end in ("effect_low", "effect_high"))
    names = [page.titles.get(family, family) for family in (row["first_id"], row["second_id"])]
    verdict, words = differences.judge_pair(row), differences.format_difference(row)
    line = {"look": verdict, "value": turn * row["effect"], "low": low, "high": high, "note": f"{words}: {verdict}"}
    short = differences.format_points(row["effect"])
    texts = {
        "name": measures.read_heading(page.snapshot, row["metric"], row["statistic"], row["segment"])
        if is_measure
        else f"{names[0]} over {names[1]}",
        "said": words,
        "short": f"{short}{numbers.GAP}points",
    }
    return texts | {"mark": short, "least": row["least_effect"], "lines": [line]}


def draw_table(
    page: View, name: str, listed: Sequence[ComparedMeasure], families: Sequence[str], source: str
) -> Figure:
    """Draws a column per family and a row per measure; gaps show as their states."""
    measured = [(measure, side_by_side.load_rows(page, measure, families)) for measure in listed]
    blocks = [side_by_side.make_block(page, measure, rows, families) for measure, rows in measured]
    heads = [(page.titles[family], page.sides[family]) for family in families]
    rows = [side_by_side.to_table_row(page, row, measure) for measure, rows in measured for row in rows]
    asked = [row for measure, rows in measured for row in rows if not measure.kind]
    scope = (
        page.describe_scope(asked)
        if name == "support"
        else f"status pages and announced ends, {numbers.format_window(page.window)}; everything else as last read"
    )
    prices = [row for measure, rows in measured for row in rows if measure.metric == "price_usd"]
    return Figure(
        name=name,
        title=side_by_side.name_table(blocks, prices, page.titles, name == "support"),
        subtitle=f"{scope[:1].upper()}{scope[1:]}; lines are 95 % intervals, each strip runs from the least to the "
        "most of its measure; ↓ less is better. "
        f"{side_by_side.explain_marks(blocks)}".strip(),
        chart=charts_compare.draw_cells(heads, blocks, page.theme) if rows else None,
        rows=rows,
        metric=listed[0].metric,
        source=source,
        alt=side_by_side.describe_cells(blocks, heads),
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
