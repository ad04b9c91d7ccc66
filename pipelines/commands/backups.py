"""`heartbeat backup` and `heartbeat restore`. Each is thin and delegates to the module it imports."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.terminal import out, say

Place = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the backup.")]


def backup(
    folder: Place,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave out people.key, the secret key of the pseudonyms.")
    ] = False,
) -> None:
    """Back up what cannot be collected again. Collecting goes on meanwhile. A backup holds the warehouse, landed files
    that are not loaded yet, the ledger of attempts, your family files and people.key. Replaces the backup that is
    already in the folder; choose one on another disk."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.attempts import record_attempt
    from pipelines.collecting.people_key import read_key
    from warehouse.attempts.entries import AttemptKind
    from warehouse.backups import write_backup
    from warehouse.forgetting.places import CopyKind, remember_place
    from warehouse.settings import PEOPLE_KEY_FILE, SettingsError, read_settings

    if ":/" in str(folder):
        raise SettingsError(f"{folder}: a backup is written to a folder; copy that to a bucket if you like")
    settings = read_settings()
    with record_attempt(settings, AttemptKind.BACKUP, about=str(folder.absolute())) as attempt:
        key = None if without_key else read_key(settings)
        manifest = write_backup(folder, settings, key, settings.clock())
        attempt.result = f"{len(manifest['files']):,} files, {manifest['loads']:,} loads"
    remember_place(settings.home, CopyKind.BACKUP, str(folder.absolute()))
    say(out, f"{folder}: {attempt.result}")
    if key:
        say(
            out,
            f"it contains {PEOPLE_KEY_FILE}, a secret: with it, anybody can find out whose pseudonym is whose. Let"
            " nobody else read the folder, or use --without-key and keep the key elsewhere",
        )
    elif without_key:
        say(
            out,
            f"it does not contain {PEOPLE_KEY_FILE}: keep a copy elsewhere. A restored home cannot collect without it,"
            " because the same people would count twice",
        )


def restore(folder: Place) -> None:
    """Make a new home from a backup. It is made in HEARTBEAT_HOME, after verifying each file of the backup."""
    from warehouse.backups import CATALOG, restore_backup
    from warehouse.forgetting.places import CopyKind, remember_place
    from warehouse.settings import PEOPLE_KEY_FILE, read_settings

    settings = read_settings()
    manifest = restore_backup(folder, settings.home)
    remember_place(settings.home, CopyKind.BACKUP, str(folder.absolute()))
    made_at = manifest["made_at"][:16].replace("T", " ")
    count = len(manifest["files"])
    say(out, f"{settings.home}: {count:,} files restored and verified, from the backup of {made_at} UTC")
    if not (settings.home / PEOPLE_KEY_FILE).exists():
        say(out, f"it has no {PEOPLE_KEY_FILE}: put the former one there before you collect", "yellow")
    if (settings.home / CATALOG).exists():
        say(out, f"your families are in it: set HEARTBEAT_CATALOG={settings.home / CATALOG}")
    if settings.landing:
        say(out, f"landed files are in {settings.home / 'landing'}: copy what HEARTBEAT_LANDING lacks of them there")
    say(out, "set your tokens again, which no backup contains; then `heartbeat build` and `heartbeat publish`")
