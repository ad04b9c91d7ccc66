"""`heartbeat forget`: adds to the list, deletes from the warehouse, builds, publishes, and sheds the bytes.

A run that is killed is completed by running it again.
"""

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import handle_ending_signals, out, say

if TYPE_CHECKING:
    from pipelines.catalog.reader import Catalog
    from warehouse.settings import Settings

ADVICE = "stop `heartbeat serve` and `heartbeat up`, delete the file if it only holds messages, and run this again"
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


def forget(subjects: Subjects, marked_only: MarkedOnly = False) -> None:
    """Delete a person or a link, and say where copies may remain. It goes from the whole home, and is not collected
    again. Exits with 1 if a file of the home may still hold it."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.collecting import planning
    from pipelines.collecting.people_key import open_people
    from pipelines.commands.forgetting.subjects import read_subject
    from warehouse.forgetting.places import read_places
    from warehouse.settings import read_settings
    from warehouse.wording import count_things

    handle_ending_signals()
    settings = read_settings()
    catalog, people = planning.open_catalog(settings), open_people(settings)
    words = {word for subject in subjects for word in read_subject(subject.strip(), catalog, people, marked_only)}
    count, troubles = _forget_words(settings, catalog, people.key, words)
    for trouble in troubles:
        say(out, f"not done: {trouble}", "red")
    if not troubles:
        say(out, f"{count_things(count, 'loaded row')} deleted or changed: nothing of it is left in this home")
    copies = [f"{kind} {place}" for kind, places in read_places(settings.home).items() for place in places]
    for copy in copies:
        say(out, f"a copy may remain: {copy}")
    if copies:
        say(out, "delete these or write them again with `heartbeat backup`, `export` and `publish --to`")
    sys.exit(1 if troubles else 0)


def _forget_words(settings: "Settings", catalog: "Catalog", key: bytes, words: set[str]) -> tuple[int, list[str]]:
    """Deletes all that the words name; returns how many rows that concerned, and what still holds it.

    Raises LandingError, Locked or WarehouseError.
    """
    from pipelines import steps
    from pipelines.attempts import record_attempt
    from warehouse.attempts.entries import AttemptKind
    from warehouse.database import open_warehouse
    from warehouse.durable import explain_storage_faults
    from warehouse.faults import Fault
    from warehouse.forgetting.blotting import blot_out
    from warehouse.forgetting.register import keep_digests, read_forgotten
    from warehouse.forgetting.rows import forget_rows
    from warehouse.forgetting.shedding import shed_withdrawn
    from warehouse.landing import open_zone
    from warehouse.lock import hold_lock

    zone = open_zone(settings.landing_url)
    with record_attempt(settings, AttemptKind.FORGET) as attempt, explain_storage_faults("forget", settings.home):
        forgotten = read_forgotten(zone, key)
        keep_digests(zone, map(forgotten.make_digest, words))
        with hold_lock(settings.home, "forget"), closing(open_warehouse(settings.home)) as connection:
            count = forget_rows(connection, zone, read_forgotten(zone, key))
        steps.refresh_warehouse(settings, catalog)
        with hold_lock(settings.home, "forget"):
            shed_withdrawn(settings.home)
        troubles = [f"{name} still holds it: {ADVICE}" for name in blot_out(settings.home, words)]
        if troubles:
            attempt.conclude_partly(Fault.STILL_KEPT, troubles)
    return count, troubles
