"""A terminal for tests: a command runs in a pseudo-terminal, as it does for somebody who types it."""

import contextlib
import os
import pty
import re
import select
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


class Screen:
    """What a command printed to its terminal so far, and the keyboard in front of it."""

    def __init__(self, process_id: int, descriptor: int) -> None:
        self._process_id, self._descriptor = process_id, descriptor
        self._output = b""
        self._has_ended = False
        self.exit_code: int | None = None
        """Set once the command has ended and was waited for."""

    @property
    def text(self) -> str:
        """All that was printed, without colours and cursor movements."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._output.decode(errors="replace"))

    def shows(self, text: str, seconds: float) -> bool:
        """Waits until the text was printed; False when the command ended before or took longer."""
        deadline = time.monotonic() + seconds
        while text not in self.text and time.monotonic() < deadline and not self._has_ended:
            self._read(0.2)
        return text in self.text

    def ends(self, seconds: float) -> bool:
        """Waits until the command ended; False when it took longer."""
        deadline = time.monotonic() + seconds
        while not self._has_ended and time.monotonic() < deadline:
            self._read(0.2)
        if self._has_ended and self.exit_code is None:
            self.exit_code = os.waitstatus_to_exitcode(os.waitpid(self._process_id, 0)[1])
        return self._has_ended

    def type(self, keys: str) -> None:
        """Types into the terminal."""
        os.write(self._descriptor, keys.encode())

    def press_ctrl_c(self) -> None:
        """What the terminal sends to the command in front."""
        os.write(self._descriptor, b"\x03")

    def close(self) -> None:
        """Ends the command whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process_id, signal.SIGKILL)
        os.close(self._descriptor)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process_id, 0)

    def _read(self, seconds: float) -> None:
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return
        try:
            self._output += os.read(self._descriptor, 65536)
        except OSError:  # Linux says so when nobody holds the other end any more
            self._has_ended = True


@contextlib.contextmanager
def terminal(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Iterator[Screen]:
    """Runs the command in a pseudo-terminal of its own; it is ended with the block."""
    process_id, descriptor = pty.fork()
    if process_id == 0:
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background ignore it
        os.execvpe(command[0], list(command), dict(environment))
    screen = Screen(process_id, descriptor)
    try:
        yield screen
    finally:
        screen.close()
