"""Calls that run ahead: a page is on its way while rows are made of the one before."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Errand(Generic[Result]):
    """A call that runs in a thread of its own until its result is wanted; it keeps no process from ending."""

    def __init__(self, call: Callable[[], Result]) -> None:
        self._call, self._future = call, Future[Result]()
        threading.Thread(target=copy_context().run, args=(self._run,), daemon=True).start()

    def wait(self) -> Result:
        """Waits for the result. Raises what the call raised."""
        return self._future.result()

    def _run(self) -> None:
        try:
            self._future.set_result(self._call())
        except BaseException as error:
            self._future.set_exception(error)
