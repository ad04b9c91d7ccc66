"""What was told, kept in a file of the home, and the messages that still wait for a place."""

from pathlib import Path

from pydantic import ValidationError

from pipelines.notifying.alerts import FORMAT, AlertState
from pipelines.notifying.sending import Notice, deliver_notice
from warehouse.database import WarehouseError
from warehouse.durable import make_private_folder, write_file
from warehouse.freshness import format_instant
from warehouse.schema.formats import read_format_number
from warehouse.settings import Settings

FILE = "alerts.json"


def read_state(home: Path) -> AlertState:
    """Reads what was told; a file that is missing or cannot be read says nothing, so that what is open is told anew.

    Raises WarehouseError if a newer Heartbeat wrote it.
    """
    try:
        content = (home / FILE).read_bytes()
        if (number := read_format_number(content)) > FORMAT:
            words = f"format {number}; this one reads up to {FORMAT}"
            raise WarehouseError(f"{home / FILE}: written by a newer Heartbeat ({words}); update Heartbeat")
        return AlertState.model_validate_json(content)
    except (OSError, ValidationError):
        return AlertState()


def write_state(home: Path, state: AlertState) -> None:
    """Replaces what was told; the one who holds the lock of the alerts may."""
    make_private_folder(home)
    write_file(home / FILE, state.model_dump_json(indent=1))


def send_outbox(settings: Settings, state: AlertState) -> AlertState:
    """Sends what waits, the oldest first, to each place that has not taken it, and writes after each message what is
    left: a run that dies in between repeats one message at most."""
    refused: dict[int, str] = {}
    for number, notice in enumerate(state.outbox):
        left, trouble = _send(settings, notice, refused)
        outbox = list(state.outbox)
        outbox[number] = notice.model_copy(update={"places": left, "trouble": trouble})
        state = state.change(outbox=tuple(outbox))
        write_state(settings.home, state.change(outbox=tuple(one for one in outbox if one.places)))
    return state.change(outbox=tuple(one for one in state.outbox if one.places))


def _send(settings: Settings, notice: Notice, refused: dict[int, str]) -> tuple[tuple[int, ...], str]:
    """Sends a message; returns the places left and why. One that refused a message is asked again in the next run."""
    known = [place for place in notice.places if place <= len(settings.notify_places)]
    left: list[int] = []
    for place in known:
        if place not in refused:
            ((label, fault),) = deliver_notice(settings, notice, [place])
            if not fault:
                continue
            refused[place] = f"{label}: {fault}"
        left.append(place)
    return tuple(left), refused[left[0]] if left else ""


def describe_undelivered(state: AlertState) -> list[str]:
    """Describes what nobody was told because a place, or the service outside, did not answer."""
    lines = [f"a service outside does not hear of runs: {state.deadman_trouble}"] if state.deadman_trouble else []
    waiting = [one for one in state.outbox if one.trouble]
    if waiting:
        count, since = len(waiting), format_instant(min(one.made_at for one in waiting if one.made_at))
        messages = "1 message waits" if count == 1 else f"{count:,} messages wait"
        lines.append(f"{messages} since {since}, tried again after each run: {waiting[-1].trouble}")
    return lines
