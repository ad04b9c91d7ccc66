"""What `heartbeat ends` and the page's box say of some 500 real ids, against a list kept by hand (`known_ends.csv`)."""

import pytest

from tests.paths import RECORDINGS, ROOT
from tests.tools.yardstick.asking import ask_both
from warehouse.yardstick import Finding, sum_up

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
MOVED = "arn:aws:bedrock:eu-central-2::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0"
"""Its day moved between the recorded page and today's; both are read here as if they were listed now."""
GUIDES = [
    " ".join(path.read_text(encoding="utf-8").split())
    for path in (ROOT / "README.md", ROOT / "pipelines" / "commands" / "ends" / "README.md")
]
Answers = dict[str, list[Finding]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """The findings of both ways, from one snapshot."""
    return ask_both(tmp_path_factory.mktemp("yardstick"))


@pytest.mark.parametrize("way", ["command", "box"])
def test_what_ends_is_told_with_its_day(answers: Answers, way: str) -> None:
    """Nothing that ends is called fine. Unknown is honest, another day is not, and most ends are known."""
    ids: dict[str, list[str]] = {}
    for finding in answers[way]:
        ids.setdefault(finding.outcome, []).append(finding.row["id"])
    assert ids.get("false no end") is None
    assert ids["other day"] == [MOVED]
    assert len(ids["same day"]) >= 0.9 * len(answers[way])


def test_both_guides_give_the_rate_that_is_measured(answers: Answers) -> None:
    """As the site does; every miss is listed."""
    found = sum_up(answers["command"])
    said = f"{found['same_day']} get the same day, {found['other_day']} another, {found['unknown']} are unknown and 0"
    assert all(f"Of {found['ids']} real ids, checked by hand" in guide and said in guide for guide in GUIDES)
    assert found["false_no_end"] == 0 and len(found["misses"]) == found["ids"] - found["same_day"]
