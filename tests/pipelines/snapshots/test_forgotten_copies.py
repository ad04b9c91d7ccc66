"""Public copies in an object store of somebody who was forgotten: the former snapshot is gone, or the publisher says
that it is not."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.snapshots.places import open_target
from pipelines.snapshots.publishing import Publication, publish_set
from pipelines.snapshots.shared_store import SharedStorePlace
from tests.worlds.published_sets import NOW, build_small, settings_of
from tests.worlds.stores.server import locate, serve_store
from warehouse.database import WarehouseError
from warehouse.objects.place import ObjectPlace
from warehouse.settings import Settings
from warehouse.sharing.manifest import NAME

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a real object store, which keeps the conditions of writes."""
    with serve_store() as address:
        yield address


@pytest.fixture
def place(store: str) -> str:
    """An empty folder of the store."""
    return locate(store, f"set/{secrets.token_hex(4)}")


@pytest.fixture
def settings(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose former snapshot was published there, in the very second of its manifest, and which has a new one."""
    settings = settings_of(tmp_path / "home")
    build_small(settings.home, [1.0])
    publish_set(settings, Publication(place, "Lab", "CC-BY-4.0", is_sample=False))
    build_small(settings.home, [2.0], now=NOW + timedelta(hours=1))
    oldest = min(one.changed_at for one in _open(settings, place).list_folder()[1])
    monkeypatch.setattr(SharedStorePlace, "_find_manifest_time", lambda _: oldest)
    return settings


def _open(settings: Settings, place: str) -> ObjectPlace:
    target = open_target(settings, place)
    assert isinstance(target, SharedStorePlace)
    return target._objects


def _list_snapshots(settings: Settings, place: str) -> list[str]:
    return [one.key for one in _open(settings, place).list_folder()[1] if one.key.startswith("heartbeat-")]


def _publish_anew(settings: Settings, place: str) -> str:
    manifest = publish_set(settings, Publication(place, "Lab", "CC-BY-4.0", is_sample=False, keeps_former=False))
    assert manifest is not None
    return manifest.file


def test_a_snapshot_of_the_same_second_as_its_manifest_goes(settings: Settings, place: str) -> None:
    """Stores tell whole seconds, so that its age does not tell that it is the former one. A set that is whole is put
    once more: a snapshot that an earlier try left beside it would stay."""
    for _ in range(2):
        file = _publish_anew(settings, place)
        assert _list_snapshots(settings, place) == [file]


def test_one_that_stays_though_it_was_deleted_is_told(
    settings: Settings, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the store holds objects for a while, whatever it answers."""
    (former,) = _list_snapshots(settings, place)
    monkeypatch.setattr(ObjectPlace, "delete", lambda _self, _key: None)

    with pytest.raises(WarehouseError, match=rf"{former} was deleted and is still there; delete it by hand"):
        _publish_anew(settings, place)


def test_a_card_that_others_write_all_the_time_is_not_told_as_done(
    settings: Settings, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still be that of the former snapshot."""
    monkeypatch.setattr(SharedStorePlace, "_put_beside", lambda _self, _manifest, _path: False)

    with pytest.raises(WarehouseError, match="others published there"):
        _publish_anew(settings, place)
    assert len(_list_snapshots(settings, place)) == 1 and _open(settings, place).find(NAME)
