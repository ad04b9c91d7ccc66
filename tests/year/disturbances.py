"""What befalls an installation in a year, day by day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.faults.places import BUILDING, COLLECTING, PUBLISHING
from tests.upstream import faults
from tests.upstream.faults import Fault, Rule
from tests.upstream.messages import Response
from tests.year.installation import Installation

End = Callable[[], None]
SLEEPS = ((24, 3), (81, 1), (130, 14), (251, 5), (333, 2))
"""Days on which the machine falls asleep, and for how many."""
CLOCK_ERROR = timedelta(days=500)


@dataclass(frozen=True)
class Disturbance:
    """Something that begins on a day and lasts for some."""

    day: int
    days: int
    name: str
    begin: Callable[[Installation], End]


def refuse(host: str, answer: Fault | Response) -> Callable[[Installation], End]:
    """Lets an upstream, or one host of it, answer otherwise for a while."""

    def begin(home: Installation) -> End:
        rule: Rule = home.up.fail(host, None, answer)
        return rule.stop

    return begin


def kill(place: str, number: int, *words: str) -> Callable[[Installation], End]:
    """Kills a command at the nth call of a step; the next turn goes on from what is left."""

    def begin(home: Installation) -> End:
        home.run_command("kill", place, str(number), *words, module=("tests.faults.injection",))
        return lambda: None

    return begin


def mistake_clock(home: Installation) -> End:
    """A machine comes up with a wrong clock, and cron collects."""
    code = home.run_command("collect", HEARTBEAT_NOW=(home.now + CLOCK_ERROR).isoformat())
    assert code == 2, f"a wrong clock was not refused: {code}"
    return lambda: None


def upgrade(home: Installation) -> End:
    """The first command of a new version is a full build, whatever the schedule does."""
    home.run_command("build", "--full")
    return lambda: None


def move_end(home: Installation) -> End:
    """A vendor moves a promised day."""
    for ends in home.up.ends.values():
        if promised := [end for end in ends.now() if end.shutdown_on]:
            ends.move(promised[0].name, 30)
            break
    return lambda: None


def post_incident(home: Installation) -> End:
    """A vendor posts an incident and resolves it when the disturbance ends."""
    page = next(iter(home.up.world.pages.values()))
    incident = page.post("API errors")
    return lambda: page.tell(incident)


def draw_disturbances(days: int) -> Iterator[Disturbance]:
    """Yields what befalls within so many days, in the same order each time."""
    outages = ("github", "hub", "packages", "prices", "discourse", "stackexchange")
    for number, day in enumerate(range(9, days, 17)):
        host = outages[number % len(outages)]
        yield Disturbance(day, 4, f"{host} answers 503", refuse(host, faults.status(503)))
    places = (*COLLECTING, *BUILDING, *PUBLISHING)
    for number, day in enumerate(range(5, days, 11)):
        place = places[number * 7 % len(places)]
        command = "collect" if place in COLLECTING else "build"
        words = ("publish",) if place in PUBLISHING else (command, "--full") if command == "build" else (command,)
        yield Disturbance(day, 1, f"kill -9 in {' '.join(words)} at {place}", kill(place, 1 + number % 3, *words))
    for day in range(13, days, 61):
        yield Disturbance(day, 3, "GitHub refuses the token", refuse("github", faults.status(401, "Bad credentials")))
    for day in range(31, days, 73):
        yield Disturbance(day, 4, "a status page is HTML", refuse("status", faults.html(200)))
    for day in range(45, days, 120):
        yield Disturbance(day, 1, "a wrong clock", mistake_clock)
    for day in range(60, days, 150):
        yield Disturbance(day, 1, "an upgrade", upgrade)
    for day in range(17, days, 40):
        yield Disturbance(day, 1, "a promised day is moved", move_end)
    for day in range(21, days, 33):
        yield Disturbance(day, 2, "an incident", post_incident)


def find_sleep(day: float, hours: float) -> int:
    """Finds how many days the machine sleeps before the turn of a day."""
    return next((length for start, length in SLEEPS if start <= day < start + hours / 24), 0)


def end_past(running: Sequence[tuple[float, str, End]], day: float) -> list[tuple[float, str, End]]:
    """Ends what has lasted long enough, and returns the rest."""
    for last, _, end in running:
        if last <= day:
            end()
    return [one for one in running if one[0] > day]
