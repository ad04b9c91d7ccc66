"""The three tasks that readers come with, walked from the first page in a real browser: few clicks, and answers that
agree."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as BrowserTimeout

from dashboards.reliability import model_ends
from tests.dashboards.browser import browser as real
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.ends import states
from warehouse.wording import GAP

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine"),
]
PATIENCE_MS = 20_000


@dataclass
class Reader:
    """A reader at a page, whose clicks and typed words are counted."""

    page: Page
    clicks: int = 0
    typed: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def click(self, target: Locator) -> None:
        """Clicks and waits until the page has followed."""
        self.clicks += 1
        target.click()
        real.settle(self.page)

    def enter_door(self, name: str) -> None:
        """Goes through one of the three doors of the first page."""
        self.click(self.page.locator(".st-key-doors").get_by_role("link", name=re.compile(name)))

    def choose(self, box: str, *words: str) -> None:
        """Clicks a box and types what to choose in it."""
        entry = self.page.get_by_role("combobox", name=re.compile(box)).first
        self.click(entry)
        for word in words:
            self.typed.append(word)
            self.page.keyboard.type(word)
            option = self.page.get_by_role("option", name=re.compile(re.escape(word))).first
            try:
                option.wait_for(timeout=PATIENCE_MS / 4)
            except BrowserTimeout:  # a box that is drawn anew loses letters, and whoever sees that types them again
                entry.fill(word)
                option.wait_for(timeout=PATIENCE_MS)
            before = self.page.url
            self.page.keyboard.press("Enter")
            # A busy page takes in no further word before it has followed, and the address is what it follows.
            self.page.wait_for_function("former => location.href !== former", arg=before, timeout=PATIENCE_MS)
            real.settle(self.page)

    def read_answer(self) -> str:
        """Reads the answer of the page."""
        return self.page.locator(".st-key-answer").first.inner_text().replace(GAP, " ")

    def tell(self, task: str) -> str:
        """Tells what the walk took, for those who run it by hand."""
        seconds = time.monotonic() - self.begun
        return f"{task}: {self.clicks} clicks, typed {self.typed}, {seconds:.1f} s; {self.read_answer()!r}"


def test_two_families_are_compared_and_every_place_gives_the_same_answer(sample: str, fresh: real.Watched) -> None:
    """Qwen or Claude: the first page answers, the door leads to the comparison, and so does support."""
    reader = Reader(real.opened(fresh.page, sample, charts=0))
    reader.choose("Families", "Qwen", "Claude")
    fresh.page.keyboard.press("Escape")
    expect(fresh.page.get_by_text("more in every 100 within a week").first).to_be_visible(timeout=PATIENCE_MS)
    first = reader.read_answer()
    reader.enter_door("Compare two")
    expect(fresh.page.get_by_text("more in every 100 within a week").first).to_be_visible(timeout=PATIENCE_MS)
    print(reader.tell("Qwen or Claude"))
    answers = [first, reader.read_answer()]
    assert reader.clicks < 4 and all(answer.startswith("Claude's users hear back more often") for answer in answers)
    real.chosen(fresh.page, "support")
    assert reader.read_answer().startswith("Claude's users hear back more often")
    words = fresh.page.locator("[data-testid='stMain']").inner_text()
    assert "Qwen" in words and "family=qwen&family=claude" in fresh.page.url


def test_my_model_ids_are_checked_from_the_first_page(
    sample: str, state_home: Callable[[str], Path], fresh: real.Watched
) -> None:
    """A door, a field, a button; the answer knows all three, and the link carries them."""
    view = seen(state_home("sample"))
    ahead = [row for row in model_ends.load_notices(view) if states.judge_state(row, NOW.date()) == states.AHEAD]
    ending = [row for row in ahead if row["shutdown_kind"] != "not_before"]
    ids = list(dict.fromkeys(row["model"] for row in ending))[:3]
    reader = Reader(real.opened(fresh.page, sample, charts=0))
    reader.enter_door("Check my model ids")
    board = fresh.page.get_by_role("textbox", name=re.compile("model ids", re.IGNORECASE))
    reader.click(board)
    reader.typed += ids
    board.fill(", ".join(ids))
    reader.click(fresh.page.get_by_role("button", name="Check these ids"))
    expect(fresh.page.locator(".st-key-answer").first).to_contain_text("of your 3", timeout=PATIENCE_MS)
    print(reader.tell("My ids"))
    assert len(ids) == 3 and reader.clicks < 4 and "models=" in fresh.page.url
    # A name may have ended at one place and end later at another.
    assert "3 will within 12 months" in reader.read_answer() or reader.read_answer().startswith("3 of your 3 ids end")
    assert "unknown" not in reader.read_answer()


def test_a_model_that_i_can_tune_on_my_card_is_found_from_the_first_page(sample: str, fresh: real.Watched) -> None:
    """A door, the example that says it, and the one need that it leaves out: models by name; by hand they are the
    same."""
    reader = Reader(real.opened(fresh.page, sample, charts=0))
    reader.enter_door("Find my model")
    reader.click(fresh.page.get_by_role("button", name="An open model to tune on a 24 GB card"))
    expect(fresh.page.get_by_role("button", name="Clear all needs")).to_be_visible(timeout=PATIENCE_MS)
    reader.choose("Answered in a day", "25")
    print(reader.tell("A model for my card"))
    assert reader.clicks < 4
    assert re.match(r"Too close to call by support: \d+ models of \d+ families", reader.read_answer())
    needs = ("side=open", "gpu=24", "use=QLoRA", "tuning=yes", "daily=25")
    assert all(part in fresh.page.url for part in needs)
    by_hand = Reader(real.opened(fresh.page, f"{sample}/fit", charts=0))
    for box, word in (("Weights", "open"), ("My card has", "24 GiB"), ("^for", "QLoRA"), ("Fine-tuning", "allowed")):
        by_hand.choose(box, word)
    by_hand.choose("Answered in a day", "25")
    assert by_hand.read_answer() == reader.read_answer()
