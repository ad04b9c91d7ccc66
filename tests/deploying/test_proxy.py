"""The login in front of the dashboard: pages come with it, nothing comes without it, and websockets pass."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.dashboards.browser import browser as real
from tests.deploying.proxies import LOGIN, PASSWORD, USER, open_proxy, serve_behind
from tests.worlds.ports import free_port

STREAM = "/_stcore/stream"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the proxy's secrets lie."""
    return tmp_path_factory.mktemp("proxy")


@pytest.fixture(scope="module")
def port(folder: Path, sample_home: Path) -> Iterator[int]:
    """The port of the proxy, behind which `heartbeat dashboard` shows the sample world."""
    port, own = free_port(), free_port()
    with open_proxy(folder, port, [own]), serve_behind(port, sample_home, own):
        yield port


def _shake_hands(port: int, **headers: str) -> int:
    """Opens the websocket of the pages as a page does, and returns the status of the answer."""
    origin = f"http://127.0.0.1:{port}"
    try:
        with connect(f"ws://127.0.0.1:{port}{STREAM}", additional_headers=headers | {"Origin": origin}):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_nothing_comes_without_the_login(port: int) -> None:
    """Neither pages nor health nor the websocket, nor with a wrong password or a made-up ticket."""
    wrong = {"Authorization": f"Basic {b64encode(f'{USER}:wrong'.encode()).decode()}"}
    for path in ("/", "/_stcore/health", "/static/index.html", STREAM, f"/.{STREAM}/"):
        for headers in ({}, wrong, {"Cookie": "heartbeat_ticket="}, {"Cookie": f"heartbeat_ticket={'a' * 43}"}):
            answer = httpx2.get(f"http://127.0.0.1:{port}{path}", headers=headers)
            assert answer.status_code == 401 and "set-cookie" not in answer.headers, (path, headers)
    assert [_shake_hands(port), _shake_hands(port, **wrong)] == [401, 401]


def test_the_ticket_of_a_page_opens_its_websocket_and_nothing_else(port: int) -> None:
    """Safari sends no login with a websocket, so that the page would wait for ever."""
    page = httpx2.get(f"http://127.0.0.1:{port}/", headers=LOGIN, timeout=30)
    cookie = page.headers["set-cookie"]
    assert page.status_code == 200 and "Content-Security-Policy" in page.headers
    assert cookie.endswith("; Path=/_stcore/stream; Secure; HttpOnly; SameSite=Strict")
    ticket = {"Cookie": f"other=1; {cookie.partition(';')[0]}"}

    assert [_shake_hands(port, **LOGIN), _shake_hands(port, **ticket)] == [101, 101]
    assert httpx2.get(f"http://127.0.0.1:{port}/", headers=ticket).status_code == 401


@pytest.mark.parametrize("content", [None, "", "short\n"])
def test_a_ticket_that_is_missing_or_short_opens_nothing(port: int, folder: Path, content: str | None) -> None:
    """Else an empty file would let everybody in who sends an empty cookie."""
    path = folder / "ticket"
    kept = path.read_text()
    path.unlink() if content is None else path.write_text(content)
    try:
        cookie = {"Cookie": f"heartbeat_ticket={(content or '').strip()}"}
        assert _shake_hands(port, **cookie) == 401
        assert _shake_hands(port, **LOGIN) == 101
    finally:
        path.write_text(kept)


def test_a_page_is_drawn_in_a_browser_through_the_login(port: int) -> None:
    """With its figures, which come over the websocket."""
    with real.browser() as chromium:
        address = f"http://127.0.0.1:{port}/"
        page = chromium.new_page(http_credentials={"username": USER, "password": PASSWORD})
        assert real.opened(page, address).locator("h1").count() == 1
