"""Puts the cause of a failed or unfinished visit into plain words."""

from warehouse.faults import Fault

MEANINGS = {
    Fault.BUDGET: "this run used up its request budget; the next visit continues",
    Fault.THROTTLED: "the source rate-limited us or its allowance is used up; the next visit continues",
    Fault.UNREACHABLE: "the source could not be reached; it is tried again",
    Fault.TIMED_OUT: "the source did not answer in time, or its turn did not come; it is tried again",
    Fault.SERVER_ERROR: "the source itself failed; it is tried again",
    Fault.INCOMPLETE: "the answer was cut off or repeated itself; it is tried again",
    Fault.EMPTY: "nothing came where something was expected",
    Fault.UNEXPECTED_SHAPE: "the source changed its response format; the collector must be fixed",
    Fault.DENIED: "access was refused: the token is missing, wrong or may not read this",
    Fault.CREDENTIALS: "a token is needed and not set",
    Fault.ROBOTS: "not allowed: the page asks collectors to stay away",
    Fault.TERMS: "its owner's terms must be accepted first",
    Fault.GONE: "it is gone: moved, deleted or made private",
    Fault.MISCONFIGURED: "the catalog or a setting asks for what cannot be read; it must be corrected",
    Fault.CLOCK: "this machine's clock disagrees with the hosts' clocks, so nothing was kept",
    Fault.VISITED_TOO_RARELY: "items came and went between two visits; it must be visited more often",
    Fault.HELD_BACK: "so much changed at once that it must be seen a second time before it is shown",
    Fault.ITEMS_SKIPPED: "some items could not be read completely and were skipped",
    Fault.INTERRUPTED: "the run was interrupted; what was collected is kept, and the next visit continues",
    Fault.DISK: "the collecting machine could not write to its disk",
    Fault.LOCKED: "another run was at work",
    Fault.DAMAGED: "a file of Heartbeat's own is damaged or of another version",
    Fault.STILL_KEPT: "what was to be forgotten may still be in some places",
    Fault.INTERNAL: "a fault in Heartbeat itself, which must be fixed",
}
UNNAMED = "another fault, shown in the words of the collector"


def describe_fault(fault: str, state: str) -> str:
    """Says what went wrong in words for readers who did not write the collector; empty if nothing did."""
    if fault in MEANINGS:
        return MEANINGS[Fault(fault)]
    if state in ("complete", "unchanged", "never", ""):
        return ""
    return "no reason was written down" if fault == Fault.NONE else UNNAMED
