"""What is no request of a person to a family changes no figure: threads that bots open, and threads that concern no
family."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.figures import PUBLIC, PUBLIC_HEADERS
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, set_apart
from tests.worlds.thread_cells import CODE, SOLVED, closed

pytestmark = pytest.mark.slow
AGE = 800
Figures = dict[tuple[Any, ...], tuple[Any, ...]]
COUNT_BOTS = {name for name, head in PUBLIC_HEADERS.items() if head.unit == "people" or "bots" in head.question}
"""Those that count what bots open, or who answers anyone who."""


def _cells(number: int) -> Row:
    """Reports and questions, answered, fixed and closed in turns."""
    cells: Row = {
        "question_type": ("getting it to run", "using it")[number % 2],
        "language": "en",
    }
    return cells | closed(100 + number, AGE, ("maintainer", "bot")[number % 2])


def _replies(number: int) -> list[tuple[Any, ...]]:
    answer = CODE | {"words_count": 9 + number}
    return [(1 + number % 2, "bot"), (2, "outsider", answer), (3, "asker", SOLVED), (200, "staff", answer)][
        number % 3 :
    ]


def _figures(*asides: dict[str, Any]) -> Figures:
    """All figures of forty threads, and of more that are left behind; those in a channel of many families have an own
    role."""
    rows = Rows()
    channel, shared = rows.channel(rows.family("family")), rows.channel(rows.family("_shared"), "runtime")
    for number in range(40):
        rows.thread(channel, _replies(number), age_hours=AGE, **_cells(number))
        rows.thread(shared, _replies(number), age_hours=AGE, family_id="family", **_cells(number))
    rows.add(
        "changes", change_id="one", channel_id=channel, family_id="family", channel_role="sdk", actor_id="ann",
        author_role="outsider",
        opened_at=NOW - timedelta(days=9), seen_at=NOW,
    )  # fmt: skip
    for aside in asides:
        for number in range(7):
            rows.thread(
                shared if "family_id" in aside else channel, _replies(number), age_hours=AGE, **_cells(number), **aside
            )
    con = set_apart(measure(rows))
    columns = ("family_id", "channel_kind", "channel_role", "segment", "statistic", "window")
    return {
        (metric, *cut(row, *columns)): cut(row, "value", "low", "high", "n", "n_events", "n_censored")
        for metric in PUBLIC
        for row in found(con, metric)
        if row["family_id"] == "family"
    }


@pytest.fixture(scope="module")
def plain() -> Figures:
    """Without anything to leave aside."""
    return _figures()


@pytest.mark.parametrize(
    ("aside", "counting"),
    [({"author_role": "bot", "actor_id": "robot"}, COUNT_BOTS), ({"family_id": None, "actor_id": "stray"}, set())],
)
def test_what_no_person_asks_of_a_family_changes_no_figure(plain: Figures, aside: Row, counting: set[str]) -> None:
    """Unless it counts bots, or people of no family."""
    figures = _figures(aside)

    assert {key[0] for key in plain if plain[key] != figures[key]} <= counting
    assert figures.keys() == plain.keys()
    shown = {key[0] for key, figure in plain.items() if figure[0] is not None}
    assert len(shown) >= 13
