"""The zones in which history feeds date their posts: a page shows its times on the clock of its owner."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status import zones
from pipelines.sources.status.formats import atom
from pipelines.sources.status.incident import Incident

ENDED = datetime(2026, 6, 4, 21, 10, tzinfo=UTC)


def post(when: str, word: str) -> str:
    day, _, time = when.partition(" @ ")
    month, number = day.split()
    clock, _, zone = time.partition(" ")
    return (
        f"<p><small>{month} <var data-var='date'>{number:>2}</var>, <var data-var='time'>{clock}</var> {zone}</small>"
        f"<br><strong>{word}</strong> - x</p>"
    )


def read(*posts: tuple[str, str], ended: datetime = ENDED) -> Incident:
    html = "".join(post(when, word) for when, word in posts)
    entry = FeedEntry("tag:s,2005:Incident/1", "t", "https://s/incidents/1", ended, ended, html)
    (incident,) = atom.parse_incidents([entry], ItemReader("x"))
    return incident


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("Jun 4 @ 13:10 PDT", "06-04T20:10"), ("Jan 4 @ 13:10 PST", "01-04T21:10"),
        ("Jun 4 @ 22:10 CEST", "06-04T20:10"), ("Jan 4 @ 22:10 CET", "01-04T21:10"),
        ("Jun 4 @ 16:10 EDT", "06-04T20:10"), ("Jan 4 @ 16:10 EST", "01-04T21:10"),
        ("Jun 5 @ 05:10 JST", "06-04T20:10"), ("Jun 5 @ 06:10 AEST", "06-04T20:10"),
        ("Jun 4 @ 22:10 GMT+2", "06-04T20:10"), ("Jun 5 @ 01:40 GMT+05:30", "06-04T20:10"),
        ("Jun 4 @ 12:10 GMT-8", "06-04T20:10"), ("Jun 5 @ 04:10 +08", "06-04T20:10"),
        ("Jun 4 @ 17:10 -03", "06-04T20:10"), ("Jun 4 @ 20:40 GMT+0:30", "06-04T20:10"),
        ("Jun 4 @ 20:10 UTC", "06-04T20:10"), ("Jun 4 @ 20:10 GMT+0", "06-04T20:10"),
    ],
)  # fmt: skip
def test_a_post_is_dated_on_the_clock_of_its_page(when: str, first: str) -> None:
    """Three vendors' feeds, 542 incidents, were refused as a whole."""
    ended = datetime.fromisoformat(f"2026-{first}+00:00") + timedelta(hours=1)
    incident = read((when, "Investigating"), ended=ended)
    assert incident.updates[0].at == ended - timedelta(hours=1)


def test_a_page_that_changed_its_clocks_in_between_is_read_with_both_offsets() -> None:
    """America put its clocks back on 1 November 2026 at 09:00 UTC."""
    ended = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    incident = read(("Nov 1 @ 04:00 PST", "Resolved"), ("Nov 1 @ 00:30 PDT", "Investigating"), ended=ended)
    newer, older = incident.updates
    assert newer.at == ended and older.at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(("local", "hours"), [("15:10", -6), ("05:10", 8)])
def test_an_abbreviation_of_several_places_means_the_one_that_fits_the_entry(local: str, hours: int) -> None:
    """The entry's own instant, which is that of its latest post, tells Chicago from Shanghai."""
    day = 4 if hours < 0 else 5
    incident = read((f"Jun {day} @ {local} CST", "Resolved"), (f"Jun {day} @ 04:40 CST", "Investigating"))
    assert incident.updates[0].at == ENDED
    assert incident.updates[1].at == datetime(2026, 6, day, 4, 40, tzinfo=UTC) - timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["XYZ", "GMT+77", "CST", "IST"])
def test_a_time_of_a_zone_that_is_not_known_is_refused_with_the_page_s_own_words(zone: str) -> None:
    """A guess would move an outage by hours; `CST` that fits neither place is no better than an unknown word."""
    with pytest.raises(Fatal, match=re.escape(f"'Jun 4, 11:47 {zone}'")):
        read((f"Jun 4 @ 11:47 {zone}", "Investigating"))


def test_one_entry_in_an_unknown_zone_costs_no_other() -> None:
    entries = [
        FeedEntry(code, "t", f"https://s/incidents/{code}", ENDED, ENDED, post(f"Jun 4 @ 21:10 {zone}", "Resolved"))
        for code, zone in (("1", "UTC"), ("2", "XYZ"))
    ]
    reader = ItemReader("x")
    assert [incident.id for incident in atom.parse_incidents(entries, reader)] == ["1"]
    assert len(reader.skipped) == 1 and "XYZ" in reader.skipped[0]


@given(st.datetimes(datetime(2020, 1, 2), datetime(2030, 1, 1)), st.sampled_from(sorted(zones._HOURS)))
def test_any_zone_gives_back_the_instant_that_was_written(at: datetime, zone: str) -> None:
    """Written on the wall of each place that uses the word, and read back."""
    minute = at.replace(second=0, microsecond=0, tzinfo=UTC)
    for offset in zones.read_offsets(zone):
        local = minute + offset
        incident = read((f"{local:%b} {local.day} @ {local:%H:%M} {zone}", "Resolved"), ended=minute)
        assert incident.updates[0].at == minute


def test_the_offsets_of_a_word_differ_by_more_than_a_post_may() -> None:
    """Else two places would fit."""
    for word in zones._HOURS:
        offsets = sorted(zones.read_offsets(word))
        assert all(later - earlier >= timedelta(minutes=30) for earlier, later in pairwise(offsets))
