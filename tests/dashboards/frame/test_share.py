"""How an answer is divided on its page, and where a figure that looks wrong is reported."""

from email.message import Message
from importlib import metadata

import pytest

from dashboards.frame import share
from dashboards.frame.story import split_answer


@pytest.mark.parametrize(
    ("answer", "headline", "rest"),
    [
        ("**Proprietary families answer sooner**: 18 more hear back.\n\nn = 3.", "Proprietary families answer sooner",
         "18 more hear back.\n\nn = 3."),
        ("**26 cost less** than the median of llama\\.cpp.\n\nMore.", "26 cost less than the median of llama\\.cpp",
         "More."),
        ("**Half hear back within 5.8 d.**\n\nOf all.", "Half hear back within 5.8 d", "Of all."),
        ("**14 pages post 98.6 %**; nobody can check that.", "14 pages post 98.6 %", "Nobody can check that."),
        ("The data give no answer: no family has enough.", "The data give no answer: no family has enough", ""),
        ("The data give no answer: no family has enough questions in this window.\n\nMore.", "The data give no answer",
         "No family has enough questions in this window. More."),
    ],
)  # fmt: skip
def test_the_bold_finding_of_an_answer_is_its_headline(answer: str, headline: str, rest: str) -> None:
    """To the end of its clause: half a sentence would say something else."""
    assert split_answer(answer) == (headline, rest)


def test_a_wrong_number_is_reported_where_the_package_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """No host is made up: without a tracker in the metadata there is no link, only what to send."""
    package = Message()
    monkeypatch.setattr(metadata, "metadata", lambda name: package)
    assert share.link_issue("Figure: x") == ""
    package["Project-URL"] = "Documentation, https://docs.example"
    package["Project-URL"] = "Repository, https://code.example/a/b/"
    address = "https://code.example/a/b/issues/new?title=A+figure+looks+wrong&body=Figure%3A+x"
    assert share.link_issue("Figure: x") == address
    package["Project-URL"] = "Issues, https://code.example/c/d/issues"
    assert share.link_issue("").startswith("https://code.example/c/d/issues/new?")
