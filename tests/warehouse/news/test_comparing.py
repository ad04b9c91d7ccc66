"""What is news: a golden case for each kind, and what passes no gate."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.news.states import PAGE, channels, end, family, method, observe, offer, pair, promise, verdict
from warehouse.news.comparing import DECIDED, STEADY, Ledger, tell_news
from warehouse.news.items import NewsItem
from warehouse.news.states import END, PAIR, State


def _tell(*versions: tuple[State, ...]) -> list[NewsItem]:
    """What is told over some versions, a week apart, after the first has said that news begins."""
    ledger = Ledger()
    for number, states in enumerate(versions):
        ledger = tell_news(ledger, observe(*states, days=7 * number))
    return list(ledger.items[1:])


def _words(*versions: tuple[State, ...]) -> list[str]:
    return [item.headline for item in _tell(*versions)]


def test_the_first_version_says_only_that_news_begin() -> None:
    """All that a page or a catalog holds then was there before."""
    ledger = tell_news(Ledger(), observe(end(), promise(), verdict("holds"), pair(0.001), family(), channels("a")))

    assert [(item.number, item.kind, item.headline) for item in ledger.items] == [
        (1, "began", "News begins here, with 1 family.")
    ]


GOLDEN = {
    "an end was announced": ((), (end(),), "GPT: gpt-4-0613 ends on 14 May 2027. Replacement: gpt-5."),
    "an end without a day": ((), (end(new=None, replacement=[]),), "GPT: gpt-4-0613 will end; no date is given."),
    "an end in a month": (
        (), (end(new="2027-05-01", new_shutdown_kind="month", replacement=None),),
        "GPT: gpt-4-0613 ends in May 2027.",
    ),
    "an end of one region": (
        (), (end(region="eu-west-1", replacement=None),), "GPT: gpt-4-0613 in eu-west-1 ends on 14 May 2027."
    ),
    "an end told when it had come": (
        (), (end(new="2026-11-01", replacement=None),), "GPT: gpt-4-0613 ended on 1 Nov 2026."
    ),
    "an end on a page of several families": (
        (), (end(family_id=None, title=None, target="azure-foundry", replacement=None),),
        "Azure Foundry: gpt-4-0613 ends on 14 May 2027.",
    ),
    "an end moved later": (
        (), (end("moved later", "2027-09-01", "2027-05-14", replacement=None),),
        "GPT: gpt-4-0613 ends later: on 1 Sep 2027 instead of 14 May 2027.",
    ),
    "an end moved earlier": (
        (), (end("moved earlier", "2027-01-01", "2027-05-14", replacement=None),),
        "GPT: gpt-4-0613 ends earlier: on 1 Jan 2027 instead of 14 May 2027.",
    ),
    "an end got a day": (
        (), (end("date given", replacement=None),), "GPT: gpt-4-0613 now has an end date: it ends on 14 May 2027."
    ),
    "a floor became a day": (
        (), (end("kind changed", old="2027-05-14", old_shutdown_kind="not_before", replacement=None),),
        "GPT: gpt-4-0613 ends on 14 May 2027.",
    ),
    "an end lost its day": (
        (), (end("date withdrawn", None, "2027-05-14", replacement=None),),
        "GPT: gpt-4-0613 no longer has an end date; it was 14 May 2027.",
    ),
    "a promise moved": (
        (promise(60),), (promise(180, "2026-11-05"),),
        "GPT, notice before the end of a model: now 180 days (before: 60).",
    ),
    "a promise ends": (
        (promise(),), (promise(read="2026-11-05", until_on="2027-01-01"),),
        "GPT, notice before the end of a model: ends on 1 Jan 2027.",
    ),
    "a promise began": (
        (promise(),), (promise(), promise(14, "2026-11-06", applies_to="previews", from_on="2026-11-02")),
        "GPT, notice before the end of a model (previews): new since 2 Nov 2026: At least 14 days.",
    ),
    "a licence changed": (
        (promise(None, fact_kind="licence", fact_words="Apache-2.0"),),
        (promise(None, "2026-11-05", fact_kind="licence", fact_words="MIT"),),
        "GPT, licence: now: MIT (before: Apache-2.0).",
    ),
    "a verdict flipped": (
        (verdict("too close to call"),), (verdict("holds"),),
        "Claim H1, Open costs less: holds (before: too close to call).",
    ),
    "a pair is told apart": (
        (pair(0.4),), (pair(0.01),), "Qwen and Claude can now be told apart; Qwen is ahead: answered within a week."
    ),
    "a pair is told apart no longer": (
        (pair(0.01),), (pair(0.4),), "Claude and Qwen can no longer be told apart: answered within a week."
    ),
    "a pair changed places": (
        (pair(0.01),), (pair(0.01, "claude"),),
        "Claude and Qwen can now be told apart; Claude is ahead: answered within a week.",
    ),
    "a price fell": (
        (offer(),), (offer(1.0, 8.0, "2026-11-07"),),
        "GPT: gpt-5 is cheaper on OpenRouter (since 7 Nov 2026): input 1.25 → 1.00 USD, output 10.00 → 8.00 USD per "
        "million tokens.",
    ),
    "half of a price rose": (
        (offer(),), (offer(1.375, since="2026-11-07"),),
        "GPT: gpt-5 costs more on OpenRouter (since 7 Nov 2026): input 1.25 → 1.375 USD per million tokens.",
    ),
    "a price moved both ways": (
        (offer(),), (offer(1.0, 12.0, "2026-11-07"),),
        "GPT: gpt-5 has new prices on OpenRouter (since 7 Nov 2026): input 1.25 → 1.00 USD, output 10.00 → 12.00 USD "
        "per million tokens.",
    ),
    "the cheapest of many hosts changed its price for a week": (
        (offer(side="open"),), (offer(1250.5, since="2026-11-01", side="open"),),
        "GPT: gpt-5 costs more on OpenRouter (since 1 Nov 2026): input 1.25 → 1,250.50 USD per million tokens.",
    ),
    "a model was listed": (
        (), (offer(since="2026-11-07", first_seen_at="2026-11-07T06:00:00", side="open"),),
        "GPT: gpt-5 is new on OpenRouter (since 7 Nov 2026): input 1.25 USD, output 10.00 USD per million tokens.",
    ),
    "a model left the list": (
        (offer(),), (offer(None, None, "2026-11-07", status="gone"),),
        "GPT: gpt-5 is no longer listed on OpenRouter (since 7 Nov 2026). Before: input 1.25 USD, output 10.00 USD per "
        "million tokens.",
    ),
    "a model came back": (
        (offer(None, None, status="gone"),), (offer(since="2026-11-07"),),
        "GPT: gpt-5 is listed on OpenRouter again (since 7 Nov 2026): input 1.25 USD, output 10.00 USD per million "
        "tokens.",
    ),
    "a trial ended": (
        (offer(0.0, 0.0, status="free"),), (offer(since="2026-11-07"),),
        "GPT: gpt-5 is no longer free on OpenRouter (since 7 Nov 2026): input 0.00 → 1.25 USD, output 0.00 → 10.00 USD "
        "per million tokens.",
    ),
    "a model became free": (
        (offer(),), (offer(0.0, 0.0, "2026-11-07", status="free"),),
        "GPT: gpt-5 is now free on OpenRouter (since 7 Nov 2026): input 1.25 → 0.00 USD, output 10.00 → 0.00 USD per "
        "million tokens.",
    ),
    "a price depends on the request": (
        (offer(),), (offer(None, None, "2026-11-07", status="open"),),
        "GPT: gpt-5 no longer has a fixed price on OpenRouter (since 7 Nov 2026). Before: input 1.25 USD, output "
        "10.00 USD per million tokens.",
    ),
    "a price depends on nothing any more": (
        (offer(1.25, None, status="open"),), (offer(since="2026-11-07"),),
        "GPT: gpt-5 now has a fixed price on OpenRouter (since 7 Nov 2026): input 1.25 USD, output 10.00 USD per "
        "million tokens.",
    ),
    "a family ended": (
        (family(),), (family(ended_on="2026-11-05", successor="Qwen 4"),),
        "Qwen ends on 5 Nov 2026; Qwen 4 follows it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GOLDEN)
def test_what_a_vendor_or_the_figures_changed_is_told_once_in_plain_words(case: str) -> None:
    """One line an item, whatever version follows."""
    before, after, words = GOLDEN[case]
    items = _tell((family(), *before), (family(), *after), (family(), *after))

    assert [(item.headline, item.is_restated) for item in items] == [(words, False)]


OURS = {
    "a new version of the code read it": (
        (), (end(replacement=None),),
        "GPT: gpt-4-0613 ends on 14 May 2027. A new version of Heartbeat reads it; it may have been there before.",
    ),
    "the page had been misread": (
        (promise(60, "2026-10-01"),), (promise(90, "2026-10-01"),),
        "GPT, notice before the end of a model: now 90 days (before: 60). Corrected here: the page was misread.",
    ),
    "a verdict under other definitions": (
        (verdict("mixed"),), (verdict("holds", method="n"),),
        "Claim H1, Open costs less: holds (before: mixed). Our definitions changed, not the families.",
    ),
    "a verdict of another claim": (
        (verdict("mixed"),), (verdict("holds", version=2),),
        "Claim H1, Open costs less: holds (before: mixed). Our definitions changed, not the families.",
    ),
    "a verdict on more of the past": (
        (verdict("mixed"),), (verdict("holds", reach="s"),),
        "Claim H1, Open costs less: holds (before: mixed). We read further back, so this is no change of theirs.",
    ),
    "pairs under other definitions": (
        (pair(0.4),), (pair(0.01, method="n"),), "Our method: 1 pair of families judged differently."
    ),
    "definitions that restated figures": (
        (method("a"), method("a", name="closed_share")), (method("b", 12), method("b", name="closed_share")),
        "Our method: 1 definition changed (answered share), 12 figures restated on the same data.",
    ),
    "a definition of a new version": (
        (method("a"),), (method("b", version=2),), "Our method: 1 definition changed (answered share)."
    ),
    "a family was added": ((), (family("reka"),), "Reka is measured from now on."),
    "a family was taken away": ((family("reka"),), (), "Reka is no longer measured here."),
    "channels changed": (
        (channels("qwen.github.a", "qwen.github.b"),), (channels("qwen.github.a", "qwen.reddit.c"),),
        "Qwen: 1 channel added: qwen.reddit.c; 1 channel no longer read: qwen.github.b.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OURS)
def test_what_we_changed_ourselves_is_told_as_ours(case: str) -> None:
    """A change of method, of readers or of what is read is never news about a vendor."""
    before, after, words = OURS[case]
    code = "2" if "code" in case else "1"
    first = tell_news(Ledger(), observe(family(), *before))
    told = tell_news(first, observe(family(), *after, days=7, code=code))
    again = tell_news(told, observe(family(), *after, days=14, code=code))

    assert [(item.headline, item.is_restated) for item in again.items[1:]] == [(words, True)]


SILENT = {
    "a floor, which promises nothing": ((), (end(new_shutdown_kind="not_before"),)),
    "a model that is only listed": ((), (end(new=None, stage="active"),)),
    "a model that left the page": ((), (end("vanished"),)),
    "other words on the page": ((), (end("edited", old="2027-05-14"),)),
    "an older notice of the same model": ((), (end(is_latest=False),)),
    "a history that the page added": ((), (end(new="2025-01-01"),)),
    "an announcement that stood there before": ((), (end(announced_on="2026-09-01"),)),
    "the same end in another notice": ((end(),), (end(), replace(end(), subject="another"))),
    "a promise read again": ((promise(),), (promise(read="2026-11-07"),)),
    "other words for the same promise": ((promise(),), (promise(read="2026-11-07", fact_words="180 days or more"),)),
    "an old promise that we read only now": ((promise(),), (promise(), promise(14, "2026-11-07", applies_to="x"))),
    "a promise whose beginning we read only now": (
        (promise(),), (promise(), promise(14, "2026-11-07", applies_to="x", from_on="2026-03-01")),
    ),
    "a promise that the catalog dropped": ((promise(),), ()),
    "too few data for a verdict": ((verdict("holds"),), (verdict("too few data"),)),
    "a first verdict": ((verdict("too few data"),), (verdict("holds"),)),
    "a first pair": ((), (pair(0.001),)),
    "too few data for a pair": ((pair(0.001),), ()),
    "a p that wavers": ((pair(0.04),), (pair(0.07),)),
    "a p that nearly suffices": ((pair(0.4),), (pair(0.07),)),
    "a pair on more of the past": ((pair(0.4),), (pair(0.001, reach="s"),)),
    "a definition that restated nothing": ((method("a"),), (method("b"),)),
    "a price seen on one day only": ((offer(),), (offer(1.0, since="2026-11-08"),)),
    "a host that was the cheapest for six days": (
        (offer(side="open"),), (offer(1.0, since="2026-11-02", side="open"),),
    ),
    "a price that no whole visit confirmed": ((offer(),), (offer(1.0, since=None),)),
    "a price that differs by a rounding": ((offer(),), (offer(1.26, since="2026-11-05"),)),
    "a list read for the first time, or a pattern that the catalog added": ((), (offer(),)),
    "a model listed an hour ago": (
        (), (offer(since="2026-11-08", first_seen_at="2026-11-08T06:00:00"),),
    ),
    "a free model that was listed": (
        (), (offer(0.0, 0.0, "2026-11-07", status="free", first_seen_at="2026-11-07T06:00:00"),),
    ),
    "a trial that left": ((offer(0.0, 0.0, status="free"),), (offer(None, None, "2026-11-07", status="gone"),)),
    "a list that is not read any more": ((offer(),), ()),
}  # fmt: skip


@pytest.mark.parametrize("case", SILENT)
def test_what_passes_no_gate_is_not_told(case: str) -> None:
    """Coverage, backfill, noise and other words are no news."""
    before, after = SILENT[case]

    assert _words((family(), *before), (family(), *after)) == []


def test_a_page_that_was_read_for_the_first_time_tells_nothing() -> None:
    """What it holds is new to us only; what it adds later is news."""
    first = tell_news(Ledger(), observe(scopes=[]))
    second = tell_news(Ledger(first.states, {("family", "catalog"): family()}, first.items), observe(end(), days=7))
    third = tell_news(second, observe(end(), end(model="o1"), days=14))

    assert [item.headline for item in third.items[1:]] == ["GPT: o1 ends on 14 May 2027. Replacement: gpt-5."]


def test_a_verdict_flips_against_the_last_one_that_judged() -> None:
    """Weeks with too few data between them do not hide it."""
    said = _words((verdict("holds"),), (verdict("too few data"),), (verdict("refuted"),), (verdict("refuted"),))

    assert said == ["Claim H1, Open costs less: refuted (before: holds)."]


def test_what_rests_on_nothing_any_more_is_corrected_once() -> None:
    """An event that was taken back (a wrong clock) or a pair that our own change undid."""
    items = _tell((pair(0.4),), (end(), pair(0.01)), (pair(0.4, method="n"),), (pair(0.4, method="n"),))
    told = {item.kind: item for item in items[:2]}
    corrections = {item.kind: item for item in items if item.corrects}

    assert {kind: item.corrects for kind, item in corrections.items()} == {
        END: told[END].news_id, PAIR: told[PAIR].news_id
    }  # fmt: skip
    assert corrections[END].headline == (
        "Correction: this item of 8 Nov 2026 no longer holds: GPT: gpt-4-0613 ends on 14 May 2027. Replacement: gpt-5."
    )


def test_of_one_version_ends_are_told_last_so_that_they_are_read_first() -> None:
    """A long message is cut at its end, where our own changes stand."""
    before = (pair(0.4), offer(), channels("a"), method("a"))
    items = _tell(before, (end(), pair(0.01), offer(1.0, since="2026-11-07"), channels("b"), method("b", 2)))

    assert [item.kind for item in reversed(items)] == ["end", "pair", "price", "channel", "method"]


def test_a_correction_is_not_corrected() -> None:
    """A pair that our own changes turn again and again was told once and withdrawn once."""
    turns = [(pair(p_adjusted, method=method),) for p_adjusted, method in ((0.01, "m"), (0.4, "n"), (0.01, "o"))]
    items = _tell((pair(0.4),), *turns, (pair(0.4, method="p"),))

    assert [bool(item.corrects) for item in items if item.kind == PAIR] == [False, True]


def test_a_page_that_is_read_no_longer_withdraws_nothing() -> None:
    """A channel that the catalog dropped says nothing about what it said."""
    first = tell_news(Ledger(), observe(family()))
    told = tell_news(first, observe(family(), end(), days=7))
    without = [scope for scope in told.scopes if scope != (END, PAGE)]

    assert tell_news(told, observe(family(), days=14, scopes=without)).items == told.items


def test_a_change_that_is_told_twice_has_two_ids() -> None:
    """A verdict may flip and flip back, and stand each time; each is an item of its own."""
    flips = [(verdict(word),) for word in ("holds", "mixed", "mixed", "holds", "holds", "mixed", "mixed")]
    items = _tell(*flips)

    assert len({item.news_id for item in items}) == len(items) == 3


def _tell_daily(states: Iterable[State]) -> list[NewsItem]:
    """What is told where each state is published a day after the one before it."""
    told = Ledger()
    for day, state in enumerate(states):
        told = tell_news(told, observe(state, days=day))
    return list(told.items[1:])


@given(st.lists(st.tuples(st.sampled_from(DECIDED), st.integers(1, 9)), min_size=1, max_size=9))
def test_a_verdict_that_wavers_at_its_gate_is_not_told(stays: list[tuple[str, int]]) -> None:
    """However often it flips back within a week, nobody is written to."""
    days = ["holds"] * 3
    for word, count in stays:
        days += [word] * count + ["holds"]

    runs = [len(list(run)) for word, run in groupby(days) if word != "holds"]
    assert bool(_tell_daily(map(verdict, days))) == any(run > STEADY.days for run in runs)


def test_a_verdict_that_wavers_and_then_stands_is_told_once_after_a_week() -> None:
    """And too few data in between say nothing about it."""
    words = ["mixed", "holds", "mixed", "holds", "too few data", *["holds"] * 6, "mixed", "holds"]
    (item,) = _tell_daily(map(verdict, words))

    assert item.headline == "Claim H1, Open costs less: holds (before: mixed)."
    assert item.as_of_at == observe(days=10).as_of_at, "seven days after it was first seen on the third"


@given(st.lists(st.sampled_from([1.0, 1.25, 1.6]), min_size=1, max_size=20), st.sampled_from(["open", "proprietary"]))
def test_a_price_is_told_only_where_it_held_and_from_the_one_told_last(daily: list[float], side: str) -> None:
    """Each item begins where the one before it ended, and a price that flaps is told by none."""
    runs: list[State] = []
    for day, usd in enumerate(daily, 1):
        last = runs[-1].value if runs else None
        since = last["since_on"] if last and last["input_usd"] == usd else f"2026-11-{day:02}"
        runs.append(offer(usd, 10.0, since, side=side, seen_on=f"2026-11-{day:02}"))
    moves = [re.findall(r"([\d.]+) → ([\d.]+)", item.headline)[0] for item in _tell_daily(runs)]

    least = 7 if side == "open" else 1
    held, expected = f"{daily[0]:.2f}", []
    for state in runs:
        days = int(state.value["seen_on"][-2:]) - int(state.value["since_on"][-2:])
        if days >= least and (now := f"{state.value['input_usd']:.2f}") != held:
            expected.append((held, now))
            held = now
    assert moves == expected


def test_a_price_that_was_taken_back_is_corrected() -> None:
    """A visit under a wrong clock brought it: the list never said so."""
    usual, wrong = offer(), offer(1.0, since="2026-11-07")
    items = _tell((usual,), (wrong,), (usual,), (usual,))

    assert [bool(item.corrects) for item in items] == [False, True] and items[1].corrects == items[0].news_id


def test_a_price_that_creeps_is_told_once_it_has_moved_by_more_than_a_hundredth() -> None:
    """Each step alone would be a rounding."""
    steps = [offer(usd, since=f"2026-11-0{day}") for day, usd in enumerate((1.25, 1.26, 1.27), 1)]

    assert ["1.25 → 1.27" in words for words in _words(*((step,) for step in steps))] == [True]
