"""What tests of followed snapshots start with: a small snapshot, settings of a reader, and a web server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds.published_sets import NOW, WebFolder, build_small, make_certificate, settings_of, web_server
from warehouse.settings import Settings


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small snapshot file."""
    return build_small(tmp_path / "publisher").path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of somebody who looks."""
    return settings_of(tmp_path / "looker", HEARTBEAT_NOW=NOW)


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebFolder]:
    """An empty folder on a web server that is trusted."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    (tmp_path / "web").mkdir()
    with web_server(tmp_path / "web", certificate) as server:
        yield server
