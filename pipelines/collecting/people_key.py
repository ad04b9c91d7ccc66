"""The key of the pseudonyms: made once, kept outside the warehouse, and held against what was landed with it."""

import hashlib
import hmac
import secrets

from pipelines.people import LEAST_KEY_BYTES, People
from warehouse.durable import make_private_folder
from warehouse.landing import Zone, list_landed, open_zone, read_newest_manifest
from warehouse.lock import make_secret_file
from warehouse.settings import PEOPLE_KEY, PEOPLE_KEY_FILE, Settings, SettingsError


def open_people(settings: Settings) -> People:
    """Opens the pseudonyms with the key of HEARTBEAT_PEOPLE_KEY, or else of a file in HEARTBEAT_HOME readable by its
    owner only, which is made if nothing was landed yet: from HEARTBEAT_STATE_KEY if that is set, so that a home that
    is lost with its state gets the same one.

    Raises SettingsError if the key is lost, cut, or not the one of what was landed: the same people would count twice.
    """
    return People(read_key(settings) or _read_or_create_key(settings))


def read_key(settings: Settings) -> bytes | None:
    """Reads the key, of HEARTBEAT_PEOPLE_KEY or of the file; None if there is none yet. Raises SettingsError as
    `open_people` does."""
    path = settings.home / PEOPLE_KEY_FILE
    zone = open_zone(settings.landing_url)
    known_id = _find_known_id(zone)
    given = settings.people_key.get_secret_value()
    where = PEOPLE_KEY if given else str(path)
    if not given and not path.exists():
        if known_id:
            raise SettingsError(_explain(where, "is gone", zone))
        return None
    key = given.encode() if given else path.read_bytes().strip()
    if len(key) < LEAST_KEY_BYTES:
        raise SettingsError(_explain(where, f"has {len(key)} bytes, fewer than {LEAST_KEY_BYTES}", zone))
    if known_id not in ("", People(key).key_id):
        raise SettingsError(_explain(where, f"is not the key of what was landed (that is {known_id})", zone))
    return key


def _explain(where: str, fault: str, zone: Zone) -> str:
    return (
        f"{where}: the key of the pseudonyms {fault}. With another key the same people would count twice. Restore it"
        f" from a backup, or set {PEOPLE_KEY} to the former key; to begin again without what was collected, move"
        f" {zone.label} and the warehouse away"
    )


def _find_known_id(zone: Zone) -> str:
    """Finds the id of the key with which the zone's people were named; empty if none is stated."""
    channels = sorted({path.partition("/")[0] for path in list_landed(zone)})
    manifests = (read_newest_manifest(zone, channel_id) for channel_id in channels)
    return next((manifest.key_id for manifest in manifests if manifest and manifest.key_id), "")


def _read_or_create_key(settings: Settings) -> bytes:
    path, secret = settings.home / PEOPLE_KEY_FILE, settings.state_key.get_secret_value().encode()
    make_private_folder(path.parent)
    if not path.exists():
        derived = hmac.new(secret, b"key of the pseudonyms", hashlib.sha256).hexdigest()
        make_secret_file(path, derived if secret else secrets.token_hex(32))
    return path.read_bytes().strip()
