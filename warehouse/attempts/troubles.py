"""What went wrong in an attempt, in words: which step, when, why, and what to do."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.faults import Fault
from warehouse.freshness import format_age

COMMANDS = {
    "load": "heartbeat build", "build": "heartbeat build", "publish": "heartbeat publish",
    "backup": "heartbeat backup {about}", "tidy": "heartbeat tidy",
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
DISK = "disk"
"""Kind of the trouble that no attempt reports, as nothing can be written."""
STANDING = frozenset({Fault.CLOCK, Fault.MISCONFIGURED})
"""Faults for which every further run is refused, too."""
EXPLAINED = frozenset({Fault.CLOCK, Fault.DISK, Fault.LOCKED, Fault.DAMAGED, Fault.MISCONFIGURED})
"""Faults whose cause already says what to do."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step whose last attempt went wrong, or a disk that takes no word of it."""

    kind: str
    state: str
    fault: str
    is_grave: bool
    started_at: datetime
    what: str
    """What happened, in few words without the cause: `the last build failed`."""
    when: str
    """When it began, and what became of it since."""
    cause: str
    """Why, as the step itself said it."""
    remedy: str
    subject: str = ""
    """The words with which `what` begins and behind which `when` belongs: `the last build`."""

    @property
    def dated(self) -> str:
        """What happened and when, without the cause: `the last build (started 3 h ago) failed`."""
        if not self.subject:
            return f"{self.what}, {self.when}"
        return f"{self.subject} ({self.when}){self.what.removeprefix(self.subject)}"

    @property
    def sentence(self) -> str:
        """The trouble in one line."""
        said = self.dated
        if not self.cause:
            return f"{said}. {self.remedy}"
        said = f"{said}: {self.cause.rstrip('.')}."
        return said if self.fault in EXPLAINED else f"{said} {self.remedy}"


def describe_step(attempt: Attempt, now: datetime) -> Trouble:
    """Describes a step other than a collect that went wrong."""
    kind, about = attempt.beginning.kind, attempt.beginning.about
    which = f"the last {kind}" + (f" to {about}" if about else "")
    when = f"started {format_age(attempt.beginning.started_at, now)}"
    return make_trouble(attempt, which, STEP_ENDS[attempt.state], when, COMMANDS[kind].format(about=about))


def make_trouble(attempt: Attempt, which: str, end: str, when: str, command: str) -> Trouble:
    """Makes the trouble of an attempt: which one it was, how it ended, when, and the command that repeats it."""
    ending = attempt.ending
    fault = ending.fault if ending else Fault.INTERRUPTED
    cause = ending.cause if ending else explain_death(attempt)
    what = f"{which} {end}"
    if attempt.state == AttemptState.INTERRUPTED and cause:
        what, cause = f"{which} was {cause}", ""
    again = f"Run `{command}`" + (": it goes on from what has landed." if command == "heartbeat collect" else " again.")
    if attempt.state == AttemptState.DIED and attempt.beginning.kind != AttemptKind.COLLECT:
        memory = "the machine has too little memory: the README says how much it needs."
        again = f"Run `{command}` again. If it dies again, {memory}"
    if attempt.state == AttemptState.NOTHING:
        again = "Check the network and the tokens; `heartbeat status` names the faults."
    remedy = REMEDIES[Fault(fault)].format(command=command) if fault in REMEDIES else again
    return Trouble(
        # A schedule that is refused for a setting is refused for ever, and nobody sees it.
        attempt.beginning.kind, attempt.state, fault, attempt.state in GRAVE or fault in STANDING,
        attempt.beginning.started_at, what, when, cause, remedy, which,
    )  # fmt: skip


def explain_death(attempt: Attempt) -> str:
    """Explains why an attempt ended without a word."""
    own, present = attempt.beginning.boot_id, read_boot_id()
    if own and present and own != present:
        return "the machine was restarted meanwhile"
    return f"its process {attempt.beginning.pid} was killed or crashed"


def read_boot_id() -> str:
    """Reads the identity of this machine's boot; empty where the system tells none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
