"""Errors named by what can be done about them.

SourceError
├── Retriable      the same request may work later (5xx, time-out, reset)
│   └── Throttled      told to slow down, for longer than a run waits
├── Fatal          it will not work until somebody changes something (bad token, refused host, changed shape)
│   └── Denied         the answer was 401 or 403: a wrong token, or no right to read it
├── Gone           the thing itself is not there any more (404, 410, 451)
├── Unreachable    no connection at all (DNS, refused, no route)
└── BudgetSpent    our own request budget of this run, or what the source allows us, is used up: a stop, not a failure
    ├── AllowanceSpent what the source allows us is used up, so that no other channel of it need ask
    └── ShareSpent     only this stream's share is used up: it goes on with what the others leave

Each class stands for a `Fault`; where the same remedy has several causes, whoever raises names the cause.
"""

from warehouse.faults import Fault


class SourceError(Exception):
    """Something a source met; the message names what happened and what to do, never a secret."""

    fault: Fault = Fault.UNKNOWN
    """The cause; travels with the outcome of the visit, so that nobody has to read it out of the message."""
    word: str = ""
    """The upstream's own word for a refusal (`not_logged_in`); `html` where it answered with a page for people."""

    def __init__(self, message: str, fault: Fault | None = None) -> None:
        super().__init__(message)
        self.fault = fault or self.fault


class Retriable(SourceError):
    """The same request may work later."""

    fault = Fault.INCOMPLETE


class Throttled(Retriable):
    """Told to slow down, for longer than a run waits."""

    fault = Fault.THROTTLED


class Fatal(SourceError):
    """It will not work until somebody changes something."""

    fault = Fault.UNEXPECTED_SHAPE


class Denied(Fatal):
    """It may not be read with the token that is set, or without one."""

    fault = Fault.DENIED


class Gone(SourceError):
    """The thing asked for is not there any more."""

    fault = Fault.GONE


class Unreachable(SourceError):
    """No connection could be made."""

    fault = Fault.UNREACHABLE


class BudgetSpent(SourceError):
    """The request budget of this run, or the source's own allowance, is used up; what was collected so far is kept."""

    fault = Fault.BUDGET


class AllowanceSpent(BudgetSpent):
    """What the source allows its client is used up, for every channel alike."""

    fault = Fault.THROTTLED


class ShareSpent(BudgetSpent):
    """One stream's share of its channel's budget is used up."""
