"""The memory of rows that readers share: how much each value takes, and returning what was dropped to the system."""

import ctypes
import sys
from typing import Any


def measure_bytes(value: Any) -> int:
    """Measures the bytes of a value with all that it holds; what it holds twice counts twice."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + sum(map(measure_bytes, value.values()))
    if isinstance(value, (list, tuple, frozenset)):
        return size + sum(map(measure_bytes, value))
    return size


def return_memory() -> None:
    """Returns to the system what was dropped: glibc keeps freed memory in an arena a thread, which only grows."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
