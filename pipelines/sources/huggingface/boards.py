"""The discussions of the Hub's models as the cursor remembers them, one board a model."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.passed_over import PassedOver

CURSOR = 1
Item = dict[str, Any]


@dataclass(slots=True)
class Board:
    """The remembered discussions of one model, and those that this visit has yet to read."""

    model: str
    state: str = ""
    count: int = 0
    etags: list[str] = field(default_factory=list)
    """One per page of the list, as far as the last visit read it."""
    seen: dict[str, str] = field(default_factory=dict)
    """The stamp of each thread when it was last read, by number."""
    swept_on: str = ""
    todo: dict[str, Item] = field(default_factory=dict)
    pending: dict[str, Any] = field(default_factory=dict)
    """Fields of the cursor that become valid once all of `todo` is read."""

    def count_older(self) -> int:
        """Counts the threads from before the collected period: those that the list counts and this board lacks."""
        return max(0, self.count - len(self.seen.keys() | self.todo.keys()))

    def to_list(self) -> list[Any]:
        """Returns the board as its cursor carries it, in few bytes, since every landed file holds it."""
        # A list counts as read only once all its changed threads are: kept ETags would hide the others for good.
        fields = (
            {"etags": self.etags, "swept_on": self.swept_on} | self.pending
            if not self.todo
            else {"etags": [], "swept_on": self.swept_on}
        )
        seen = " ".join(f"{number}{stamp}" for number, stamp in self.seen.items())
        return [self.state, self.count, fields["etags"], seen, fields["swept_on"]]


def find_model(key: str) -> str:
    """Finds the model of a key: `model`, `model#number`, or `entry … of model`."""
    return key.rpartition(" ")[2].partition("#")[0]


def forget_deleted(board: Board, numbers: Collection[str], passed: PassedOver) -> None:
    """Forgets the threads that were skipped and that the whole list no longer has, and its entries without one."""
    for key in [key for key in passed.list_due() if key != board.model and find_model(key) == board.model]:
        _, _, number = key.partition("#")
        if not number or number not in numbers:
            passed.forget(key)


def load_board(cursor: Mapping[str, Any], model: str, passed: PassedOver) -> Board:
    """Loads a model's board from the cursor; a new one if the cursor is of another version.

    A board with a thread to ask again is read as a whole: an unchanged list would not show it.
    """
    fields = cursor["models"].get(model) if cursor.get("v") == CURSOR else None
    if fields is None:
        return Board(model)
    state, count, etags, seen, swept_on = fields
    stamps = dict(re.findall(r"(\d+)(\D\S*?\d+)(?: |$)", seen))
    if any(key != model and find_model(key) == model for key in passed.list_due()):
        etags, swept_on = [], ""
    return Board(model, state, count, list(etags), stamps, swept_on)


def make_cursor(boards: list[Board], passed: PassedOver) -> dict[str, Any]:
    """Makes the cursor that carries all boards to the next visit."""
    return {"v": CURSOR, "models": {board.model: board.to_list() for board in boards}, **passed.to_cursor()}
