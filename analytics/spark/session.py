"""A session on a Spark Connect server: what it needs here, and one sentence where it cannot be had."""

import os
import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from warehouse.faults import Fault, WarehouseError
from warehouse.settings import SettingsError

REMOTE = "SPARK_REMOTE"
DEFAULT_PORT = 15002
REACH_SECONDS = 10.0
RETRIES = 4
"""How often the client asks again: its own fifteen times take ten minutes, all for a server that is lost."""
SHORTEST_SECRET = 5
"""Letters of a parameter that is hidden in errors; shorter ones are words such as `true`."""
_ADDRESS = re.compile(r"sc://(\[[0-9A-Fa-f:]+\]|[\w.-]+)(?::(\d{1,5}))?(?:/(?:;.*)?)?")


@dataclass(frozen=True, slots=True)
class SparkServer:
    """Where a Spark Connect server is; the whole address may hold a token, and is never shown."""

    address: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def answers(self) -> bool:
        """Tells whether anything listens there."""
        with suppress(OSError), socket.create_connection((self.host.strip("[]"), self.port), REACH_SECONDS):
            return True
        return False

    def explain(self, error: BaseException) -> str:
        """Shortens what the client raised, without the parameters of the address, which it may repeat."""
        given = self.address.partition(";")[2]
        parts = {given, *given.split(";"), *(part.partition("=")[2] for part in given.split(";"))}
        secrets = {secret for part in parts for secret in (part, unquote(part)) if len(secret) >= SHORTEST_SECRET}
        text = str(error)
        for secret in sorted(secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return shorten(error, text)


def read_server(address: str) -> SparkServer:
    """Reads the address of a server. Raises SettingsError."""
    if not address:
        raise SettingsError(f"--engine spark: name a Spark Connect server, with --remote or {REMOTE}: sc://HOST:PORT")
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise SettingsError(f"--remote or {REMOTE}: not the address of a Spark Connect server; use sc://HOST:PORT")
    return SparkServer(address, match[1], int(match[2] or DEFAULT_PORT))


@contextmanager
def open_session(server: SparkServer) -> Iterator[Any]:
    """Opens a session of its own. Raises WarehouseError where packages are missing or nothing answers."""
    policy, builder = _import_client()
    if not server.answers():
        raise WarehouseError(f"{server}: {explain_silence()}; nothing was changed", Fault.UNREACHABLE)
    # That a server is lost is said in our own words.
    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")
    # A client would take this variable for a second address.
    os.environ.pop(REMOTE, None)
    try:
        session = builder.remote(server.address).create()
        session.client.set_retry_policies([policy(max_retries=RETRIES)])
        session.sql("select 1").toArrow()
    except Exception as error:
        why = f"no session could be opened there ({server.explain(error)})"
        raise WarehouseError(f"{server}: {why}; nothing was changed", Fault.UNREACHABLE) from error
    try:
        yield session
    finally:
        with suppress(Exception):  # the server may be gone
            session.stop()


def explain_silence() -> str:
    """Says what to do where no server answers."""
    return f"no Spark Connect server answers there; start one, or correct --remote or {REMOTE}"


def shorten(error: BaseException, text: str = "") -> str:
    """Shortens what the client raised, or what is to be said of it, to its first line."""
    first = next((line.strip() for line in (text or str(error)).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first[:300]}"


def _import_client() -> tuple[Any, Any]:
    """Imports what only this engine needs. Raises WarehouseError."""
    try:
        with warnings.catch_warnings():
            # It names every version of pandas that it was not tested with.
            warnings.simplefilter("ignore", FutureWarning)
            import sqlglot  # noqa: F401
            from pyspark.sql import SparkSession
            from pyspark.sql.connect.client.retries import DefaultPolicy
    except ImportError as error:
        missing = (error.name or shorten(error)).partition(".")[0]
        raise WarehouseError(
            f"--engine spark needs packages that are not installed ({missing}): install them with"
            " `.venv/bin/pip install -e '.[spark]'`; nothing was changed",
            Fault.MISCONFIGURED,
        ) from error
    return DefaultPolicy, SparkSession.builder
