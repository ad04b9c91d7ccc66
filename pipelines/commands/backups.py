"""`heartbeat backup` and `heartbeat restore`. Each is thin and delegates to the module it imports."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.terminal import out, say

Place = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the backup.")]


def backup(folder: Place) -> None:
    """Back up what cannot be collected again. Collecting goes on meanwhile. A backup holds the warehouse, landed files,
    your family files and people.key. Replaces the backup that is already in the folder; choose one on another disk."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.attempts import record_attempt
    from pipelines.collecting.people_key import open_people
    from warehouse.attempts.entries import AttemptKind
    from warehouse.backups import write_backup
    from warehouse.forgetting.places import remember_place
    from warehouse.settings import SettingsError, read_settings

    if ":/" in str(folder):
        raise SettingsError(f"{folder}: a backup is written to a folder; copy that to a bucket if you like")
    settings = read_settings()
    with record_attempt(settings, AttemptKind.BACKUP, about=str(folder.absolute())) as attempt:
        manifest = write_backup(folder, settings, open_people(settings).key, settings.clock())
        attempt.result = f"{len(manifest['files']):,} files, {manifest['loads']:,} loads"
    remember_place(settings.home, "backup", str(folder.absolute()))
    say(out, f"{folder}: {attempt.result}")
    say(out, "it contains people.key, which tells whose pseudonym is whose: let nobody else read it")


def restore(folder: Place) -> None:
    """Make a new home from a backup. It is made in HEARTBEAT_HOME, after verifying each file of the backup."""
    from warehouse.backups import restore_backup
    from warehouse.forgetting.places import remember_place
    from warehouse.settings import read_settings

    settings = read_settings()
    manifest = restore_backup(folder, settings.home)
    remember_place(settings.home, "backup", str(folder.absolute()))
    say(out, f"{settings.home}: {len(manifest['files']):,} files restored and verified")
    say(out, "set your tokens again, and HEARTBEAT_CATALOG if there is a folder `catalog`;")
    say(out, "then run `heartbeat build` and `heartbeat publish`")
