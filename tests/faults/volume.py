"""A disk of its own for a home, which fills up and gets room again while commands write to it; only root may mount
one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOM = 512 * 2**20
TRIES = 20


@dataclass(frozen=True)
class Volume:
    """A mounted disk."""

    folder: Path

    def fill(self, left: int = 0) -> None:
        """Takes all room but some bytes away."""
        for _ in range(TRIES):
            state = os.statvfs(self.folder)
            used = max(1, state.f_blocks - state.f_bfree) * state.f_frsize  # a size of zero is no limit
            # A disk cannot be made smaller than what a command has just written to it.
            refusal = _remount(self.folder, f"size={used + left}")
            if not refusal:
                return
        raise AssertionError(refusal)

    def forbid_writes(self) -> None:
        """Makes it read-only, as a system does with a disk that fails."""
        assert not (refusal := _remount(self.folder, "ro")), refusal

    def free(self) -> None:
        """Gives it room again, and lets commands write."""
        assert not (refusal := _remount(self.folder, f"rw,size={ROOM}")), refusal


@contextmanager
def mount_volume(folder: Path) -> Iterator[Volume | None]:
    """Mounts a disk at a folder for a while; None if that is not allowed."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "heartbeat-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield Volume(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _remount(folder: Path, option: str) -> str:
    command = ["mount", "-o", f"remount,{option}", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr
