"""Targets that are files of a home, and variables of the environment: damaged, edited by hand, or written by strangers."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from pipelines.collecting.people_key import open_people
from tests.fuzzing.inputs import Grammar
from tests.fuzzing.running import Target
from tests.fuzzing.served import VALUES
from tests.worlds.visits import NOW
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.writer import FOLDER as ATTEMPTS
from warehouse.progress import FILE as PROGRESS
from warehouse.progress import read_progress
from warehouse.settings import Settings, SettingsError, read_settings
from warehouse.sharing.followed import followed_folder, read_followed
from warehouse.snapshot import POINTER

SOURCE = "https://s.example/set"
MANIFEST = (
    '{"format": 1, "file": "heartbeat-abababababababab.duckdb", "size": 9, "sha256": "%s", "version": 1, "build": 1, '
    '"published_at": "2026-11-24T00:00:00Z", "is_sample": true, "publisher": "a", "licence": "CC-BY-4.0", "code_version": "1"}'
) % ("ab" * 32)
FOLLOWED = f'{{"source": "{SOURCE}", "manifest": {MANIFEST}, "checked_at": "2026-11-24T00:00:00Z"}}'
COLLECTING = '{"written_at": "2026-11-24T12:00:00Z", "finished": 1, "total": 9, "rows": 7}'
ATTEMPT = (
    '{"event": "begun", "kind": "collect", "version": "1", "pid": 1, "started_at": "2026-11-24T12:00:00Z", "planned": ["a.github"]}\n'
    '{"event": "channel", "channel": "a.github", "streams": {}}\n{"event": "ended", "ended_at": "2026-11-24T12:01:00Z", "state": "done"}\n'
)
VARIABLES = tuple(str(field.alias) for field in Settings.model_fields.values())
ENVIRONMENT = (
    *(f"{name}=" for name in VARIABLES), "\n", "nan", "inf", "1e308", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-11-24", "~nobody", "s3://", "s3://[", "//", "'", '"', "${HOME}", "export ", "#", "8501", "localhost,", "true", "\\",
)  # fmt: skip

SET = (
    "HEARTBEAT_NOW=2026-11-24T12:00:00+00:00\nHEARTBEAT_RUN_MINUTES=60\nHEARTBEAT_CHANNEL_MINUTES=5\nHEARTBEAT_PORT=8501\n",
)


def make_home_targets() -> dict[str, Target]:
    """Makes the targets of the home and of the environment."""
    now = NOW
    return {
        "progress": _of_file(PROGRESS, lambda home: read_progress(home, now), (COLLECTING,)),
        "attempts": _of_file(f"{ATTEMPTS}/00000001-collect-0123abcd.jsonl", _read_attempts, (ATTEMPT,)),
        "followed-pointer": _of_file(_name_followed(), lambda home: read_followed(home, SOURCE), (FOLLOWED,)),
        "people-key": _of_file("people.key", _open_people, ("ab" * 32,), (SettingsError,)),
        "environment": Target(_read_environment, Grammar(ENVIRONMENT, SET), (SettingsError,)),
        "env-file": Target(_read_env_file, Grammar(ENVIRONMENT, SET), (SettingsError,)),
    }


def _of_file(
    name: str, read: Callable[[Path], object], documents: tuple[str, ...], refusals: tuple[type[Exception], ...] = ()
) -> Target:
    """Makes the target of a file of a home, by its name there and by what reads the home."""

    def read_home(text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            read(Path(folder))

    return Target(read_home, Grammar(VALUES, documents), refusals)


def _name_followed() -> str:
    return str(followed_folder(Path(), SOURCE) / POINTER)


def _read_attempts(home: Path) -> None:
    for attempt in read_attempts(home):
        assert attempt.beginning.planned is not None and attempt.state


def _open_people(home: Path) -> None:
    open_people(Settings(_env_file=None, HEARTBEAT_HOME=home))


def _read_environment(text: str) -> None:
    """Sets the variables that the text names, as far as an environment can hold them."""
    pairs = dict(line.partition("=")[::2] for line in text.replace("\x00", "").split("\n"))
    known = {name: value.encode("utf-8", "replace").decode() for name, value in pairs.items() if name in VARIABLES}
    with patch.dict(os.environ, known):
        _use(read_settings(None))


def _read_env_file(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ".env")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        _use(read_settings(str(path)))


def _use(settings: Settings) -> None:
    """Asks for all that follows from the settings without a look at the disk."""
    assert settings.clock().tzinfo is not None and isinstance(settings.get_tokens(), dict) and settings.landing_url
    assert "" not in settings.private_hosts | settings.dashboard_hosts | settings.accepted_terms
