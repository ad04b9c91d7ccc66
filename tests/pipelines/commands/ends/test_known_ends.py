"""What `heartbeat ends` and the page's box say of some 500 real ids, against a list kept by hand (`known_ends.csv`)."""

import pytest

from tests.tools.yardstick import Finding, ask_both

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
    assert ids.get("other day") is None
    assert len(ids["same day"]) >= 0.9 * len(answers[way])
