"""What tests in a real browser share: the browser, and the dashboard of each state of the sample world."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import LATER, NOW

Served = Callable[[str], str]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for each file."""
    with real.browser() as started:
        yield started


@pytest.fixture(scope="module")
def served(state_home: Callable[[str], Path]) -> Iterator[Served]:
    """Gives the address of the dashboard of a state, started once."""
    with ExitStack() as stack:
        addresses: dict[str, str] = {}

        def address(state: str) -> str:
            if state not in addresses:
                now = (LATER if state == "stale" else NOW).isoformat()
                addresses[state] = stack.enter_context(real.dashboard(state_home(state), now))
            return addresses[state]

        yield address


@pytest.fixture(scope="module")
def sample(served: Served) -> str:
    """The dashboard of the sample world."""
    return served("sample")


@pytest.fixture(scope="module")
def hostile(served: Served) -> str:
    """The dashboard of a world in which every text of others is an attack."""
    return served("hostile")


@pytest.fixture
def fresh(chromium: Browser) -> Iterator[real.Watched]:
    """A browser nobody has used, 1440 wide and light."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", accept_downloads=True)
    yield real.Watched(context)
    context.close()
