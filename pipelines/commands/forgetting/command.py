"""`heartbeat forget`. It is thin and delegates to the modules it imports."""

import sys
from typing import Annotated

import typer

from pipelines.commands.terminal import handle_ending_signals, out, say

Subjects = Annotated[
    list[str],
    typer.Argument(
        metavar="WHO|LINK",
        help="SOURCE:ACCOUNT, such as github:octocat, reddit:u/name, discourse:FORUM/name or "
        "stackexchange:SITE/NUMBER; or the address of a thread, post, model or repository.",
    ),
]
MarkedOnly = Annotated[
    bool, typer.Option("--marked-only", help="The name is an ordinary word: only titles with @name or u/name go.")
]


def forget(
    subjects: Subjects,
    marked_only: MarkedOnly = False,
) -> None:
    """Delete a person or a link, and say where copies may remain. It goes from the whole home, and is not collected
    again. Exits with 1 if a file of the home may still hold it."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.collecting import planning
    from pipelines.collecting.people_key import open_people
    from pipelines.commands.forgetting.forgetting import forget_subjects
    from pipelines.commands.forgetting.subjects import read_subjects
    from warehouse.settings import read_settings

    handle_ending_signals()
    settings = read_settings()
    catalog, people = planning.open_catalog(settings), open_people(settings)
    asked = read_subjects(subjects, catalog, people, marked_only)
    for subject in asked:
        if subject.remark:
            say(out, f"note: {subject.remark}", "yellow")
    report = forget_subjects(settings, catalog, people, asked)
    for trouble in report.troubles:
        say(out, f"not done: {trouble}", "red")
    if not report.troubles:
        say(out, "deleted from this home, and searched all its files: nothing of it is left")
    for copy in report.copies:
        say(out, f"a copy may remain: {copy}")
    if report.copies:
        say(out, "delete these or write them again with `heartbeat backup`, `export` and `publish --to`")
    sys.exit(1 if report.troubles else 0)
