"""Commands that keep what cannot be made again. Each is thin and delegates to the module it imports."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import out, say

if TYPE_CHECKING:
    from warehouse.backups.restoring import RestoreReport
    from warehouse.backups.writing import BackupReport

Place = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the backup.")]


def backup(
    folder: Place,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave out people.key, the secret key of the pseudonyms.")
    ] = False,
) -> None:
    """Back up what cannot be collected again. Everything keeps running meanwhile. A backup holds landed files, the
    ledger of attempts, your family files, settings that are not secret, people.key, and the newest snapshot. Updates a
    backup that is already in the folder; choose one on another disk."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    import pipelines
    from pipelines.attempts import record_attempt
    from pipelines.collecting.people_key import read_key
    from warehouse.attempts.entries import AttemptKind
    from warehouse.backups.contents import Contents
    from warehouse.backups.writing import write_backup
    from warehouse.forgetting.places import CopyKind, remember_place
    from warehouse.landing import open_zone
    from warehouse.settings import SettingsError, read_settings

    if ":/" in str(folder):
        raise SettingsError(f"{folder}: a backup is written to a folder; copy that to a bucket if you like")
    settings = read_settings()
    with record_attempt(settings, AttemptKind.BACKUP, about=str(folder.absolute())) as attempt:
        contents = Contents(settings, open_zone(settings.landing_url), None if without_key else read_key(settings))
        report = write_backup(folder, contents, settings.clock(), pipelines.VERSION)
        attempt.result = f"{len(report.manifest.files):,} files, {report.copied_files:,} of them new or changed"
    remember_place(settings.home, CopyKind.BACKUP, str(folder.absolute()))
    _print_backup(folder, report, without_key)


def _print_backup(folder: Path, report: "BackupReport", without_key: bool) -> None:
    from warehouse.backups.manifest import KEY

    files = report.manifest.files
    size = sum(kept.size for kept in files.values())
    landed = len(report.manifest.list_landed())
    say(
        out,
        f"{folder}: {len(files):,} files ({landed:,} landed), {size / 1e6:,.1f} MB; new or changed:"
        f" {report.copied_files:,}, {report.copied_bytes / 1e6:,.1f} MB",
    )
    if report.without_snapshot:
        say(out, f"without a snapshot: {report.without_snapshot}")
    if KEY in files:
        say(
            out,
            f"it contains {KEY}, a secret: with it, anybody can find out whose pseudonym is whose. Let nobody else"
            " read the folder, or use --without-key and keep the key elsewhere",
        )
    elif without_key:
        say(
            out,
            f"it does not contain {KEY}: keep a copy elsewhere. A restored home cannot collect without it, because"
            " the same people would count twice",
        )


def restore(
    folder: Place,
    skip_damaged: Annotated[
        bool, typer.Option("--skip-damaged", help="Restore all files except those that are damaged or missing.")
    ] = False,
) -> None:
    """Make a new home from a backup. It is made in HEARTBEAT_HOME, after verifying each file of the backup."""
    from warehouse.backups.restoring import restore_backup
    from warehouse.forgetting.places import CopyKind, remember_place
    from warehouse.settings import SettingsError, read_settings

    settings = read_settings()
    if settings.landing:
        raise SettingsError(
            "HEARTBEAT_LANDING is set, and a backup is restored into HEARTBEAT_HOME with all that was landed: restore"
            " without it, move HEARTBEAT_HOME/landing there, and set it again"
        )
    report = restore_backup(folder, settings.home, skip_damaged)
    remember_place(settings.home, CopyKind.BACKUP, str(folder.absolute()))
    _print_restored(settings.home, report)


def _print_restored(home: Path, report: "RestoreReport") -> None:
    from warehouse.backups.manifest import CATALOG, KEY

    manifest = report.manifest
    count = len(manifest.files) - len(report.damaged)
    say(out, f"{home}: {count:,} files restored and verified, from the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC")
    for name in report.damaged:
        say(out, f"damaged or missing, so left out: {name}", "yellow")
    if report.without_logs:
        say(out, f"the logs of verdicts and restatements start afresh: {report.without_logs}", "yellow")
    if not (home / KEY).exists():
        say(out, f"the backup has no {KEY}: put the former one at {home / KEY} before you collect", "yellow")
    own = [f"HEARTBEAT_CATALOG={home / CATALOG}"] if (home / CATALOG).exists() else []
    others = [f"{name}={value}" for name, value in manifest.settings.items() if name != "HEARTBEAT_CATALOG"]
    if own or others:
        say(out, f"set these again, and your tokens, which no backup contains: {' '.join(own + others)}")
    say(out, "next: `heartbeat build`, then `heartbeat publish`")
