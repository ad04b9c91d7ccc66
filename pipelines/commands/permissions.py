"""Finds what other users of this machine may read: a home, its landing zone, and a file that holds tokens."""

from pathlib import Path

from warehouse.settings import ENV_FILE, Settings

OTHERS = 0o077
"""The rights of everybody but the owner."""


def find_exposed(settings: Settings) -> list[str]:
    """Finds folders and files that others may read, each with the command that closes it."""
    folders = [settings.home, *([] if "://" in settings.landing_url else [Path(settings.landing_url)])]
    # What lies within a closed folder is closed, whatever its own rights are.
    outer = [folder for folder in folders if not any(other in folder.parents for other in folders)]
    candidates = [*((folder, 700) for folder in outer), (Path(ENV_FILE), 600)]
    return [
        f"{path}: other users of this machine may read it; run `chmod {mode} {path}`"
        for path, mode in candidates
        if path.exists() and path.stat().st_mode & OTHERS
    ]
