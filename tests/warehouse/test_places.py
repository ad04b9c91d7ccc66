"""A landing zone in a real object store over HTTP holds what a folder holds, also where the network is cut."""

import contextlib
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest

from tests.upstream.ready import NOW as SAMPLE_NOW
from tests.worlds import sample_part
from tests.worlds.stores.server import BUCKET, READER, READER_SECRET, serve_store, set_environment
from warehouse import places
from warehouse.faults import StoreError
from warehouse.forgetting.register import Forgotten
from warehouse.landing import (
    Zone,
    list_landed,
    open_writer,
    open_zone,
    read_landed,
    read_newest_manifest,
    read_scrubbed,
    remove_landed,
)
from warehouse.load import load_new_files
from warehouse.places import ObjectPlace
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
CHANNEL = "fam.toy.one"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a real store."""
    with serve_store() as address:
        yield address


@pytest.fixture
def url(store: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a landing zone of the test's own."""
    set_environment(monkeypatch, store)
    return f"s3://{BUCKET}/of a test/{secrets.token_hex(4)}"


@pytest.fixture
def zone(url: str) -> Zone:
    """That landing zone."""
    return open_zone(url)


def _land(zone: Zone, day: int, rows: int) -> list[str]:
    writer = open_writer(zone, CHANNEL, "github", NOW + timedelta(days=day))
    writer.add_rows(
        [("issues", f"{day}-{row}", NOW, f'{{"row": {row}, "actor": "{row:016x}"}}') for row in range(rows)], NOW
    )
    writer.manifest.cursors = {"issues": {"day": day}}
    writer.finish(NOW)
    return list_landed(zone, CHANNEL)[-1:]


def test_what_lands_in_a_store_is_read_and_resumed_from_there(url: str, zone: Zone) -> None:
    """A file that is larger than one piece, and one without rows."""
    names = [name for day, rows in enumerate((60_000, 0, 3, 1)) for name in _land(zone, day, rows)]
    manifest = read_newest_manifest(zone, CHANNEL)
    assert manifest and (manifest.number, manifest.cursors) == (3, {"issues": {"day": 3}})
    assert list_landed(zone) == names
    assert len(zone.read(names[0])) > places.PIECE_BYTES // 4
    assert [read_landed(open_zone(url), name)[1].num_rows for name in names] == [60_000, 0, 3, 1]
    assert remove_landed(zone, names[:2]) == 2 and list_landed(zone) == names[2:]
    forgotten = Forgotten(b"")
    forgotten.digests.add(forgotten.make_digest(f"{1:016x}"))
    read_scrubbed(zone, names[2], forgotten)
    assert read_landed(zone, names[2])[1].num_rows == 2


def test_a_warehouse_from_a_store_has_the_rows_of_one_from_a_folder(url: str, zone: Zone, tmp_path: Path) -> None:
    """A part of the sample world with every source in it, loaded."""
    for path in sample_part.files():
        zone.put(path, (sample_part.landed() / path).read_bytes())
    with closing(sample_part.opened()) as connection:
        sample_part.arrive(connection, tmp_path, sample_part.files())
        expected = _read_tables(connection)
    assert sum(map(len, expected.values())) > 5_000
    with closing(sample_part.opened()) as connection:
        assert not load_new_files(connection, open_zone(url), SAMPLE_NOW).refused
        assert _read_tables(connection) == expected


def _read_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    """All rows of all landed tables and of the ledger."""
    names = connection.sql(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('raw', 'ledger') order by 1"
    ).fetchall()
    return {name: connection.sql(f"from {name} order by all").fetchall() for (name,) in names}


