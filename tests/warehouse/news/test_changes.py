"""What is news: a golden case for each kind of change, and what passes no gate."""

from dataclasses import replace

import pytest

from tests.worlds.news.states import PAGE, end, observe, offer, verdict
from warehouse.news.changes import Ledger, report_news
from warehouse.news.items import NewsItem
from warehouse.news.states import END, PRICE, State


def _report(*versions: tuple[State, ...]) -> list[NewsItem]:
    """What is reported over some versions, a week apart, after the first has said that news begins."""
    ledger = Ledger()
    for number, states in enumerate(versions):
        ledger = report_news(ledger, observe(*states, days=7 * number))
    return list(ledger.items[1:])


def test_the_first_version_says_only_that_news_begins() -> None:
    """All that a page or a list holds then was there before."""
    ledger = report_news(Ledger(), observe(end(), verdict("holds"), offer()))

    assert [(item.number, item.kind, item.headline) for item in ledger.items] == [(1, "began", "News begins here.")]


TOKENS = "per million tokens"
OFFER = f"input 1.25 USD, output 10.00 USD {TOKENS}"
GOLDEN = {
    "an end was announced": ((), (end(),), "GPT: gpt-4-0613 ends on 14 May 2027; replacement: gpt-5."),
    "an end without a day": ((), (end(new=None, replacement=[]),), "GPT: gpt-4-0613 will end; no date is given."),
    "an end in a month": (
        (), (end(new="2027-05-01", new_shutdown_kind="month", replacement=None),),
        "GPT: gpt-4-0613 ends in May 2027.",
    ),
    "an end of one region": (
        (), (end(region="eu-west-1", replacement=None),), "GPT: gpt-4-0613 in eu-west-1 ends on 14 May 2027."
    ),
    "an end reported when it had come": (
        (), (end(new="2026-11-01", replacement=None),), "GPT: gpt-4-0613 ended on 1 Nov 2026."
    ),
    "an end on a page of several families": (
        (), (end(family_id=None, title=None, target="azure-foundry", replacement=None),),
        "Azure Foundry: gpt-4-0613 ends on 14 May 2027.",
    ),
    "an end moved later": (
        (), (end("moved later", "2027-09-01", "2027-05-14", replacement=None),),
        "GPT: gpt-4-0613 ends on 1 Sep 2027 (before: 14 May 2027).",
    ),
    "an end got a day": (
        (), (end("date given", replacement=None),), "GPT: gpt-4-0613 ends on 14 May 2027."
    ),
    "a floor became a day": (
        (), (end("kind changed", old="2027-05-14", old_shutdown_kind="not_before", replacement=None),),
        "GPT: gpt-4-0613 ends on 14 May 2027.",
    ),
    "an end lost its day": (
        (), (end("date withdrawn", None, "2027-05-14", replacement=None),),
        "GPT: gpt-4-0613 has no end date (before: 14 May 2027).",
    ),
    "a verdict flipped": (
        (verdict("too close to call"),), (verdict("holds"),),
        "Claim H1, Open costs less: holds (before: too close to call).",
    ),
    "a price fell": (
        (offer(),), (offer(1.0, 8.0),),
        f"GPT: gpt-5 on OpenRouter: input 1.00 USD, output 8.00 USD {TOKENS} (before: {OFFER}).",
    ),
    "half of a price rose": (
        (offer(),), (offer(1.375),),
        f"GPT: gpt-5 on OpenRouter: input 1.375 USD, output 10.00 USD {TOKENS} (before: {OFFER}).",
    ),
    "a model was listed": (
        (), (offer(first_seen_at="2026-11-07T06:00:00"),),
        f"GPT: gpt-5 on OpenRouter: {OFFER} (before: not listed).",
    ),
    "a model left the list": (
        (offer(),), (offer(None, None, status="gone"),),
        f"GPT: gpt-5 on OpenRouter: not listed (before: {OFFER}).",
    ),
    "a trial ended": (
        (offer(0.0, 0.0, status="free"),), (offer(),),
        f"GPT: gpt-5 on OpenRouter: {OFFER} (before: free).",
    ),
    "a price depends on the request": (
        (offer(),), (offer(None, None, status="variable"),),
        f"GPT: gpt-5 on OpenRouter: no fixed price (before: {OFFER}).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GOLDEN)
def test_what_a_vendor_or_the_figures_changed_is_reported_once_in_plain_words(case: str) -> None:
    """One line an item, whatever version follows."""
    before, after, words = GOLDEN[case]

    assert [(item.headline, item.is_restated) for item in _report(before, after, after)] == [(words, False)]


OURS = {
    "a verdict under other definitions": (
        (verdict("mixed"),), (verdict("holds", method="n"),),
        "Claim H1, Open costs less: holds (before: mixed). This may come from a change in Heartbeat.",
    ),
    "a verdict of another claim": (
        (verdict("mixed"),), (verdict("holds", version=2),),
        "Claim H1, Open costs less: holds (before: mixed). This may come from a change in Heartbeat.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OURS)
def test_what_we_changed_ourselves_is_marked_as_ours(case: str) -> None:
    """A change of method is never news about a vendor."""
    before, after, words = OURS[case]

    assert [(item.headline, item.is_restated) for item in _report(before, after, after)] == [(words, True)]


SILENT = {
    "a floor, which promises nothing": ((), (end(new_shutdown_kind="not_before"),)),
    "a model that is only listed": ((), (end(new=None, stage="active"),)),
    "a model that left the page": ((), (end("vanished"),)),
    "other words on the page": ((), (end("edited", old="2027-05-14"),)),
    "an older notice of the same model": ((), (end(is_latest=False),)),
    "a history that the page added": ((), (end(new="2025-01-01"),)),
    "an announcement that stood there before": ((), (end(announced_on="2026-09-01"),)),
    "the same end in another notice": ((end(),), (end(), replace(end(), subject="another"))),
    "too few data for a verdict": ((verdict("holds"),), (verdict("too few data"),)),
    "a first verdict": ((verdict("too few data"),), (verdict("holds"),)),
    "a price that moved by less than a tenth": ((offer(),), (offer(1.3),)),
    "a list read for the first time, or a pattern that the catalog added": ((), (offer(),)),
    "a free model that was listed": ((), (offer(0.0, 0.0, status="free", first_seen_at="2026-11-07T06:00:00"),)),
    "a trial that left": ((offer(0.0, 0.0, status="free"),), (offer(None, None, status="gone"),)),
    "a list that is not read any more": ((offer(),), ()),
}  # fmt: skip


@pytest.mark.parametrize("case", SILENT)
def test_what_passes_no_gate_is_not_reported(case: str) -> None:
    """Coverage, backfill, noise and other words are no news."""
    before, after = SILENT[case]

    assert _report(before, after) == []


def test_a_page_that_was_read_for_the_first_time_reports_nothing() -> None:
    """What it holds is new to us only; what it adds later is news."""
    first = report_news(Ledger(), observe(scopes=[]))
    second = report_news(first, observe(end(), days=7))
    third = report_news(second, observe(end(), end(model="o1"), days=14))

    assert [item.headline for item in third.items[1:]] == ["GPT: o1 ends on 14 May 2027; replacement: gpt-5."]


def test_a_verdict_flips_against_the_last_one_that_judged() -> None:
    """Weeks with too few data between them do not hide it."""
    items = _report((verdict("holds"),), (verdict("too few data"),), (verdict("refuted"),), (verdict("refuted"),))

    assert [item.headline for item in items] == ["Claim H1, Open costs less: refuted (before: holds)."]


def test_a_change_that_is_reported_twice_has_two_ids() -> None:
    """A verdict may flip and flip back; each is an item of its own."""
    items = _report(*[(verdict(word),) for word in ("holds", "mixed", "holds", "mixed")])

    assert len({item.news_id for item in items}) == len(items) == 3


def test_of_one_version_ends_are_reported_last_so_that_they_are_read_first() -> None:
    """A long message is cut at its end."""
    items = _report((offer(),), (end(), offer(1.0)))

    assert [item.kind for item in reversed(items)] == [END, PRICE]


def test_a_price_that_creeps_is_reported_once_it_has_moved_by_a_tenth() -> None:
    """Each step alone would be noise."""
    items = _report(*((offer(usd),) for usd in (1.25, 1.32, 1.40, 1.45)))

    assert ["input 1.40" in item.headline for item in items] == [True]


def test_a_page_that_is_read_no_longer_keeps_what_it_said() -> None:
    """A channel that comes back reports nothing twice."""
    first = report_news(Ledger(), observe())
    second = report_news(first, observe(end(), days=7))
    third = report_news(second, observe(days=14, scopes=[scope for scope in second.scopes if scope != (END, PAGE)]))
    fourth = report_news(third, observe(end(), days=21))
    fifth = report_news(fourth, observe(end(), days=28))

    assert len(second.items) == 2 and fifth.items == second.items
