"""What readers of one process share: values that are made once, and dropped by age of use before they fill the
memory."""

import ctypes
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, NamedTuple, TypeVar

Made = TypeVar("Made")


class _Kept(NamedTuple):
    value: Any
    size: int


class RowCache:
    """Values by key, of so many bytes together; beyond that those are dropped that were asked for longest ago."""

    def __init__(self, most_bytes: int) -> None:
        """Starts with nothing."""
        self.most_bytes = most_bytes
        self.size = 0
        """Bytes of all that is kept."""
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def load(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Returns the value of a key. However many ask for it at once, one of them makes it and the others wait; what
        fails is not kept."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept.value  # type: ignore[no-any-return]
            others = self._under_way.get(key)
            mine: Future[Made] = Future()
            if others is None:
                self._under_way[key] = mine
        return self._make(key, make, mine) if others is None else others.result()

    def _make(self, key: Hashable, make: Callable[[], Made], mine: "Future[Made]") -> Made:
        try:
            value = make()
            made = _Kept(value, measure_bytes(value))
        except BaseException as error:
            with self._lock:
                del self._under_way[key]
            mine.set_exception(error)
            raise
        self._keep(key, made)
        mine.set_result(value)
        return value

    def _keep(self, key: Hashable, made: _Kept) -> None:
        with self._lock:
            del self._under_way[key]
            if made.size > self.most_bytes:
                return
            self._kept[key] = made
            self.size += made.size
            while self.size > self.most_bytes:
                self.size -= self._kept.popitem(last=False)[1].size


def measure_bytes(value: Any) -> int:
    """Measures the bytes of a value with all that it holds; what it holds twice counts twice."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + sum(map(measure_bytes, value.values()))
    if isinstance(value, (list, tuple, frozenset)):
        return size + sum(map(measure_bytes, value))
    return size


def return_memory() -> None:
    """Returns to the system what was dropped. The C library of Linux keeps freed memory in an arena a thread, and lets
    those of a dashboard grow with each version that its threads read."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
