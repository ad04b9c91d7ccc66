"""A year of one installation in an hour or two: `python -m tests.year [--days 365] [--hours 24]`.

The clock is the world's: it moves on by a turn of the schedule each time, and the world with it. Outages, refused
tokens, kills, sleeps, wrong clocks, moved promises and incidents befall it on fixed days. Told are a line a month, each
message as a webhook and a mail server received it, the latest visit, and whether a clean rebuild from the landing zone
holds the same figures.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.http import waits
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.worlds.receivers import open_mailbox, open_webhook
from tests.year.course import MONTH, Course
from tests.year.disturbances import Disturbance, End, draw_disturbances, end_past, find_sleep
from tests.year.installation import Installation

FAMILIES = ("gemma", "claude")
BACKUP_EVERY, NIGHT_EVERY = 30, 7
Downtimes = list[tuple[datetime, datetime]]


def live(home: Installation, days: int, hours: float, course: Course, disturbances: Sequence[Disturbance]) -> Downtimes:
    """Lives through so many days, and returns when the machine slept."""
    running, asleep = list[tuple[float, str, End]](), Downtimes()
    waiting = sorted(disturbances, key=lambda one: one.day)
    course.print_head()
    at, night, backup, month = 0.0, 0.0, float(BACKUP_EVERY), float(MONTH)
    while at < days:
        if slept := find_sleep(at, hours):
            begun = home.now
            home.up.world.advance(24 * slept)
            asleep.append((begun, home.now))
            at += slept
        running = end_past(running, at)
        while waiting and waiting[0].day <= at:
            one = waiting.pop(0)
            running.append((at + one.days, one.name, one.begin(home)))
        home.up.forgive()
        is_night = at >= night
        course.add_turn(at, home.run_turn(is_night))
        night += NIGHT_EVERY * is_night
        home.up.world.advance(hours)
        at += hours / 24
        if at >= backup:
            backup += BACKUP_EVERY
            if code := home.back_up():
                course.faults.append((at, f"backup: exit code {code}"))
        if at >= month or at >= days:
            course.print_month(at / MONTH, home)
            month += MONTH
    return asleep


def judge(home: Installation, asleep: Downtimes, hours: float, course: Course) -> int:
    """Prints what went out and what went wrong; returns the number of what must not be."""
    for what, listed in (("message", course.messages), ("step that failed", course.faults)):
        print(f"{len(listed)} times: {what}")
        for day, words in listed:
            print(f"    day {day:>5.1f}: {words}")
    late, channel = home.find_latest(asleep, hours)
    repeated = [
        channel_id
        for channel_id, seen in home.visits.items()
        if any(first == then for first, then in itertools.pairwise(seen))
    ]
    print(f"latest visit: {late:.1f} h beyond cadence, turn and sleep, outages included: {channel}")
    print(f"visits repeated at one instant: {len(repeated)}")
    differing = home.rebuild()
    print(f"a clean rebuild differs in {len(differing)} tables of figures")
    for table in differing:
        print(f"    {table}")
    return len(differing) + len(repeated)


def main(arguments: list[str]) -> int:
    """Lives through a year; exit code 1 if something must not be."""
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--hours", type=float, default=24, help="between two turns")
    parser.add_argument("--threads", type=int, default=100)
    asked = parser.parse_args(arguments)
    # The clock stands still within a turn: a further attempt that waited would only take real time.
    waits.choose_backoff = lambda attempt: 0.0
    catalog, course = few(read_catalog([SHIPPED]), *FAMILIES), Course()
    with TemporaryDirectory() as folder, open_webhook() as hook, open_mailbox() as mailbox:
        with Upstream(catalog, seed=3, threads=asked.threads) as up:
            home = Installation(up, Path(folder), hook, mailbox)
            asleep = live(home, asked.days, asked.hours, course, list(draw_disturbances(asked.days)))
            wrong = judge(home, asleep, asked.hours, course)
        received = (len(hook.messages), len(mailbox.mails))
        print(f"the webhook received {received[0]} messages, the mail server {received[1]}")
        return int(wrong > 0 or received[0] != received[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
