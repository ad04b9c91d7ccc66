"""Forgets persons and links: adds them to the list, deletes them from the warehouse, builds, publishes, and searches.

A run that is killed is completed by running it again; every build deletes what is on the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines import steps
from pipelines.attempts import record_attempt
from pipelines.catalog.reader import Catalog
from pipelines.commands.forgetting.subjects import Subject
from pipelines.people import People
from warehouse.attempts.entries import AttemptKind
from warehouse.durable import explain_storage_faults
from warehouse.faults import Fault
from warehouse.forgetting.places import read_places
from warehouse.forgetting.register import Forgotten, keep_digests
from warehouse.forgetting.search import search_home
from warehouse.forgetting.shedding import shed_withdrawn
from warehouse.landing import open_zone
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.sharing.followed import FOLDER as FOLLOWED

ADVICE = "stop `heartbeat serve` and `heartbeat up`, delete the file if it only holds messages, and run this again"


@dataclass(slots=True)
class ForgetReport:
    """What the home still holds, and where copies may."""

    troubles: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)


def forget_subjects(settings: Settings, catalog: Catalog, people: People, subjects: Sequence[Subject]) -> ForgetReport:
    """Deletes persons and links from a home. Raises LandingError, Locked or WarehouseError."""
    zone = open_zone(settings.landing_url)
    with hold_lock(settings.home, "forget", 1, name="forget"), record_attempt(settings, AttemptKind.FORGET) as attempt:
        forgotten = Forgotten(people.key)
        traces = {trace for subject in subjects for trace in subject.traces}
        keep_digests(zone, {forgotten.make_digest(*trace) for trace in traces})
        result = steps.refresh_warehouse(settings, catalog)
        with hold_lock(settings.home, "forget"), explain_storage_faults("forget", settings.home):
            shed_withdrawn(settings.home)
        needles = {needle for subject in subjects for needle in subject.needles}
        left = search_home(settings.home, needles)
        report = ForgetReport(
            [f"landed file {refusal}" for refusal in result.loaded.refused]
            + [f"{name} still holds it: {ADVICE}" for name in left if not name.startswith(f"{FOLLOWED}/")],
            [f"{kind} {place}" for kind, places in read_places(settings.home).items() for place in places]
            + [f"snapshot of another publisher {name}" for name in left if name.startswith(f"{FOLLOWED}/")],
        )
        if report.troubles:
            attempt.conclude_partly(Fault.STILL_KEPT, report.troubles)
    return report
