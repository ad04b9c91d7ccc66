"""A week of the simulated year: `python -m tests.year` lives through all of it."""

from pathlib import Path

import pytest

from pipelines.catalog.entries import Channel
from tests.upstream import faults
from tests.upstream.emulator import Upstream
from tests.worlds.receivers import open_mailbox, open_webhook
from tests.year.__main__ import judge, live
from tests.year.course import Course
from tests.year.disturbances import Disturbance, refuse
from tests.year.installation import Installation

pytestmark = pytest.mark.slow
CHANNELS = [
    Channel(source="packages", target="openai", role="packages", family="gpt"),
    Channel(source="status", target="status.openai.com", role="status", format="incidentio", family="gpt"),
]


def test_an_outage_is_told_with_its_end_and_a_rebuild_holds_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both places receive the same, each channel is visited at each turn, and nothing is kept beside what was read."""
    course, outage = Course(), Disturbance(1, 3, "packages answer 503", refuse("packages", faults.status(503)))
    with open_webhook() as hook, open_mailbox() as mailbox, Upstream(CHANNELS, seed=3, threads=10) as up:
        home = Installation(up, tmp_path, hook, mailbox)
        asleep = live(home, 5, 24, course, [outage])
        assert judge(home, asleep, 24, course) == 0, capsys.readouterr().out
    titles = [title for _, title in course.messages]
    assert hook.titles == titles == [str(mail["subject"]) for mail in mailbox.mails]
    alerts = [title for title in titles if "pypistats" in title or "packages" in title.lower()]
    assert len(alerts) == 2 and "resolved" in alerts[-1], titles
    assert [len(home.visits[channel.id]) for channel in CHANNELS] == [2, 5] and not course.faults
