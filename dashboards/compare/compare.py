"""The page "Who supports you better?": two families side by side, who leads in what, and whether that is real."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.compare import facts, leads, sentences_compare
from dashboards.compare.differences import Lead
from dashboards.frame import layout
from dashboards.frame.snapshot_reader import choose_pair
from dashboards.frame.story import Story
from dashboards.frame.view import View, current_view
from dashboards.overview.scoreboard import BoardColumn
from dashboards.support import waits
from dashboards.words import numbers, sentences

QUESTION = "Who supports you better?"


def story(page: View) -> Story:
    """Says whose users hear back sooner and who is cheaper and freer, then the waits, the differences and the facts
    behind it."""
    page = replace(page, chosen=choose_pair(page.snapshot, page.chosen))
    if len(page.chosen) < 2:
        return Story(QUESTION, sentences_compare.ALONE)
    led, known = leads.load_leads(page), facts.load_facts(page)
    parts = [waits.draw_waits(page, waits.load_medians(page), page.chosen), leads.draw_leads(page, led)]
    return Story(
        ask(page), answer_page(page, led, known), [*parts, *([facts.draw_facts(page, known)] if known else [])]
    )


def ask(page: View) -> str:
    names = [numbers.escape_markdown(page.titles[family]) for family in page.chosen]
    return f"{' or '.join(names)}: {QUESTION[0].lower()}{QUESTION[1:]}"


def answer_page(page: View, led: Sequence[Lead], known: Sequence[BoardColumn]) -> str:
    """States from the marks whose users hear back sooner, and who is cheaper and freer to change."""
    found = [sentences_compare.judge_answers(led, page.titles), facts.state_facts(page, known)]
    verdict = f"**{'; '.join(filter(None, found))}.**"
    return sentences.join_answer(verdict, sentences_compare.describe_shares(led, page.titles))


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
