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

from tests.worlds.ports import free_port, listens

WEED = Path(sysconfig.get_path("scripts")) / "weed"
USER, SECRET, BUCKET = "worker", "CANARY-of-the-store", "landing"
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
        folder, ports = Path(name), [free_port() for _ in range(8)]
        (folder / "identities.json").write_text(IDENTITIES)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(_make_command(folder, ports), stdout=log, stderr=log, cwd=folder)
        try:
            address = f"http://127.0.0.1:{ports[0]}"
            if not (listens(ports[0], 60) and _make_bucket(address, 60)):
                pytest.fail((folder / "log").read_text()[-3000:])
            yield address
        finally:
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


def _make_bucket(address: str, seconds: float) -> bool:
    """Makes the bucket and writes to it, as soon as all parts of the server are there."""
    keys = {"aws_access_key_id": USER, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    client, deadline = boto3.client("s3", endpoint_url=address, **keys), time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="first", Body=b"1")
            client.delete_object(Bucket=BUCKET, Key="first")
            return True
        except (BotoCoreError, ClientError):
            time.sleep(0.3)
    return False


def locate(address: str, folder: str, user: str = USER, secret: str = SECRET, bucket: str = BUCKET) -> str:
    """The URL of a landing zone in a folder of the bucket."""
    return f"s3://{user}:{secret}@{bucket}/{folder}?endpoint_override={address}&region=us-east-1"
