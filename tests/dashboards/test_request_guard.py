"""Anyone who can reach the dashboard's port, another user or another site's page, gets only what readers get."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboards.frame.navigation import FILES
from dashboards.menu import OLD_ADDRESSES
from dashboards.request_guard import make_security_headers
from pipelines.commands.serving.dashboard import dashboard_command, dashboard_environment, wait_for_page
from tests.worlds.ports import free_port
from warehouse.settings import PEOPLE_KEY, TOKENS, Settings, select_open_environment

SECRETS = {name: f"canary-{name}" for name in (*TOKENS, PEOPLE_KEY, "AWS_SECRET_ACCESS_KEY", "SOME_PASSWORD")}
NOBODY = 65534
PROXY = "heartbeat.example.com"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a dashboard started as `heartbeat up` starts it, by somebody whose environment is full of secrets."""
    home, secrets = tmp_path_factory.mktemp("home"), pytest.MonkeyPatch()
    settings = Settings(HEARTBEAT_HOME=home, HEARTBEAT_PORT=free_port(), HEARTBEAT_HOSTS=PROXY, _env_file=None)
    for name, value in SECRETS.items():
        secrets.setenv(name, value)
    process = subprocess.Popen(
        dashboard_command(settings), env=dashboard_environment(settings), stdin=subprocess.DEVNULL, cwd=home,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert wait_for_page(settings, process)
        assert "canary" not in Path(f"/proc/{process.pid}/environ").read_text(encoding="utf-8")
        yield settings.port
    finally:
        secrets.undo()
        process.terminate()
        process.wait(20)


@pytest.fixture
def ask(port: int) -> Callable[..., httpx2.Response]:
    """Asks the dashboard for a path with headers of the caller's choice."""

    def get(path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=20)

    return get


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost"])
def test_its_own_names_are_answered(ask: Callable[..., httpx2.Response], port: int, name: str) -> None:
    """Both names of the loopback address, with the port."""
    own = f"{name}:{port}"
    assert ask("/", host=own).status_code == 200
    assert ask("/_stcore/health", host=own, origin=f"http://{own}").status_code == 200
    assert "no news to follow here" in ask("/news.atom", host=own).text, "nothing is published"


def test_the_name_of_a_proxy_is_answered_once_it_is_set(ask: Callable[..., httpx2.Response]) -> None:
    """A proxy passes on the name that readers typed, and https."""
    assert ask("/", host=PROXY, origin=f"https://{PROXY}").status_code == 200


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:{port}", "127.0.0.1.attacker.example:{port}", "127.0.0.1:1",
             "127.0.0.1", "localhost", "[::1]:{port}", "0.0.0.0:{port}", "", "127.0.0.1:{port}@attacker.example"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/support", "/_stcore/health", "/_stcore/host-config", "/static/x", "/media/x"])
def test_a_foreign_host_name_is_refused(ask: Callable[..., httpx2.Response], port: int, host: str, path: str) -> None:
    """DNS rebinding: a page of another site reaches the port under its own name and would read everything."""
    refused = ask(path, host=host.format(port=port))
    assert refused.status_code in (400, 421)
    assert "Heartbeat" not in refused.text and "attacker" not in refused.text


@pytest.mark.parametrize(
    "origin", ["http://attacker.example", "http://127.0.0.1:1", "http://127.0.0.1", "null", "file://", "",
               "http://localhost:1", "chrome-extension://127.0.0.1:{port}", "http://[", "http://attacker.example:{port}"],
)  # fmt: skip
def test_a_foreign_origin_is_refused_with_its_port(ask: Callable[..., httpx2.Response], port: int, origin: str) -> None:
    """Another program's page on this machine is another site: only its port tells it apart."""
    foreign = origin.format(port=port)
    assert ask("/_stcore/health", origin=foreign).status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{port}/_stcore/stream", additional_headers={"Origin": foreign}, open_timeout=20)
    assert refused.value.response.status_code == 403


def test_its_own_page_opens_the_stream(port: int) -> None:
    own = f"http://127.0.0.1:{port}"
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", additional_headers={"Origin": own}, open_timeout=20):
        pass


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp",
             "/_stcore/script-health-check", "/auth/login", "/oauth2callback", "/component/a/b"],
)  # fmt: skip
def test_what_no_page_needs_is_closed(ask: Callable[..., httpx2.Response], path: str) -> None:
    """Metrics tell about the process; uploads and agents would act in it."""
    assert ask(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/metrics", "/missing/_stcore/health"])
def test_every_answer_forbids_framing_sniffing_and_content_from_elsewhere(
    ask: Callable[..., httpx2.Response], path: str
) -> None:
    """Refusals, too."""
    headers = ask(path).headers
    assert {name.lower(): headers[name] for name in make_security_headers()} == {
        name.lower(): value for name, value in make_security_headers().items()
    }
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert "unsafe" not in policy["script-src"] and "http" not in headers["content-security-policy"]


def test_scripts_are_sent_compressed(ask: Callable[..., httpx2.Response]) -> None:
    """A first visit takes four megabytes of them."""
    (script, *_) = re.findall(r"static/js/index\.[\w-]+\.js", ask("/").text)
    assert ask(f"/{script}", **{"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_only_one_figure_may_be_framed(ask: Callable[..., httpx2.Response]) -> None:
    """Nothing can be changed there, so there is nothing to trick a reader into."""
    assert "x-frame-options" not in ask("/support?figure=within&embed=true").headers
    for address in ("/support?figure=embed=true", "/support?family=embed%3Dtrue", "/?xembed=true"):
        headers = ask(address).headers
        assert headers["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as another user")
@pytest.mark.parametrize(("host", "status"), [("attacker.example", 421), ("127.0.0.1:{port}", 200)])
def test_another_user_of_the_machine_gets_the_page_and_nothing_else(port: int, host: str, status: int) -> None:
    """Loopback has no users: anyone who shares the machine may look, as SECURITY.md says, and nothing more."""
    answers: SimpleQueue[int] = get_context("fork").SimpleQueue()
    attacker = get_context("fork").Process(target=_ask_as_nobody, args=(port, host.format(port=port), answers))
    attacker.start()
    attacker.join(60)
    assert (attacker.exitcode, answers.get()) == (0, status)


def _ask_as_nobody(port: int, host: str, answers: SimpleQueue[int]) -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/", headers={"Host": host})
    answers.put(connection.getresponse().status)


def test_a_server_sees_no_secret_of_the_environment() -> None:
    """Not ours, and not those that other programs left there."""
    kept = {"PATH": "/bin", "HOME": "/root", "HEARTBEAT_HOME": "/h", "STREAMLIT_THEME_BASE": "dark"}
    assert select_open_environment(kept | SECRETS | {"PREFECT_API_KEY": "pnu_1"}) == kept


def test_health_is_answered_to_its_own_hosts_only(ask: Callable[..., httpx2.Response]) -> None:
    """An empty home serves nobody, and foreign names get nothing."""
    health = ask("/healthz")
    assert (health.status_code, health.json()["status"]) == (503, "no figures")
    assert "heartbeat_published_timestamp_seconds 0.0" in ask("/metrics").text
    assert {ask(path, host="evil.example").status_code for path in ("/healthz", "/metrics")} == {421}


@pytest.mark.parametrize(("old", "new"), OLD_ADDRESSES.items())
def test_the_address_of_a_former_page_leads_to_the_page_of_its_figures(
    ask: Callable[..., httpx2.Response], old: str, new: str
) -> None:
    """Links in mails and bookmarks keep their filters."""
    answer = ask(f"/{old}?family=qwen")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{new}?family=qwen")
    assert new in FILES and old not in FILES
