"""What a verdict on the page that compares covers: it is beside no other figures, and says what it is about."""

from pathlib import Path

import pytest

from dashboards.compare import compare, side_by_side
from dashboards.frame.story import Words
from tests.dashboards.compare.test_compare import SHARE, figure, seen


@pytest.mark.parametrize(
    "filters", [{"window": "30d"}, {"kind": "forum"}, {"type": "getting it to run"}, {"bots": "strict"}]
)
def test_no_verdict_stands_beside_other_figures_than_those_that_were_compared(
    sample_home: Path, filters: dict[str, str]
) -> None:
    """What was judged over all channels and 12 months is not about the last 30 days, or one kind of question."""
    few = [figure("gpt", 0.6, 0.5, 0.7), figure("llama", 0.3, 0.2, 0.4)]
    page = seen(sample_home, "llama", "gpt")
    assert side_by_side.judge_measure(page, SHARE, few) == "GPT ahead"
    assert side_by_side.judge_measure(page, SHARE, few[:1]) == "", "the other has no number here"
    assert "in like questions of all channels, 12 months; else" in compare.explain_judged(page)
    other = seen(sample_home, "llama", "gpt", **filters)
    assert side_by_side.judge_measure(other, SHARE, few) == ""
    assert "over all channels, 12 months only, so not here" in compare.explain_judged(other)


def test_filters_that_do_not_act_on_the_answer_are_told_not_to(sample_home: Path) -> None:
    """Five of seven leave it as it is; without any of them nothing needs to be said."""

    def state(*chosen: str, **filters: str) -> list[str]:
        parts = compare.story(seen(sample_home, *chosen, **filters)).parts
        return [part.text for part in parts if isinstance(part, Words) and part.text.startswith("This verdict")]

    pair = ("qwen", "claude")
    said = "This verdict: all channels, 12 months. The other filters act on the tables below."
    assert "with like questions matched, all channels, last 12 months" in compare.story(seen(sample_home, *pair)).answer
    assert state(*pair) == state() == []
    for filters in ({"window": "30d"}, {"role": "sdk"}, {"language": "en"}, {"bots": "strict"}, {"kind": "forum"}):
        assert state(*pair, **filters) == [said], filters
    assert state(*pair, window="all") == [], "which was compared, too"
    assert state(kind="forum", window="90d") == [said.replace("all channels", "forums and discussions")]
