"""What bots hide, as a table: who comes first, how much sooner an answer seems to come, and what other rules change."""

from collections.abc import Sequence

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.support import cells
from dashboards.support.cells import Column

COLUMNS = (
    Column("bot_first_share", "bot_first", "all"),
    Column("bot_first_share", "masked", "all"),
    Column("bot_masking_hours", "median", "all"),
    Column("bot_sensitivity_share", "answered_7d", "lenient", heading="answered within a week, lenient rules"),
    Column("bot_sensitivity_share", "answered_7d", "strict", heading="answered within a week, strict rules"),
    Column("bot_sensitivity_share", "staff_first", "differs", heading="staff first or not, by the rule"),
    Column("dialogue_share", "within_7d", "all"),
)
MEANING = (
    "A bot comes first: of threads with any reply within a week. Seems answered: of all threads, bots or AI agents "
    "replied and no person did. Wait hidden: by how much the median wait is shorter if their replies count as answers. "
    "Strict rules take AI agents and accounts that answer instantly for bots, too; lenient ones only what a label "
    "calls a bot."
)


def draw_bots(page: View, order: Sequence[str]) -> Figure:
    """Draws what bots do to the figures, and whether people answer again, one line per family."""
    return cells.draw_table(
        page,
        COLUMNS,
        order,
        name="bots",
        title="What bots hide, one row per family",
        measure="How often a bot replies first, how much shorter the wait looks with its replies, and what counts as "
        "answered under other rules for bots",
        how=MEANING,
    )
