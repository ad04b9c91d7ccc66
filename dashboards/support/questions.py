"""What people ask about and in which languages, as tables of shares."""

from collections.abc import Sequence

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.support import cells
from dashboards.support.cells import Column
from dashboards.words import numbers, sentences

OTHER = "other"
TYPES = tuple(Column("question_mix_share", name, "all", heading=words) for name, words in numbers.TYPES.items() if name)
LANGUAGES = {**{code: words for code, words in numbers.LANGUAGES.items() if code}, OTHER: "other languages"}


def draw_types(page: View, order: Sequence[str]) -> Figure:
    """Draws what people ask about, one line per family."""
    return cells.draw_table(
        page,
        TYPES,
        order,
        name="types",
        title="What people ask about, one row per family",
        measure="Share of questions by what the asker mainly wants",
        how="A rule decides what a question is about, and it makes mistakes: small differences are none.",
    )


def draw_languages(page: View, order: Sequence[str]) -> Figure:
    """Draws the languages in which anybody asked, one line per family."""
    rows = sentences.select_measured(page.load_asked("language_mix_share", tuple(LANGUAGES)))
    asked = {row["statistic"] for row in rows if row["value"]} or {"en"}
    columns = [
        Column("language_mix_share", code, "all", heading=words) for code, words in LANGUAGES.items() if code in asked
    ]
    left = len(LANGUAGES) - len(columns)
    return cells.draw_table(
        page,
        columns,
        order,
        name="languages",
        title="The languages in which people ask, one row per family",
        measure="Share of the questions whose language is recognised",
        how="Places that expect English understate the others."
        + (f" Left out: {left} languages in which nobody asked." if left else ""),
    )