WRONG = {
    "the secret is wrong": (
        {"secret": "CANARY"},
        BUCKET,
        "permission denied: the secret is not that of the access key",
    ),
    "the user is unknown": ({"user": "CANARY"}, BUCKET, "permission denied: the store does not know this access key"),
    "the bucket is missing": ({}, "nothing", "cannot list what is there: there is no such bucket; create it"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_a_store_is_said_with_what_to_do(
    store: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is named, and never what is secret in the environment."""
    changed, bucket, said = WRONG[wrong]
    set_environment(monkeypatch, store, **changed)
    with pytest.raises(StoreError, match=rf"landing zone \(HEARTBEAT_LANDING\): s3://\w+/zone: .*{said}") as caught:
        open_zone(f"s3://{bucket}/zone")
    assert "CANARY" not in str(caught.value)


def test_credentials_that_may_only_read_land_nothing_and_say_so(
    store: str, url: str, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They suffice for a build."""
    _land(zone, 0, 2)
    set_environment(monkeypatch, store, READER, READER_SECRET)
    reader = open_zone(url)
    assert read_landed(reader, list_landed(reader)[0])[1].num_rows == 2
    with pytest.raises(
        StoreError, match="permission denied: the credentials must allow to list, read, write"
    ) as caught:
        _land(reader, 1, 1)
    assert "CANARY" not in str(caught.value) and len(list_landed(zone)) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://", "s3://: not the address of an object store; use s3://bucket/folder, gs://bucket/folder or az://"),
        ("ftp://CANARY:CANARY@host/folder", "ftp://host/folder: not the address of an object store"),
        ("s3://a:CANARY@b/c", "s3://b/c: not the address of an object store"),
        ("s3://b/c?CANARY=1", "and write credentials, AWS_ENDPOINT_URL and AWS_REGION into the environment"),
        ("az://container/folder", "az://container/folder: the store cannot be opened with these settings"),
    ],
)
def test_an_address_that_names_no_store_is_refused(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(StoreError) as caught:
        open_zone(url)
    assert said in str(caught.value)


def test_the_password_of_an_address_is_cut_out_of_what_is_logged() -> None:
    """Libraries quote addresses in their own words."""
    settings = Settings(HEARTBEAT_LANDING="s3://worker:CANARY@bucket/zone?region=x", _env_file=None)
    assert settings.list_secrets() == ["CANARY"]
    assert Settings(HEARTBEAT_LANDING="s3://[", _env_file=None).list_secrets() == []
    quoted = Settings(
        HEARTBEAT_LANDING="s3://worker:CAN%2FARY%2B@bucket/zone", HEARTBEAT_SNAPSHOT="s3://reader:SHOWN@bucket/set",
        _env_file=None,
    )  # fmt: skip
    assert quoted.list_secrets() == ["CAN%2FARY%2B", "CAN/ARY+", "SHOWN"]


class Wire:
    """A connection to the store that can be cut."""

    def __init__(self, address: str) -> None:
        self._target = (str(urlsplit(address).hostname), int(urlsplit(address).port or 0))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self.bytes_left = 10**9
        """How much is sent until all connections are cut."""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                upstream = socket.create_connection(self._target)
                for carry in (self._send, self._answer):
                    threading.Thread(target=carry, args=(client, upstream), daemon=True).start()

    def _send(self, client: socket.socket, upstream: socket.socket) -> None:
        with client, upstream, contextlib.suppress(OSError):
            while (piece := client.recv(16_384)) and self.bytes_left > 0:
                upstream.sendall(piece[: self.bytes_left])
                self.bytes_left -= len(piece)

    def _answer(self, client: socket.socket, upstream: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := upstream.recv(65_536):
                client.sendall(piece)
            client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Lets nobody connect any more."""
        self._server.close()


@pytest.fixture
def wire(store: str, zone: Zone, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """A wire to the store, over which nothing is tried for long; zones that are opened from now on are behind it."""
    monkeypatch.setitem(places.RETRIES, "max_retries", 1)
    with closing(Wire(store)) as opened:
        monkeypatch.setenv("AWS_ENDPOINT_URL", opened.address)
        yield opened


def test_a_network_that_is_cut_in_mid_write_leaves_nothing_half_landed(url: str, zone: Zone, wire: Wire) -> None:
    """The next visit lands it, from the cursor before it."""
    wired = open_zone(url)
    _land(wired, 0, 2)
    writer = open_writer(wired, CHANNEL, "github", NOW + timedelta(days=1))
    writer.add_rows([("issues", f"{row}", NOW, f'{{"row": {row}}}') for row in range(40_000)], NOW)
    wire.bytes_left = 50_000
    with pytest.raises(StoreError, match="the store cannot be reached, or did not answer in time"):
        writer.finish(NOW)
    assert wire.bytes_left <= 0, "it was cut while it was written"
    assert len(zone.list_keys()) == len(list_landed(zone)) == 1
    wire.bytes_left = 10**9
    _land(wired, 1, 40_000)
    landed = [read_landed(zone, name) for name in list_landed(zone)]
    assert [(manifest.number, table.num_rows) for manifest, table in landed] == [(0, 2), (1, 40_000)]


def test_an_outage_is_no_damaged_file(url: str, zone: Zone, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older cursor would be taken for the newest, or a sound file be rejected."""
    for day in range(2):
        _land(zone, day, 1)
    wired, real = open_zone(url), ObjectPlace.read

    def cut(self: ObjectPlace, key: str) -> bytes:
        wire.bytes_left = 0
        return real(self, key)

    monkeypatch.setattr(ObjectPlace, "read", cut)
    with closing(sample_part.opened()) as connection:
        for work in (
            lambda: read_newest_manifest(wired, CHANNEL),
            lambda: read_landed(wired, list_landed(wired)[0]),
            lambda: load_new_files(connection, wired, SAMPLE_NOW),
        ):
            wire.bytes_left = 10**9
            with pytest.raises(StoreError, match="the store cannot be reached"):
                work()
