"""What the page says of pasted ids: the most urgent first, and nothing unknown is called safe."""

from datetime import date, timedelta

import pytest

from dashboards.reliability.pasted_ids import judge_ids, list_ids, read_pasted, sum_up_ids
from warehouse.ends.fates import EndState, IdFate, PageWord, judge_id
from warehouse.ends.model_ids import index_names

TODAY = date(2026, 11, 1)
END = {
    "shutdown_kind": "exact", "shutdown_on": date(2026, 11, 9), "stage": None, "replacement": ["haiku-4"],
    "as_of_at": None,
}  # fmt: skip


def word(state: EndState, days: int | None = None, place: str = "GPT") -> PageWord:
    """A statement of a page whose end is some days away."""
    on = None if days is None else TODAY + timedelta(days=days)
    is_soon = state == "ends" and days is not None and days <= 365
    return PageWord(state, on, "exact", days, is_soon, name="a-1", place=place)


def test_ids_are_listed_by_urgency_and_summed_up() -> None:
    """Nobody should read down a table to find what is broken."""
    fates = {
        "quiet-1": IdFate(word("no_end_announced")),
        "later-1": IdFate(word("ends", 120)),
        "soon-1": IdFate(word("ends", 8), (word("ends", 3, place="Azure"),)),
        "typo-1": IdFate(PageWord("unknown"), nearest="soon-1"),
        "over-1": IdFate(word("ended", -300)),
    }
    lines = list_ids(fates)
    assert [line["your id"] for line in lines] == ["over-1", "soon-1", "later-1", "typo-1", "quiet-1"]
    assert lines[1]["what happens"] == "ends 9 Nov 2026 (in 8 days)"
    assert lines[1]["other places"] == "Azure: ends 4 Nov 2026 (in 3 days)"
    assert lines[3]["what happens"].endswith("not known to be safe; closest known name: soon-1")
    assert judge_ids(fates) == "**1 of your 5 ids has ended, and 2 will within 12 months.**"
    assert sum_up_ids(fates) == (
        "Next to end: soon\\-1, ends 9 Nov 2026 \\(in 8 days\\); already ended: over\\-1; "
        "not known to be safe: typo\\-1."
    )


@pytest.mark.parametrize(
    ("only", "verdict"),
    [
        (word("ends", 8), "**a-1 ends 9 Nov 2026.**"),
        (word("any_day", -8), "**a-1 may end any day.**"),
        (word("undated"), "**a-1 is to end, no day given.**"),
        (word("unread"), "**a-1 is not known to be safe.**"),
        (PageWord("host_unknown", place="Bedrock"), "**Bedrock's date for a-1 is not known.**"),
        (word("no_end_announced"), "**a-1 has no announced end.**"),
    ],
)
def test_no_id_is_called_safe_or_ended_that_is_neither(only: PageWord, verdict: str) -> None:
    """An earliest day is no end, and a stage without a day is no safety."""
    assert judge_ids({"a-1": IdFate(only)}).replace("\\", "") == verdict


def test_many_ids_are_counted() -> None:
    """A sentence names at most four."""
    assert sum_up_ids({f"typo-{n}": IdFate(PageWord("unknown")) for n in range(6)}).endswith("and 3 more.")


def test_a_host_whose_date_is_not_known_is_not_given_the_makers() -> None:
    """Who ran a model on Bedrock was told the day on which its maker ends it, as if it were Bedrock's."""
    rows = [{"model": "haiku-3-20240307", "family_id": "claude", "side": "proprietary", "title": "Claude"}]
    names = index_names([row | END for row in rows])
    for text in ("Haiku 3 on Bedrock", "haiku-3 on Bedrock", "model: haiku-3\nhost: bedrock"):
        assert read_pasted(text, names).ids == ("bedrock/haiku-3",)
    fate = judge_id("bedrock/haiku-3", names, TODAY, TODAY + timedelta(365))
    assert judge_ids({"haiku": fate}) == "**Bedrock's date for haiku is not known.**"
    assert sum_up_ids({"haiku": fate}).replace("\\", "") == (
        "Elsewhere: Claude: its snapshot haiku-3-20240307 ends 9 Nov 2026 (in 8 days). "
        "Instead of haiku: haiku-4 (says Claude, not Bedrock)."
    )
