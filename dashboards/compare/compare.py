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
from dashboards.frame import layout
from dashboards.frame.story import Figure, Story, Words
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
    main = draw_main(page, ranked)
    hint = [Words(CHOOSE, is_small=True)] if len(page.chosen) < 2 else ranking.tell_cut(page)
    table = draw_table(page, ranking.choose_columns(page, ranked))
    # The line of absent families names those without a number.
    unranked = sentences_compare.name_unranked([row for row in ranked if row["state"] == "measured"], page.titles)
    left = [Words(unranked.strip(), is_small=True)] if unranked and not page.chosen else []
    return Story(QUESTION, answer_page(page, main), [*hint, *main, *left, table])


def draw_main(page: View, ranked: Sequence[DictRow]) -> list[Figure]:
    """Draws what the answer rests on: of two families their differences, of any others the ranks, and of one also its
    differences to each other."""
    ranks = ranking.draw_ranking(page, ranked)
    if len(page.chosen) == 2:
        return [difference_figures.draw_differences(page), ranks]
    return [ranks, difference_figures.draw_differences(page)] if len(page.chosen) == 1 else [ranks]


def answer_page(page: View, figures: Sequence[Figure]) -> str:
    """States from the figures whether two families differ or, of any other number, who ranks first and how sure that
    is."""
    first, *others = figures
    if len(page.chosen) == 2:
        names = [page.titles[family] for family in page.chosen]
        pair = differences.find_main(first.rows)
        text = sentences_compare.compare_two(pair, names)
        return sentences.tell_in_steps(sentences_compare.judge_two(pair, names), text)
    ranked = [row for row in first.rows if row["rank"]]
    text = sentences_compare.compare_many(ranked, page.titles, numbers.KINDS[page.kind])
    if page.chosen and ranked:
        text += sentences_compare.name_unranked(first.rows, page.titles)
    text += "".join(sentences_compare.describe_standing(figure.rows, page.titles) for figure in others)
    return sentences.tell_in_steps(sentences_compare.judge_many(ranked, page.titles), text)


def draw_table(page: View, families: Sequence[str]) -> Figure:
    """Draws a column per family and a row per measure."""
    measured = [(measure, side_by_side.load_rows(page, measure, families)) for measure in HELP]
    rows = [
        side_by_side.to_table_row(row, side_by_side.read_heading_of(page, measure, own), measure.metric)
        for measure, own in measured
        for row in own
    ]
    scope = page.describe_scope([row for _, own in measured for row in own])
    return Figure(
        name="support",
        title="What askers get, side by side",
        subtitle=f"{scope[:1].upper()}{scope[1:]}; with 95 % intervals. Adjusted: to the same mix of roles and "
        "questions; suspect shares, and those in the rows behind this figure, are as counted. ↓ less is better.",
        rows=rows,
        metric=HELP[0].metric,
        source=page.source,
        shown=[side_by_side.make_line(page, measure, own, families) for measure, own in measured],
    )


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
