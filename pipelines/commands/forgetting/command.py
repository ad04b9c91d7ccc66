"""`heartbeat forget`. It is thin and delegates to the modules it imports."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import handle_ending_signals, out, say

if TYPE_CHECKING:
    from pipelines.commands.forgetting.forgetting import ForgetReport
    from warehouse.forgetting.register import ForgetRequest
    from warehouse.settings import Settings


Subjects = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="WHO|LINK",
        help="SOURCE:ACCOUNT, such as github:octocat, reddit:u/name, discourse:FORUM/name or "
        "stackexchange:SITE/NUMBER; or the address of a profile, thread, post, model or repository.",
    ),
]
Also = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PLACE", help="A backup, export or public copy elsewhere that Heartbeat does not know of; repeatable."
    ),
]
MarkedOnly = Annotated[
    bool, typer.Option("--marked-only", help="The name is an ordinary word: only @name and u/name go from titles.")
]
ThrownAway = Annotated[
    list[Path] | None,
    typer.Option(
        "--thrown-away",
        metavar="PLACE",
        help="A backup or copy that no longer exists, so that it is not asked for again.",
    ),
]


def forget(
    subjects: Subjects = None,
    also: Also = None,
    marked_only: MarkedOnly = False,
    thrown_away: ThrownAway = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would go.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Complete all requests that were broken off.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List what was forgotten when; names nobody.")] = False,
) -> None:
    """Forget a person, or everything under a link, everywhere. It goes from landed files, warehouse, snapshots,
    exports, backups and public copies, and is not collected again. Exits with 1 if a place may still hold it."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.commands.forgetting.copies import remember_also
    from warehouse.forgetting.places import throw_away_place
    from warehouse.settings import read_settings

    handle_ending_signals()
    settings = read_settings()
    if [listed, resume, bool(subjects)].count(True) != 1:
        raise typer.BadParameter("name whom or what to forget, or use --list or --resume", param_hint="WHO|LINK")
    if listed:
        return _print_requests(settings)
    for place in thrown_away or []:
        throw_away_place(settings.home, str(place.absolute()))
    remember_also(settings.home, also or [])
    if resume and not any(request.is_open for request in _list_requests(settings)):
        return say(out, "no request is open: all were completed")
    report = _carry_out(settings, subjects or [], marked_only, dry_run)
    _print_report(report, dry_run)
    sys.exit(1 if report.troubles else 0)


def _carry_out(settings: "Settings", words: Sequence[str], marked_only: bool, is_dry: bool) -> "ForgetReport":
    from pipelines.collecting import planning
    from pipelines.collecting.people_key import open_people
    from pipelines.commands.forgetting.forgetting import Forgetting
    from pipelines.commands.forgetting.subjects import read_subjects

    catalog, people = planning.open_catalog(settings), open_people(settings)
    subjects = read_subjects(words, catalog, people, marked_only)
    return Forgetting(settings, catalog, people, subjects, is_dry).carry_out()


def _print_report(report: "ForgetReport", is_dry: bool) -> None:
    from pipelines.commands.forgetting.counts import describe_counts

    gone = describe_counts(report.counts)
    say(out, f"{'would go' if is_dry else 'gone'}: {gone or 'nothing: none of it is kept anywhere'}")
    for path in report.removed:
        say(out, f"{path}: {'would be removed' if is_dry else 'removed'}; export it again")
    for remark in report.remarks:
        say(out, f"note: {remark}", "yellow")
    for trouble in report.troubles:
        say(out, f"not done: {trouble}", "red")
    if is_dry:
        say(out, "nothing was changed; run it without --dry-run")
    elif report.troubles:
        say(out, "It is not collected again, and gone from all places but those above.")
    else:
        say(out, "searched everything that is left: nothing of it is there. It is not collected again.")


def _list_requests(settings: "Settings") -> "list[ForgetRequest]":
    from warehouse.forgetting.register import read_requests
    from warehouse.landing import open_zone

    zone = open_zone(settings.landing_url)
    return read_requests(zone.files, zone.root)


def _print_requests(settings: "Settings") -> None:
    from pipelines.commands.forgetting.counts import describe_counts

    requests = _list_requests(settings)
    if not requests:
        say(out, "nothing has been forgotten yet")
    for request in requests:
        gone = describe_counts(dict(sorted(request.counts.items())))
        end = (
            f"done {request.finished_at[:16]}"
            if request.finished_at
            else "not done: `heartbeat forget --resume` completes it"
        )
        say(out, f"{request.begun_at[:16]}  {request.kind}: {gone or 'nothing was kept'}; {end}")
