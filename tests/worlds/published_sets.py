"""Small published sets and the places that hold them: a web server with TLS, an S3 server, and the emulator of the
Hub."""

import hashlib
import http.server
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.upstream.server import Server
from tests.upstream.sites.hub_datasets import Datasets
from warehouse.database import open_warehouse
from warehouse.publish import publish_snapshot
from warehouse.settings import Settings
from warehouse.sharing.manifest import NAME, PublishedManifest, name_file, render_manifest
from warehouse.snapshot import Snapshot, query, read_current

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
SHAPE = (
    "'qwen' as family_id, 'open' as side, 'tracker' as channel_kind, 'all' as channel_role, 'all' as segment,"
    " 'median' as statistic, '365d' as \"window\", '{value}'::double as value, '{value}'::double - 1 as low,"
    " '{value}'::double + 1 as high, 'hours' as unit, 20::bigint as n, 20::bigint as n_events, 0::bigint as n_censored,"
    " 1.0::double as coverage_share, timestamp '2026-11-24 12:00:00' as as_of_at, 1 as method_version,"
    " 'measured' as state, null::varchar as note"
)
PERSON = "0123456789abcdef"
"""A pseudonym of the collecting installation."""
HOST = "127.0.0.1"


def settings_of(home: Path, **values: Any) -> Settings:
    """Settings of a home, with the loopback address allowed."""
    given = {"HEARTBEAT_HOME": home, "HEARTBEAT_ALLOW_PRIVATE_HOSTS": f"{HOST},localhost", **values}
    return Settings(**given, _env_file=None)


def build_small(home: Path, values: Sequence[float] = (1.0,), is_sample: bool = False, now: datetime = NOW) -> Snapshot:
    """Publishes a small warehouse with one figure per value into a home; each call is one more build."""
    with open_warehouse(home) as connection:
        fill_small(connection, values, is_sample)
        snapshot = publish_snapshot(connection, home, now, "0.1.0")
    assert snapshot is not None
    return snapshot


def fill_small(connection: duckdb.DuckDBPyConnection, values: Sequence[float], is_sample: bool) -> None:
    """Fills the tables that a published snapshot needs, and rows that a public copy must not have."""
    figures = " union all ".join(f"select {SHAPE.format(value=value)}" for value in values)
    person = f"'{PERSON}'"
    for statement in (
        f"create or replace table metrics.wait_hours as {figures}",
        "delete from ledger.comments",
        "insert into ledger.comments values ('value', 'The figure.')",
        "create or replace table staging.families as select 'qwen' as family_id, 'Qwen' as title, 'open' as side,"
        " 'Alibaba' as vendor",
        "create or replace table staging.channels as select * from (values ('qwen.github.a', 'qwen', 'github', null),"
        " ('qwen.reddit.b', 'qwen', 'reddit', null), ('qwen.discourse.c', 'qwen', 'discourse', 'https://c.example/tos')"
        ") as listed(channel_id, family_id, source, terms)",
        "create or replace table staging.collections as select 'qwen.github.a' as channel_id, 'issues' as thing,"
        " timestamp '2026-11-24 12:00:00' as as_of_at, '/home/me: disk full' as last_error",
        f"create or replace table staging.threads as select channel_id, channel_id || '#1' as thread_id,"
        f" 'words of ' || channel_id as title, 'https://a.example/t/words-of-it/1/2' as url, {person} as actor_id"
        " from staging.channels",
        "create or replace table staging.warnings as select * from (values"
        " ('items skipped', '1 of 9 items: 10.1.2.3 refused', []), ('value excluded', 'stars', ['any words']),"
        " ('pattern unmatched', 'Chat*', ['Console'])) as found(warning_kind, about, seen_names)",
        "create or replace table staging.thread_rows as select channel_id, title, url, url as fix_url"
        " from staging.threads union all select 'qwen.github.gone', 'words of one', url, url from staging.threads",
        "create or replace table metrics.thread_questions as select thread_id as item_id, url from staging.threads",
        f"create or replace table staging.changes as select 'c' as change_id, {person} as actor_id",
        f"create or replace table metrics.people_activity as select 'qwen github ' || {person} as person_id",
        f"create or replace table metrics.change_waits as select * from (values ('return', 'qwen github ' || {person}),"
        " ('change', 'qwen.github.a#7')) as listed(subject, item_id)",
        "create or replace table metrics.registered_claims as select 'd' as digest, '{}' as registered_text",
        "delete from ledger.definitions",
        "insert into ledger.definitions (name, layer, question, unit, version, is_public, is_published, items_sql)"
        " values ('wait_hours', 'metrics', 'How long?', 'hours', 1, true, true, 'select 1 as item_id')",
        "create or replace table build as select coalesce(max(value::bigint), 0) + 1 as number from ledger.settings"
        " where name = 'build'",
        "delete from ledger.settings where name in ('build', 'is_sample')",
        "insert into ledger.settings select 'build', number::varchar from build",
        "drop table build",
        *(["insert into ledger.settings values ('is_sample', 'true')"] if is_sample else []),
    ):
        connection.execute(statement)


