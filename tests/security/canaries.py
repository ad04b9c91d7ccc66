"""Canary tokens, and their count in everything that a run leaves."""

import base64
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow.parquet as pq

SIGNS = {"HEARTBEAT_NOTIFY": "Canary-7-tweet", "HEARTBEAT_DEADMAN": "Canary-8-tweet"}
"""What is secret in an address: user, password, path and header."""
CANARIES = {
    "GITHUB_TOKEN": "ghp_Canary/Hub+1=tweet", "HF_TOKEN": "hf_Canary/Face+2=tweet",
    "REDDIT_CLIENT_ID": "Canary/Id+3=tweet",
    "REDDIT_CLIENT_SECRET": "Canary/Secret+4=tweet", "STACKEXCHANGE_KEY": "Canary/Stack+5=tweet",
    "HEARTBEAT_PEOPLE_KEY": "Canary/People+6=tweet-of-the-pseudonyms",
    "HEARTBEAT_STATE_KEY": "Canary/State+9=tweet-of-what-is-kept-between-runs",
    "HEARTBEAT_NOTIFY": "json://{0}:{0}@127.0.0.1:9/{0}?+Authorization={0}".format(SIGNS["HEARTBEAT_NOTIFY"]),
    "HEARTBEAT_DEADMAN": f"http://127.0.0.1:9/{SIGNS['HEARTBEAT_DEADMAN']}",
}  # fmt: skip
"""One for each secret that Heartbeat reads, with signs that addresses and JSON write in other ways."""


def list_forms(token: str) -> dict[str, list[bytes]]:
    """Lists a token's forms: plain, in an address, in hexadecimal, and in Base64 at each of its three places."""
    in_base64 = []
    for shift in range(3):
        code = base64.b64encode(b"x" * shift + token.encode()).decode()
        # The first and last signs also depend on the token's neighbours.
        in_base64.append(code[(0, 2, 3)[shift] : len(code) - 4].encode())
    return {
        "plain": [token.encode()], "address": [quote(token, safe="").encode(), quote(token).encode()[:-4]],
        "base64": in_base64, "hex": [token.encode().hex().encode()],
    }  # fmt: skip


def count_canaries(content: bytes) -> dict[tuple[str, str], int]:
    """Counts the canaries in some bytes, by variable and form."""
    counts = {
        (name, form): sum(content.count(seen) for seen in set(forms))
        for name, token in (CANARIES | SIGNS).items()
        for form, forms in list_forms(token).items()
    }
    return {key: count for key, count in counts.items() if count}


def read_whole(path: Path) -> bytes:
    """Reads a file, and what it holds: Parquet and DuckDB compress texts, so a search of their bytes finds none."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        parquet = pq.ParquetFile(path)
        return content + repr(parquet.metadata.metadata).encode() + repr(parquet.read().to_pylist()).encode()
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            return content + b"".join(_dump(connection))
    if content.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return content + "\n".join(database.iterdump()).encode("utf-8", "replace")
    return content


def _dump(connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    for schema, table in tables:
        yield repr(connection.execute(f'select * from "{schema}"."{table}"').fetchall()).encode()


def count_in_files(folders: Mapping[str, Path]) -> dict[str, tuple[int, int, dict[tuple[str, str], int]]]:
    """Counts by folder: its files, their bytes, and the canaries in them."""
    table = {}
    for name, folder in folders.items():
        contents = [read_whole(path) for path in sorted(folder.rglob("*")) if path.is_file()]
        table[name] = (len(contents), sum(map(len, contents)), count_canaries(b"\0".join(contents)))
    return table


def watch_processes(root: int, is_done: Callable[[], bool], seconds: float) -> dict[str, set[str]]:
    """Watches a process and all beneath it until it is done; gives the variables of the canaries in the environment
    of each command (Linux)."""
    seen: dict[str, set[str]] = {}
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        for command, environment in _list_processes(root):
            seen.setdefault(command, set()).update(name for name, _ in count_canaries(environment))
        time.sleep(0.1)
    return seen


def _list_processes(root: int) -> Iterator[tuple[str, bytes]]:
    folder = Path("/proc", str(root))
    try:
        line, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        # One that is just becoming another program shows the environment of one and the line of the other, or none.
        if line and line == (folder / "cmdline").read_bytes():
            yield line.replace(b"\0", b" ").decode("utf-8", "replace"), environment
        # Each thread has children of its own.
        children = [child for path in folder.glob("task/*/children") for child in path.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in children:
        yield from _list_processes(int(child))
