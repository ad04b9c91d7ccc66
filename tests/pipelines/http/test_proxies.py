"""The proxy of the operator's network: real sockets, and a real collect."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.http.client import Budget, Http
from pipelines.http.download import download, open_client
from pipelines.http.errors import Fatal, Unreachable
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.connect_proxy import ConnectProxy, connect_proxy
from tests.worlds.published_sets import make_certificate
from tests.worlds.raw_server import RawServer, answer, raw_server
from warehouse.settings import Settings

NAME = "status.example"
LOGIN = "user:canary@"


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        running.script["/a"] = [answer(200, b"fine")]
        yield running


@pytest.fixture
def proxy(server: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectProxy]:
    """The proxy that the environment names, with a password."""
    certificate = make_certificate(tmp_path, NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with connect_proxy(server.port, certificate) as running:
        monkeypatch.setenv("HTTPS_PROXY", running.url(LOGIN))
        yield running


def _open(*private: str) -> Http:
    hosts = frozenset(private)

    def resolve(host: str, port: int) -> list[str]:
        return [host if host in hosts else "10.0.0.1"]

    return Http(hosts | {NAME}, hosts, "test", Budget(9), lambda: datetime.now(UTC), resolve=resolve)


def test_a_page_comes_through_the_proxy_with_its_login(proxy: ConnectProxy) -> None:
    """The proxy resolves the name: the address that this machine would find is not asked for."""
    assert _open().get(f"https://{NAME}/a").content == b"fine"
    assert proxy.targets() == {f"{NAME}:443"}
    assert b64encode(b"user:canary").decode() in proxy.heads[0]


def test_hosts_of_no_proxy_and_private_hosts_are_reached_directly(
    proxy: ConnectProxy, server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _open("127.0.0.1").get(server.url("/a")).content == b"fine"
    monkeypatch.setenv("no_proxy", "intranet.example,.example")
    with pytest.raises(Fatal, match=r"resolves to 10\.0\.0\.1"):
        _open().get(f"https://{NAME}/a")
    assert proxy.heads == []


def test_a_host_that_is_not_on_the_list_is_refused_before_the_proxy_is_asked(proxy: ConnectProxy) -> None:
    with pytest.raises(Fatal, match="not a host of this channel"):
        _open().get("https://elsewhere.example/a")
    assert proxy.heads == []


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.1", "[::1]", "169.254.169.254", "127.1.", "2130706433"])
def test_no_download_has_the_proxy_connect_to_a_private_address(proxy: ConnectProxy, host: str) -> None:
    """A redirect may name any host; the proxy's own network is as private as ours."""
    with open_client(frozenset()) as client, pytest.raises(Fatal, match="not on the public internet"):
        download(client, f"https://{host}/a", bytearray().extend, {})
    assert proxy.heads == []


def test_a_proxy_that_refuses_is_named_without_its_words_or_password(proxy: ConnectProxy) -> None:
    proxy.refusal = "407 Who is canary?"
    with pytest.raises(Unreachable, match=f"{NAME}: the proxy of HTTPS_PROXY answered 407$"):
        _open().get(f"https://{NAME}/a")


def test_a_proxy_that_is_down_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN}127.0.0.1:1")
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1:1: no connection to the proxy of HTTPS_PROXY$"):
        _open().get(f"https://{NAME}/a")


@pytest.mark.parametrize(
    "value", [f"ftp://{LOGIN}h.example:1", f"http://{LOGIN}h.example:x", f"socks5://{LOGIN}h", "//"]
)
def test_a_malformed_proxy_ends_a_command_in_one_line_without_the_password(value: str) -> None:
    environment = os.environ | {"HTTPS_PROXY": value}
    command = [sys.executable, "-m", "pipelines", "catalog", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stdout == "" and "canary" not in done.stderr
    assert "HTTPS_PROXY: write http://host:port" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("value", [f"http://{LOGIN}h.example:1", f"{LOGIN}h.example:1"])
def test_the_password_of_the_proxy_is_redacted(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("https_proxy", value)
    assert Settings(_env_file=None).list_secrets() == ["canary"]


def test_a_collect_goes_through_the_proxy(tmp_path: Path) -> None:
    """All of its requests, to a host that this machine cannot resolve; the home and the output hold no password."""
    channel = next(one for one in read_catalog([SHIPPED]).channels if one.id == "groq.status.groqstatus.com")
    certificate = make_certificate(tmp_path, NAME)
    with Upstream([channel], seed=1, threads=40) as up:
        url = up.url(channel)
        port = urlsplit(url).port
        assert port
        file = next(up.catalog(tmp_path / "catalog").glob("*.toml"))
        file.write_text(file.read_text().replace(f"http://127.0.0.1:{port}", f"https://{NAME}"))
        with connect_proxy(port, certificate) as proxy:
            environment = os.environ | {
                "HEARTBEAT_HOME": str(tmp_path / "home"), "HEARTBEAT_CATALOG": str(tmp_path / "catalog"),
                "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_NOW": up.world.now.isoformat(),
                "SSL_CERT_FILE": str(certificate), "HTTPS_PROXY": proxy.url(LOGIN),
            }  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", "pipelines", "collect"], cwd=ROOT, env=environment, capture_output=True,
                text=True, check=False,
            )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert proxy.targets() == {f"{NAME}:443"} and up.requests
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert b"canary" not in kept + done.stdout.encode() + done.stderr.encode()