def write_set(folder: Path, snapshot_path: Path, **changes: Any) -> PublishedManifest:
    """Writes a published set around any file, with a manifest that fits it but for the changes."""
    folder.mkdir(parents=True, exist_ok=True)
    content = snapshot_path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    values: dict[str, Any] = {
        "file": name_file(digest), "size": len(content), "sha256": digest, "version": 1, "build": 1,
        "published_at": NOW, "is_sample": False, "publisher": "Somebody", "licence": "CC-BY-4.0",
        "code_version": "0.1.0",
    }  # fmt: skip
    manifest = PublishedManifest(**(values | changes))
    (folder / manifest.file).write_bytes(content)
    (folder / NAME).write_bytes(render_manifest(manifest))
    return manifest


def read_figures(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The figures of a small snapshot."""
    rows: list[dict[str, Any]] = query(snapshot, "from metrics.wait_hours order by all").to_pylist()
    return rows


def current(home: Path) -> Snapshot:
    """The snapshot of a home, which must have one."""
    snapshot = read_current(home)
    assert snapshot is not None
    return snapshot


@dataclass
class WebFolder:
    """A folder behind a web server with TLS."""

    address: str
    folder: Path
    requests: list[str] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    """Where a path leads instead of to its file."""
    lengths: dict[str, int] = field(default_factory=dict)
    """How many bytes of a path arrive before the connection ends."""
    drips: dict[str, float] = field(default_factory=dict)
    """Seconds after each byte of a path."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    web: WebFolder

    def do_GET(self) -> None:
        self.web.requests.append(self.path)
        if self.path in self.web.redirects:
            self.send_response(302)
            self.send_header("location", self.web.redirects[self.path])
            self.send_header("content-length", "0")
            self.end_headers()
        elif self.path in self.web.lengths:
            content = Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: self.web.lengths[self.path]])
            self.close_connection = True
        elif self.path in self.web.drips:
            content = Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # the client goes away
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    time.sleep(self.web.drips[self.path])
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written."""


class _QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


@contextmanager
def web_server(folder: Path, certificate: Path) -> Iterator[WebFolder]:
    """Serves a folder over HTTPS on the loopback address."""
    web = WebFolder("", folder)
    handler = type("Handler", (_Handler,), {"web": web})
    server = _QuietServer((HOST, 0), partial(handler, directory=str(folder)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    web.address = f"https://{HOST}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


def make_certificate(folder: Path, *names: str) -> Path:
    """Makes a self-signed certificate of the loopback address and of names, with its key; `SSL_CERT_FILE` makes it
    trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST)), *map(x509.DNSName, names)]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
    )
    path = folder / "certificate.pem"
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(encoded + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


@contextmanager
def hub_server() -> Iterator[tuple[str, Datasets]]:
    """Serves the data sets of the Hub's emulator; gives the address and what it holds."""
    datasets = Datasets()
    server = Server("hub", datasets.answer, lambda: NOW.timestamp(), lambda record: None)
    try:
        yield server.url, datasets
    finally:
        server.stop()
    assert server.mistakes == []


@contextmanager
def s3_server(bucket: str) -> Iterator[str]:
    """Serves S3 with one empty bucket that anybody may read; gives the address."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=HOST, port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    try:
        boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket=bucket, ACL="public-read")
        yield address
    finally:
        server.stop()
