"""What `heartbeat ends` and the page's box say of some 500 real ids, against a list kept by hand (`known_ends.csv`)."""

import pytest

from tests.paths import RECORDINGS
from tests.tools.yardstick.asking import Finding, ask_both

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
MOVED = "arn:aws:bedrock:eu-central-2::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0"
"""Its day moved between the recorded page and today's; both are read here as if they were listed now."""
Answers = dict[str, list[Finding]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """The findings of both ways, from one snapshot."""
    return ask_both(tmp_path_factory.mktemp("yardstick"))


@pytest.mark.parametrize("way", ["command", "box"])
def test_nothing_that_ends_is_called_fine(answers: Answers, way: str) -> None:
    """An end within the window, or past, is never "no end announced" or "nothing to do now"."""
    assert [str(finding) for finding in answers[way] if finding.outcome == "false no end"] == []


@pytest.mark.parametrize("way", ["command", "box"])
def test_no_other_day_is_told(answers: Answers, way: str) -> None:
    """Unknown is honest; another day is not, nor is "no end announced" for an id that no page names."""
    assert [finding.row["id"] for finding in answers[way] if finding.outcome == "other day"] == [MOVED]


def test_most_ends_are_known(answers: Answers) -> None:
    """A lookup that calls everything unknown is right about nothing."""
    for findings in answers.values():
        assert sum(finding.outcome == "same day" for finding in findings) >= 0.9 * len(findings)
