"""A real object store on this machine, SeaweedFS, which speaks S3 over HTTP and keeps the conditions of writes."""

import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.worlds.ports import free_port

WEED = Path(sysconfig.get_path("scripts")) / "weed"
USER, SECRET, BUCKET = "worker", "CANARY-of-the-store", "landing"
TRIES = 3
READER, READER_SECRET = "reader", "CANARY-of-a-reader"
IDENTITIES = f"""{{"identities": [
    {{"name": "{USER}", "credentials": [{{"accessKey": "{USER}", "secretKey": "{SECRET}"}}],
      "actions": ["Admin", "Read", "Write", "List"]}},
    {{"name": "{READER}", "credentials": [{{"accessKey": "{READER}", "secretKey": "{READER_SECRET}"}}],
      "actions": ["Read", "List"]}}]}}"""


@contextmanager
def serve_store() -> Iterator[str]:
    """Serves an empty bucket; gives the server's address. Skips by name where SeaweedFS is not installed."""
    if not WEED.exists():
        pytest.skip("SeaweedFS is not installed: its package has wheels for Linux on x86-64 and ARM only")
    with TemporaryDirectory(prefix="store") as name:
        process, address = _start_server(Path(name))
        try:
            yield address
        finally:
            _end(process)


def _start_server(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Starts a server with a bucket; on other ports where another process has taken one of its eight meanwhile."""
    (folder / "identities.json").write_text(IDENTITIES)
    for _ in range(TRIES):
        ports = [free_port() for _ in range(8)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(_make_command(folder, ports), stdout=log, stderr=log, cwd=folder)
        address = f"http://127.0.0.1:{ports[0]}"
        if _make_bucket(address, process, 60):
            return process, address
        _end(process)
    pytest.fail((folder / "log").read_text()[-3000:])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # asked to end, it first waits for half a minute
    process.wait(30)


def _make_command(folder: Path, ports: list[int]) -> list[str]:
    s3, s3_grpc, filer, filer_grpc, volume, volume_grpc, master, master_grpc = map(str, ports)
    return [
        str(WEED), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false",
        f"-master.port={master}", f"-master.port.grpc={master_grpc}", f"-volume.port={volume}",
        f"-volume.port.grpc={volume_grpc}", "-volume.max=10", "-master.volumeSizeLimitMB=64", "-filer=true",
        f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}", "-s3=true", f"-s3.port={s3}",
        f"-s3.port.grpc={s3_grpc}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        f"-s3.config={folder / 'identities.json'}",
    ]  # fmt: skip


def _make_bucket(address: str, server: subprocess.Popen[bytes], seconds: float) -> bool:
    """Makes the bucket and writes to it, as soon as all parts of the server are there; False if it ended."""
    keys = {"aws_access_key_id": USER, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    client, deadline = boto3.client("s3", endpoint_url=address, **keys), time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="first", Body=b"1")
            client.delete_object(Bucket=BUCKET, Key="first")
            return True
        except (BotoCoreError, ClientError):
            time.sleep(0.3)
    return False


def set_environment(monkeypatch: pytest.MonkeyPatch, address: str, user: str = USER, secret: str = SECRET) -> None:
    """Sets the variables by which a store and its user are known."""
    names = {"ENDPOINT_URL": address, "REGION": "us-east-1", "ACCESS_KEY_ID": user, "SECRET_ACCESS_KEY": secret}
    for name, value in names.items():
        monkeypatch.setenv(f"AWS_{name}", value)
