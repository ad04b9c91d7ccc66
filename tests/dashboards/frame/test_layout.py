"""How a page is laid out: at most four figures at first, the rest in a fold."""

from pathlib import Path

import pytest

from dashboards.frame import layout
from dashboards.frame.story import Figure, Part, Words
from dashboards.menu import MENU
from tests.dashboards.test_pages import opened, texts


def _figure(name: str) -> Figure:
    return Figure(name=name, title=name, subtitle="", chart=None, rows=(), metric="", source="")


A, B, C, D, E = (_figure(name) for name in "abcde")
HEAD, NOTE = Words("## More"), Words("a note", is_small=True)


@pytest.mark.parametrize(
    ("parts", "first"),
    [
        ([A, B, C, D], 4),
        ([A, HEAD, B], 3),
        # A heading goes with the figure that follows it.
        ([A, (B, C), HEAD, (D, E)], 2),
        ([(A, B), (C, D), NOTE, HEAD, E], 2),
        # Text behind the last figure stays where all are shown.
        ([A, NOTE], 2),
        ([(A, B, C, D, E)], 0),
    ],
)
def test_a_page_shows_at_most_four_figures_by_itself(parts: list[Part], first: int) -> None:
    """Figures side by side stay together."""
    assert layout.split_parts(parts) == (parts[:first], parts[first:])


@pytest.mark.slow
def test_further_figures_are_made_when_they_are_asked_for(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the fold sees the rest of the story."""
    page, question = "support/support.py", MENU["Support"]["support/support"]
    app = opened(monkeypatch, sample_home, page)
    assert not app.exception and "What is asked?" in texts(app)
    app.session_state[layout.name_fold(question)] = False
    app.run()
    assert not app.exception and "What is asked?" not in texts(app)
    assert [fold.label for fold in app.expander if fold.label.startswith("More figures")]
