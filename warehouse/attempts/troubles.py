"""What went wrong in an attempt, in words: which step, when, why, and what to do."""

from dataclasses import dataclass
from datetime import datetime

from warehouse.attempts.entries import Attempt, AttemptState
from warehouse.faults import Fault
from warehouse.wording import count_things

COMMANDS = {
    "load": "heartbeat build", "build": "heartbeat build", "publish": "heartbeat publish",
    "backup": "heartbeat backup", "tidy": "heartbeat tidy",
    "forget": "heartbeat forget",
}  # fmt: skip
"""What does a step again; all others are collects."""
GRAVE = frozenset({AttemptState.FAILED, AttemptState.DIED, AttemptState.NOTHING})
"""States after which the figures are not what a reader expects; after the others somebody stepped in."""
ENDS = {
    AttemptState.FAILED: "failed",
    AttemptState.DIED: "died",
    AttemptState.NOTHING: "got nothing",
    AttemptState.REFUSED: "was refused",
    AttemptState.INTERRUPTED: "was interrupted",
}
STEP_ENDS = ENDS | {AttemptState.PARTIAL: "excluded files"}
"""The same for steps other than collects, of whose parts each channel's condition tells."""
REMEDIES = {
    Fault.DISK: "Free some space or memory, or make the folder writable; then run `{command}`.",
    Fault.LOCKED: "Run `{command}` again once that has ended.",
    Fault.DAMAGED: "Run `heartbeat doctor`: it names the file and what to do.",
    Fault.MISCONFIGURED: "Correct it, then run `{command}`.",
    Fault.CLOCK: "Set this machine's clock, then run `{command}` again.",
    Fault.INTERNAL: "Please report this error; `{command}` tries again.",
}
STANDING = frozenset({Fault.CLOCK, Fault.MISCONFIGURED})
"""Faults for which every further run is refused, too."""
EXPLAINED = frozenset({Fault.CLOCK, Fault.DISK, Fault.LOCKED, Fault.DAMAGED, Fault.MISCONFIGURED})
"""Faults whose cause already says what to do."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step whose last attempt went wrong."""

    kind: str
    state: str
    fault: str
    is_grave: bool
    started_at: datetime
    what: str
    """What happened, in few words without the cause: `the last build failed`."""
    cause: str
    """Why, as the step itself said it."""
    remedy: str


def describe_step(attempt: Attempt) -> Trouble:
    """Describes a step other than a collect that went wrong."""
    kind = attempt.beginning.kind
    again = f"Run `{COMMANDS[kind]}` again."
    if attempt.state == AttemptState.DIED:
        again += " If it dies again, the machine has too little memory: the README says how much it needs."
    return _make_trouble(attempt, f"the last {kind}", STEP_ENDS[attempt.state], COMMANDS[kind], again)


def describe_collect(attempt: Attempt, open_count: int, is_last: bool) -> Trouble:
    """Describes a collect that went wrong, with how many of its channels nobody visited since."""
    planned, ending = len(attempt.beginning.planned), ENDS[attempt.state]
    channels = count_things(planned, "channel")
    which = f"a collect of {channels}" if planned else "the last collect"
    again = "Run `heartbeat collect`: it goes on from what has landed."
    if attempt.state == AttemptState.NOTHING:
        which = "the last collect" if is_last else "an earlier collect"
        ending += f" from {channels}"
        again = "Check the network and the tokens."
    # What failed as a whole has visited nothing that counts.
    left = open_count if attempt.state in (AttemptState.DIED, AttemptState.INTERRUPTED) else 0
    return _make_trouble(attempt, which, ending, "heartbeat collect", again, left)


def _make_trouble(attempt: Attempt, which: str, end: str, command: str, again: str, left: int = 0) -> Trouble:
    """Makes the trouble of an attempt: which one it was, how it ended, and the command that repeats it."""
    beginning, ending = attempt.beginning, attempt.ending
    fault = ending.fault if ending else Fault.INTERRUPTED
    cause = ending.cause if ending else f"its process {beginning.pid} was killed or crashed, or the machine restarted"
    if attempt.state == AttemptState.INTERRUPTED and cause:
        end, cause = f"was {cause}", ""
    if left:
        end += f"; {count_things(left, 'channel was', 'channels were')} not visited since"
    return Trouble(
        kind=beginning.kind,
        state=attempt.state,
        fault=fault,
        # A schedule that is refused for a setting is refused for ever, and nobody sees it.
        is_grave=attempt.state in GRAVE or fault in STANDING,
        started_at=beginning.started_at,
        what=f"{which} {end}",
        # Where it was about to write is for the operator alone, as all of the cause is.
        cause=": ".join(filter(None, (beginning.about, cause))),
        remedy=REMEDIES[Fault(fault)].format(command=command) if fault in REMEDIES else again,
    )
