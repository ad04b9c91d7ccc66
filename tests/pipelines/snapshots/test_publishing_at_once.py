"""Several publishers of one place: the newest snapshot stays, whole and with its own card."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.snapshots import publishing
from pipelines.snapshots.places import open_target
from pipelines.snapshots.publishing import Publication, hash_file, publish_set
from pipelines.snapshots.shared_store import SharedStorePlace
from tests.worlds.published_sets import NOW, build_small, hub_server, settings_of
from tests.worlds.stores.server import locate, serve_store
from warehouse.database import WarehouseError
from warehouse.settings import Settings
from warehouse.sharing.manifest import NAME, PublishedManifest, parse_manifest

pytestmark = pytest.mark.slow
PUBLISHERS = 4
CARD = ("README.md", "croissant.json", "figures.parquet", "news.atom")


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a real object store, which keeps the conditions of writes."""
    with serve_store() as address:
        yield address


@pytest.fixture(params=["folder", "store", "hub"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A place of each kind that is published to."""
    if request.param == "hub":
        with hub_server() as (address, _):
            monkeypatch.setenv("HF_ENDPOINT", address)
            yield "hf://datasets/jane/heartbeat"
    elif request.param == "store":
        yield locate(request.getfixturevalue("store"), f"set/{secrets.token_hex(4)}")
    else:
        yield str(tmp_path / "set")


@pytest.fixture
def publishers(tmp_path: Path) -> list[Settings]:
    """Homes whose snapshots were made an hour apart, the oldest first."""
    homes = [tmp_path / str(number) for number in range(PUBLISHERS)]
    for number, home in enumerate(homes):
        build_small(home, [float(number)], now=NOW + timedelta(hours=number))
    return [settings_of(home, HF_TOKEN="hf_canary") for home in homes]


def _publish(settings: Settings, place: str) -> PublishedManifest | None:
    return publish_set(settings, Publication(place, f"Lab {settings.home.name}", "CC-BY-4.0", is_sample=False))


def _read(settings: Settings, place: str, folder: Path) -> PublishedManifest:
    """Reads what is published there; its snapshot and its card are those of its manifest."""
    target, folder = open_target(settings, place), folder / secrets.token_hex(4)
    folder.mkdir()

    def fetch(name: str) -> Path:
        with (folder / name).open("wb") as file:
            target.fetch(name, lambda piece: file.write(piece) and None)
        return folder / name

    manifest = parse_manifest(fetch(NAME).read_bytes(), "")
    assert hash_file(fetch(manifest.file)) == manifest.sha256
    readme, croissant, *_ = map(fetch, CARD)
    assert manifest.file in readme.read_text() and manifest.publisher in readme.read_text()
    for entry in json.loads(croissant.read_text())["distribution"]:
        assert hash_file(folder / entry["contentUrl"]) == entry["sha256"]
    return manifest


def test_an_older_snapshot_never_replaces_a_newer_one(place: str, publishers: list[Settings], tmp_path: Path) -> None:
    """As when a second installation, or a restored one, publishes to the same place."""
    older, newer, *_ = publishers
    _publish(newer, place)
    with pytest.raises(WarehouseError, match="holds a newer snapshot, which stays: that of Lab 1 was") as caught:
        _publish(older, place)

    assert f"or delete {NAME} there" in str(caught.value) and "CANARY" not in str(caught.value)
    assert _read(newer, place, tmp_path).publisher == "Lab 1"


@pytest.mark.parametrize("is_older_late", [True, False])
def test_who_publishes_while_another_does_looks_again(
    place: str, publishers: list[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_older_late: bool
) -> None:
    """Between reading the manifest and writing it the other one came: the older gives way, the newer goes on."""
    first, second, third, _ = publishers
    _publish(first, place)
    late, fast = (second, third) if is_older_late else (third, second)
    _interrupt(monkeypatch, lambda: _publish(fast, place))
    if is_older_late:
        with pytest.raises(WarehouseError, match=r"that of Lab 2 was made on .* 18:00 UTC, this one on .* 17:00 UTC"):
            _publish(late, place)
    else:
        _publish(late, place)

    assert _read(third, place, tmp_path).publisher == "Lab 2"


def _interrupt(monkeypatch: pytest.MonkeyPatch, work: Callable[[], Any]) -> None:
    """Does something once, after the first publisher has read the manifest and before it puts anything."""
    waiting = [work]

    def open_late(settings: Settings, word: str) -> Any:
        target = open_target(settings, word)
        put = target.put_set

        def put_late(*args: Any) -> None:
            if waiting:
                waiting.pop()()
            put(*args)

        monkeypatch.setattr(target, "put_set", put_late)
        return target

    monkeypatch.setattr(publishing, "open_target", open_late)


def test_a_store_refuses_a_manifest_whose_condition_no_longer_holds(
    store: str, publishers: list[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one came after the last look, while the snapshot was put: only the store can tell."""
    place = locate(store, f"set/{secrets.token_hex(4)}")
    older, newer, *_ = publishers
    put, waiting = SharedStorePlace._put, [lambda: _publish(newer, place)]

    def put_late(self: SharedStorePlace, path: Path) -> None:
        put(self, path)
        if waiting:
            waiting.pop()()

    monkeypatch.setattr(SharedStorePlace, "_put", put_late)
    with pytest.raises(WarehouseError, match="holds a newer snapshot, which stays"):
        _publish(older, place)

    assert _read(newer, place, tmp_path).publisher == "Lab 1"


def test_of_many_who_publish_at_once_the_newest_stays_with_its_card(
    store: str, publishers: list[Settings], tmp_path: Path
) -> None:
    """Each of them puts six files; none of the newest may be another's in the end."""
    for _ in range(5):
        place = locate(store, f"set/{secrets.token_hex(4)}")
        with ThreadPoolExecutor(PUBLISHERS) as pool:
            ends = [pool.submit(_publish, settings, place) for settings in publishers]
        assert {type(end.exception()) for end in ends} <= {type(None), WarehouseError}
        assert ends[-1].exception() is None and _read(publishers[-1], place, tmp_path).publisher == "Lab 3"


def test_a_store_keeps_the_former_snapshot_and_what_another_publisher_has_just_put(
    store: str, publishers: list[Settings]
) -> None:
    """Who has just read the former manifest finds its file; who puts a snapshot now will name it in a moment."""
    place = locate(store, f"set/{secrets.token_hex(4)}")
    target = open_target(publishers[0], place)
    assert isinstance(target, SharedStorePlace)
    files = []
    for settings in publishers[:3]:
        files.append(_publish(settings, place))
        time.sleep(1.1)
    target._objects.put("heartbeat-0123456789abcdef.duckdb", b"of a publisher at work")
    files.append(_publish(publishers[3], place))

    left = {one.key for one in target._objects.list_folder()[1] if one.key.startswith("heartbeat-")}
    named = [manifest.file for manifest in files if manifest]
    assert left == {*named[2:], "heartbeat-0123456789abcdef.duckdb"}
