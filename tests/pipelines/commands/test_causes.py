"""`status` and the page name once, with its true cause, what ended a collect or stopped collections."""

import os
import re
from pathlib import Path

import pytest

from tests.pipelines.commands.conftest import Run, open_page
from tests.upstream.emulator import Upstream
from tests.upstream.faults import status as answer

pytestmark = pytest.mark.slow
REFUSED = {
    "clock": ("HEARTBEAT_NOW", "2031-01-01T00:00:00Z", "this machine's clock says 2031-01-01 00:00 UTC"),
    "key": ("HEARTBEAT_PEOPLE_KEY", "another key of sixteen bytes", "is not the key of what was landed"),
}


@pytest.mark.parametrize("cause", REFUSED)
def test_a_collect_of_which_nothing_counts_is_said_once_with_its_cause_and_blames_nothing_else(
    published: Path, heartbeat: Run, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    """No word of a deadline, of a bug, or of channels that were silent: the clock or the key is wrong."""
    name, value, why = REFUSED[cause]
    now = os.environ["HEARTBEAT_NOW"]
    monkeypatch.setenv(name, value)
    code, said = heartbeat("collect")
    monkeypatch.setenv("HEARTBEAT_NOW", now)

    assert (code, said.count(why), "bug in Heartbeat" in said) == (2, 1, False), said
    code, said = heartbeat("status")
    assert (code, said.count(why), said.count("error ")) == (1, 1, 1), said
    assert said.startswith("error   A collect of 4 channels was refused: "), said
    assert "A collect of 4 channels was refused" in open_page()


def test_one_cause_is_told_once_however_many_collections_it_stopped(
    world: Upstream, published: Path, heartbeat: Run
) -> None:
    """A revoked token stops a dozen lists: one line names it and what to do, in every place."""
    rule = world.fail("github", None, answer(401))
    try:
        code, said = heartbeat("collect")
    finally:
        rule.stop()
    why = "401: the token is wrong, expired or revoked; set a new one (GITHUB_TOKEN)"

    assert (code, said.count(why), said.count("failed: ")) == (3, 1, 1), said
    assert [heartbeat(step)[0] for step in ("build", "publish")] == [0, 0]
    code, said = heartbeat("status")
    assert (code, said.count(why)) == (1, 1), said
    assert re.match(r"warning \d+ collections of \d github channels? failed \(denied\): ", said), said
    assert "access was refused: the token is missing, wrong or may not read this" in open_page()
