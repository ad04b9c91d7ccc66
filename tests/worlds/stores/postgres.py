"""A PostgreSQL server on this machine, Debian's or whichever is installed, with an empty database."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.worlds.ports import free_port, listens

DEBIAN = "/usr/lib/postgresql"
USERS = ("postgres", "nobody")
"""Whose processes it is where root runs the tests, as which it does not start."""
NAME, PASSWORD = "prefect", "CANARY-of-the-database"


@contextmanager
def serve_database() -> Iterator[str]:
    """Serves an empty database; gives the address that Prefect's server takes. Skips by name without PostgreSQL."""
    programs = find_programs()
    with TemporaryDirectory(prefix="postgres") as name:
        folder, port, user = Path(name), free_port(), _choose_user()
        (folder / "password").write_text(PASSWORD)
        for path in (folder, folder / "password"):
            if user:
                shutil.chown(path, user)
        made = ["--pgdata", str(folder / "data"), "--username", NAME, "--pwfile", str(folder / "password")]
        subprocess.run(
            [programs / "initdb", *made, "--auth=scram-sha-256", "--no-sync"], check=True, user=user, cwd=folder,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-p", str(port), *options], user=user, cwd=folder,
                stdout=log, stderr=log,
            )  # fmt: skip
        try:
            if not listens(port, 60):
                pytest.fail((folder / "log").read_text()[-3000:])
            # The database of the user's name is not made by itself; this one is there.
            yield f"postgresql+asyncpg://{NAME}:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(60)


def find_programs() -> Path:
    """Finds the folder of PostgreSQL's programs, the newest version's; Debian keeps them out of the path."""
    found = sorted(Path(DEBIAN).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which("initdb")
    if not program:
        pytest.skip("PostgreSQL is not installed: Debian's package is postgresql")
    return Path(program).resolve().parent


def _choose_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(user for user in USERS if user in known)
