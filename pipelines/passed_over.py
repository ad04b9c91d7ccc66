"""Items that could not be read: skipped so that they block no other, named, and asked again with growing pauses.

A stream carries them in its cursor: item → attempts, last attempt, fault. A fault of the whole channel (no connection,
a rate limit, a refused token) passes nothing over: it ends the visit, as it would meet every item.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from pipelines.http.errors import (
    BudgetSpent,
    Retriable,
    SourceError,
    Throttled,
    TokenRefused,
    Unreachable,
    WrongClock,
    classify_error,
    describe_error,
)
from pipelines.text import values
from warehouse.faults import Fault

KEY = "passed_over"
"""The key of a cursor that holds them."""
PAUSES = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(weeks=1))
"""Pauses after the first, second, third and every further failed attempt."""
MOST = 500
"""Maximum number of remembered items; of others only the number is kept, and they are not asked again by themselves."""
IN_A_ROW, BROKEN_IN_A_ROW = 5, 20
"""Newly failed items in a row after which the channel is the cause: items asked for singly, and parts of lists."""
AT_ONCE = 25
"""Maximum number of remembered items that one visit asks again."""
UNNAMED = "an entry without a name"
"""The key of list entries that name no item, so that they cannot be asked for."""
NAMED = 5
"""Maximum number of items that a description names."""
CHANNEL_ERRORS = (Unreachable, BudgetSpent, Throttled, TokenRefused, WrongClock)


@dataclass(frozen=True, slots=True)
class PassedItem:
    """An item that could not be read."""

    attempts: int
    tried_at: datetime
    fault: Fault

    @property
    def next_at(self) -> datetime:
        """The instant from which it is asked again."""
        return self.tried_at + PAUSES[min(self.attempts, len(PAUSES)) - 1]

    def to_list(self) -> list[Any]:
        """Returns the item as a cursor carries it."""
        return [self.attempts, int(self.tried_at.timestamp()), self.fault.value]


@dataclass(slots=True)
class PassedOver:
    """The items that one stream skips, by key."""

    now: datetime
    noun: str = "item"
    items: dict[str, PassedItem] = field(default_factory=dict)
    forgotten: int = 0
    """Number of further items, beyond `MOST`."""
    last_error: Exception | None = None
    """The newest failure of this visit."""
    _in_a_row: int = 0

    @classmethod
    def load(cls, cursor: Mapping[str, Any], now: datetime, noun: str) -> Self:
        """Loads the items that a cursor carries; entries of another shape are dropped."""
        kept = cursor.get(KEY)
        loaded = cls(now, noun)
        if isinstance(kept, Mapping):
            entries = {str(key): _load_item(entry, now) for key, entry in kept.items()}
            loaded.forgotten = max(0, kept[""][0]) if _is_count(kept.get("")) else 0
            loaded.items = {key: item for key, item in entries.items() if key and item}
        return loaded

    def to_cursor(self) -> dict[str, Any]:
        """Returns the part of the cursor that carries the items; empty without any."""
        kept: dict[str, Any] = {key: item.to_list() for key, item in self.items.items()}
        kept |= {"": [self.forgotten]} if self.forgotten else {}
        return {KEY: kept} if kept else {}

    def __len__(self) -> int:
        return len(self.items) + self.forgotten

    def is_paused(self, key: str) -> bool:
        """True for an item whose pause is not over yet."""
        return key in self.items and self.items[key].next_at > self.now

    def list_due(self) -> list[str]:
        """Lists the items to ask again in this visit, the longest untried first."""
        due = [key for key in self.items if key != UNNAMED and not self.is_paused(key)]
        return sorted(due, key=lambda key: self.items[key].tried_at)[:AT_ONCE]

    @contextmanager
    def attempt(self, key: str, is_asked: bool = True) -> Iterator[None]:
        """Guards the reading of one item: its own fault passes it over, success forgets it.

        `is_asked` is false for an item that came in a list, at no cost of its own. Raises a fault of the channel, and
        Retriable after too many newly failed items without a success between them.
        """
        try:
            yield
        except Exception as error:
            if not is_fault_of_item(error):
                raise
            self.add(key, error)
            self._check_row(error, IN_A_ROW if is_asked else BROKEN_IN_A_ROW)
        else:
            self._in_a_row = 0
            self.forget(key)

    def add(self, key: str, error: Exception) -> None:
        """Remembers a failed attempt at an item."""
        self.last_error = error
        known = self.items.pop(key, None)
        fault = classify_error(error)
        if known is None and len(self.items) >= MOST:
            self.forgotten += 1
        else:
            self.items[key] = PassedItem(known.attempts + 1 if known else 1, self.now, fault)
        if known is None:
            self._in_a_row += 1

    def add_unnamed(self, error: Exception) -> None:
        """Remembers that this visit met list entries without a name."""
        if UNNAMED not in self.items or self.items[UNNAMED].tried_at != self.now:
            self.add(UNNAMED, error)

    def must_repeat(self) -> bool:
        """Returns whether the next visit has to read the same list again, since this one met entries without a name.

        It gives up after some visits: such an entry must not hold up the others for good.
        """
        unnamed = self.items.get(UNNAMED)
        return unnamed is not None and unnamed.tried_at == self.now and unnamed.attempts <= len(PAUSES)

    def settle_unnamed(self) -> None:
        """Forgets entries without a name once a list was read that has none."""
        if UNNAMED in self.items and self.items[UNNAMED].tried_at != self.now:
            self.forget(UNNAMED)

    def _check_row(self, error: Exception, most: int) -> None:
        if self._in_a_row < most:
            return
        kind = type(error) if isinstance(error, SourceError) else Retriable
        raise kind(
            f"{self._in_a_row} {self.noun}s in a row could not be read, so the visit ended; rows already read are kept,"
            f" and the next visit resumes behind them; the last: {describe_error(error)}",
            classify_error(error),
        ) from None

    def forget(self, key: str) -> None:
        """Forgets an item: it was read, or it is no longer wanted."""
        self.items.pop(key, None)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forgets all items but these."""
        kept = set(keys)
        self.items = {key: item for key, item in self.items.items() if key in kept}

    def check_any_left(self, keys: Iterable[str]) -> None:
        """Raises the newest error if all of these items are skipped: then the visit brought nothing."""
        if all(key in self.items for key in keys) and self.items:
            raise self.last_error if isinstance(self.last_error, SourceError) else Retriable(self.describe())

    def describe(self) -> str:
        """Describes how many items are missing, which, why, and when they are asked again; empty without any."""
        if not self.items:
            return f"{self.forgotten} {self.noun}s could not be read and are missing" if self.forgotten else ""
        newest = sorted(self.items.items(), key=lambda entry: entry[1].tried_at, reverse=True)
        named = ", ".join(f"{values.clean_line(key, 80)} ({item.fault.value})" for key, item in newest[:NAMED])
        unnamed = len(self) - len(newest[:NAMED])
        more = f" and {unnamed} more" if unnamed else ""
        plural, them = ("s are", "them") if len(self) > 1 else (" is", "it")
        next_at = min(item.next_at for item in self.items.values()).astimezone(UTC)
        return (
            f"{len(self)} {self.noun}{plural} missing, since the source does not return {them} in full: {named}{more};"
            f" asked again from {next_at:%Y-%m-%d %H:%M} UTC, {self._advise()}"
        )

    def _advise(self) -> str:
        is_ours = any(item.fault is Fault.MISCONFIGURED for item in self.items.values())
        return "check the names of the misconfigured ones in the catalog" if is_ours else "nothing to do"


def is_fault_of_item(error: Exception) -> bool:
    """Returns whether an error may concern one item only, rather than the channel, the budget or this machine."""
    if isinstance(error, SourceError):
        return not isinstance(error, CHANNEL_ERRORS)
    return not isinstance(error, MemoryError) and classify_error(error) is not Fault.DISK


def _is_count(entry: object) -> bool:
    return isinstance(entry, list) and len(entry) == 1 and isinstance(entry[0], int)


def _load_item(entry: object, now: datetime) -> PassedItem | None:
    try:
        attempts, seconds, word = tuple[Any, ...](entry if isinstance(entry, list) else ())
        # A time from the future, written under a wrong clock, must not silence an item for good.
        at = min(datetime.fromtimestamp(int(seconds), UTC), now)
        return PassedItem(max(1, int(attempts)), at, Fault(word))
    except (TypeError, ValueError, OverflowError, OSError):
        return None
