"""Errors named by what can be done about them.

SourceError
├── Retriable      the same request may work later (5xx, time-out, reset)
│   └── Throttled      told to slow down, for longer than a run waits
├── Fatal          it will not work until somebody changes something (bad token, refused host, changed shape)
│   ├── MissingToken   a token is needed and not set
│   └── Denied         the answer was 401 or 403: a wrong token, or no right to read it
├── Gone           the thing itself is not there any more (404, 410, 451)
├── Unreachable    no connection at all (DNS, refused, no route)
└── BudgetSpent    our own request budget of this run, or what the source allows us, is used up: a stop, not a failure
"""


class SourceError(Exception):
    """Something a source met; the message names what happened and what to do, never a secret."""


class Retriable(SourceError):
    """The same request may work later."""


class Throttled(Retriable):
    """Told to slow down, for longer than a run waits."""


class Fatal(SourceError):
    """It will not work until somebody changes something."""


class MissingToken(Fatal):
    """A token is needed and not set."""


class Denied(Fatal):
    """It may not be read with the token that is set, or without one."""


class Gone(SourceError):
    """The thing asked for is not there any more."""


class Unreachable(SourceError):
    """No connection could be made."""


class BudgetSpent(SourceError):
    """The request budget of this run, or the source's own allowance, is used up; what was collected so far is kept."""
