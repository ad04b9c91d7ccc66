"""The page "Who supports you best?": a few families side by side in matched channels, who is ahead, by how much, and
whether that is more than chance."""

from collections.abc import Sequence

from dashboards.compare import (
    difference_figures,
    differences,
    ranking,
    sentences_compare,
    side_by_side,
)
from dashboards.compare.side_by_side import HELP
from dashboards.frame import layout, matched
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow
from dashboards.words import numbers, sentences

QUESTION = "Who supports you best?"
CHOOSE = (
    "Choose two to six families to see them side by side; with two, the answer says whether the difference is real."
)


def story(page: View) -> Story:
    """Tells the answer about the chosen families, then the figures that show it."""
    ranked = ranking.load_ranks(page)
    families = ranking.choose_columns(page, ranked)
    gaps = [difference_figures.draw_differences(page)] if len(page.chosen) in (1, 2) else []
    places = [ranking.draw_ranking(page, ranked)] if len(page.chosen) != 1 else []
    hint = [Words(CHOOSE, is_small=True)] if len(page.chosen) < 2 else ranking.tell_cut(page)
    parts = [*hint, *state_scope(page), *gaps, *places, draw_table(page, families)]
    return Story(QUESTION, answer_page(page, ranked), parts)


def state_scope(page: View) -> list[Part]:
    """States what the verdict covers where filters were chosen that do not act on it."""
    if matched.is_compared(page):
        return []
    where = matched.EVERYWHERE if len(page.chosen) > 1 else numbers.KINDS[page.kind]
    covered = matched.describe_compared(page, where)
    return [Words(f"This verdict: {covered}. The other filters act on the tables below.", is_small=True)]


def answer_page(page: View, ranked: Sequence[DictRow]) -> str:
    """States whether two families differ or, of more than two, who ranks first and from how many that can be stated
    apart."""
    where = numbers.KINDS[page.kind]
    if len(page.chosen) == 2:
        names = [page.titles[family] for family in page.chosen]
        pair = differences.find_pair(page, *page.chosen)
        text = sentences_compare.compare_two(pair, names, differences.count_pairs(page))
        return sentences.tell_in_steps(sentences_compare.judge_two(pair, names), text)
    wanted = [family["family_id"] for family in (page.everyone if len(page.chosen) < 2 else page.families)]
    pairs = differences.load_pairs_among(page, wanted)
    places = [row["family_id"] for row in sorted((row for row in ranked if row["rank"]), key=lambda row: row["rank"])]
    # The likeliest first, then those whose questions are too few for a rank in this kind of channel.
    compared = differences.select_compared(dict.fromkeys([*places, *wanted]), pairs) if page.chosen else []
    found = differences.find_leader(compared, pairs) if len(compared) > 1 else None
    text = sentences_compare.compare_many(ranked, pairs, page.titles, where, found[0] if found else "")
    if len(compared) > 1 and (found or places):
        text += sentences_compare.name_uncompared([name for name in wanted if name not in compared], page.titles)
        return sentences.tell_in_steps(sentences_compare.judge_chosen(compared, pairs, page.titles), text)
    return sentences.tell_in_steps(sentences_compare.judge_many(ranked, page.titles), text)


def explain_judged(page: View) -> str:
    """Explains over what each measure is judged."""
    compared = matched.describe_compared(page)
    if matched.is_compared(page):
        return f": where a measure is matched, in like questions of {compared}; else by what is shown"
    return f" by what is shown; matched measures are judged over {compared} only, so not here"


def draw_table(page: View, families: Sequence[str]) -> Figure:
    """Draws a column per family and a row per measure, with who is ahead."""
    measured = [(measure, side_by_side.load_rows(page, measure, families)) for measure in HELP]
    lines = [side_by_side.make_line(page, measure, rows, families) for measure, rows in measured]
    rows = [side_by_side.to_table_row(page, row, measure) for measure, rows in measured for row in rows]
    scope = page.describe_scope([row for _, rows in measured for row in rows])
    return Figure(
        name="support",
        title=side_by_side.name_table(lines),
        subtitle=f"{scope[:1].upper()}{scope[1:]}; each family's own figures with 95 % intervals, unadjusted; who is "
        f"ahead{explain_judged(page)}; ↓ less is better.",
        rows=rows,
        metric=HELP[0].metric,
        source=f"public {numbers.KINDS[page.kind]}",
        shown=lines,
    )


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
