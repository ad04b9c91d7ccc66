"""Takes somebody or something out of every place that holds it, in an order in which it can be broken off anywhere.

First the list of the forgotten gets its digests, so that nothing comes back; then the landed files go without it; the
warehouse, the snapshots and the copies are made of those. A request counts as done once nothing was found any more.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyarrow import fs

from pipelines.attempts import AttemptRecord, record_attempt
from pipelines.catalog.reader import Catalog
from pipelines.commands.forgetting.copies import CopyScrubber
from pipelines.commands.forgetting.counts import describe_counts
from pipelines.commands.forgetting.rebuilding import rebuild_home
from pipelines.commands.forgetting.subjects import Subject
from pipelines.people import People
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.reader import read_attempts
from warehouse.faults import Fault, LandingError, StoreError
from warehouse.forgetting.attempts import scrub_attempts
from warehouse.forgetting.landed import Scrubbed, change_stored, make_scrub
from warehouse.forgetting.places import CopyKind, read_places
from warehouse.forgetting.register import ForgetRequest, Forgotten, keep_request, read_forgotten, read_requests
from warehouse.forgetting.scrubbing import Scrubber
from warehouse.forgetting.search import search_home
from warehouse.landing import Zone, list_stored, open_zone
from warehouse.lock import COMPACTING, hold_lock
from warehouse.objects.parts import STAGING_DIR
from warehouse.settings import Settings
from warehouse.sharing.followed import FOLDER as FOLLOWED

LANDED = ("landed files", "rows", "texts")
WAIT_SECONDS = 1.0
"""How long a request waits for another one."""
LEFT_SECONDS = 3600
"""Age of a part in the staging folder of the landing zone that no visit writes any more."""


@dataclass(slots=True)
class ForgetReport:
    """What was taken out, or would be, by place, and which places may still hold it."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """Exported files."""


@dataclass(slots=True)
class Forgetting:
    """One request, or without subjects all that are open."""

    settings: Settings
    catalog: Catalog
    people: People
    subjects: Sequence[Subject]
    is_dry: bool = False
    report: ForgetReport = field(default_factory=ForgetReport)

    def carry_out(self) -> ForgetReport:
        """Forgets, or finds what would be forgotten. Raises LandingError, Locked or WarehouseError.

        The ledger of attempts has each run, but not whom it was about: whoever looks at the home hears of one that was
        broken off.
        """
        self.report.remarks += [remark for subject in self.subjects for remark in subject.remarks]
        with hold_lock(self.settings.home, "forget", WAIT_SECONDS, name="forget"):
            zone = open_zone(self.settings.landing_url)
            is_open = any(one.is_open for one in read_requests(zone.files, zone.root))
            if self.is_dry:
                self._forget(zone, was_broken_off=is_open)
            elif self.subjects or is_open:
                with record_attempt(self.settings, AttemptKind.FORGET) as attempt:
                    self._conclude(attempt, self._forget(zone, was_broken_off=is_open))
        return self.report

    def _conclude(self, attempt: AttemptRecord, forgotten: Forgotten) -> None:
        """Says what came of it in words that name nobody."""
        attempt.result = describe_counts(self.report.counts)
        if self.report.troubles:
            attempt.conclude_partly(Fault.STILL_KEPT, list(map(Scrubber(forgotten).scrub_text, self.report.troubles)))

    def _forget(self, zone: Zone, was_broken_off: bool) -> Forgotten:
        forgotten, request = self._begin(zone)
        needles, request = self._scrub_landed(zone, forgotten, request)
        self.report.counts["messages"] += scrub_attempts(self.settings.home, forgotten, self.is_dry)
        if not self.is_dry:
            self._renew_home(was_broken_off)
        copies = CopyScrubber(self.settings, zone, forgotten, self.people.key_id, self.is_dry).scrub_all()
        self.report.counts.update(copies.counts)
        self.report.troubles += copies.troubles
        self.report.removed += copies.removed
        if not self.is_dry:
            self._search(needles)
            self._finish(zone, request)
        return forgotten

    def _begin(self, zone: Zone) -> tuple[Forgotten, ForgetRequest]:
        """Puts what was asked on the list: from now on nothing of it is landed. Without subjects, the oldest open
        request stands for all."""
        forgotten = read_forgotten(zone.files, zone.root, self.people.key)
        if not self.subjects:
            return forgotten, next(one for one in read_requests(zone.files, zone.root) if one.is_open)
        asked = Forgotten(self.people.key)
        for trace, value in sorted(trace for subject in self.subjects for trace in subject.traces):
            forgotten.add(trace, value)
            asked.add(trace, value)
        name = hashlib.sha256("".join(sorted(asked.digests)).encode()).hexdigest()[:16]
        known = {request.id: request for request in read_requests(zone.files, zone.root)}
        kinds = ", ".join(sorted({subject.kind for subject in self.subjects}))
        request = known.get(name) or ForgetRequest(name, kinds, self.settings.clock().isoformat())
        request = replace(request, digests=tuple({*request.digests, *asked.digests}), finished_at="")
        self._keep(zone, request)
        return forgotten, request

    def _keep(self, zone: Zone, request: ForgetRequest) -> None:
        if not self.is_dry:
            keep_request(zone.files, zone.root, request)

    def _scrub_landed(self, zone: Zone, forgotten: Forgotten, request: ForgetRequest) -> tuple[set[str], ForgetRequest]:
        """Takes it out of all landed files, with what belongs to rows that go; returns what nothing may hold then, and
        the request with all that it is known by."""
        needles = {needle for subject in self.subjects for needle in subject.needles}
        total = self._read_landed(zone, forgotten, changes=False)
        while fresh := {forgotten.make_digest(*trace) for trace in total.learned} - forgotten.digests:
            # On the list before the rows are gone that tell it: a run that is killed cannot find them again.
            forgotten.add_digests(fresh)
            request = replace(request, digests=tuple({*request.digests, *fresh}))
            self._keep(zone, request)
            total = self._read_landed(zone, forgotten, changes=False)
        needles |= total.urls
        # Neither may packs be made of these files meanwhile, nor a backup be copied of them.
        with hold_lock(self.settings.home, "forget", name=COMPACTING):
            total = self._read_landed(zone, forgotten, changes=not self.is_dry, tells=True)
        self.report.counts.update(dict(zip(LANDED, (total.files, total.rows, total.texts), strict=True)))
        if not self.is_dry:
            self._remove_left_over(zone)
        # Counted before the rest, since a run that is broken off finds nothing here when it is repeated.
        request = replace(request, counts=dict(Counter(request.counts) + self.report.counts))
        self._keep(zone, request)
        return needles, request

    def _read_landed(self, zone: Zone, forgotten: Forgotten, changes: bool, tells: bool = False) -> Scrubbed:
        total = Scrubbed()
        loose, packs = list_stored(zone)
        for path in [*loose, *packs]:
            try:
                change_stored(zone, path, make_scrub(forgotten, total), is_dry=not changes)
            except StoreError:
                raise
            except LandingError as error:
                if tells:
                    self.report.troubles.append(f"landed file {error}; delete it there: nobody knows what it holds")
        return total

    def _remove_left_over(self, zone: Zone) -> None:
        """Removes parts that killed visits left, which nobody can read; those of visits under way land without it."""
        runs = read_attempts(self.settings.home, AttemptKind.COLLECT)
        is_own = zone.is_local and Path(zone.root).is_relative_to(self.settings.home.absolute())
        is_quiet = is_own and not any(one.state == AttemptState.RUNNING for one in runs)
        selector = fs.FileSelector(f"{zone.root}/{STAGING_DIR}", allow_not_found=True)
        for info in zone.files.get_file_info(selector):
            if is_quiet or time.time() - (info.mtime_ns or 0) / 1e9 > LEFT_SECONDS:
                zone.files.delete_file(info.path)

    def _renew_home(self, was_broken_off: bool) -> None:
        """Makes warehouse and snapshot anew if they may hold it, or if public copies are made of them: such a copy may
        hold what is no longer landed, as a post that its author has deleted."""
        is_published = bool(read_places(self.settings.home)[CopyKind.PUBLIC])
        if was_broken_off or self.report.counts["landed files"] or is_published:
            self.report.troubles += rebuild_home(self.settings, self.catalog)

    def _search(self, needles: set[str]) -> None:
        """Searches the home for what must not be there any more."""
        words = {word for subject in self.subjects for word in subject.words}
        for name in search_home(self.settings.home, needles, words):
            if name.startswith(f"{FOLLOWED}/"):
                self.report.remarks.append(f"{name}: a snapshot of another publisher names it; ask them, and delete it")
            else:
                ordinary = "; with --marked-only, if the name is an ordinary word" if words else ""
                advice = (
                    "stop `heartbeat serve` and `heartbeat up`, delete the file if it only holds messages, and run "
                    f"this again{ordinary}"
                )
                self.report.troubles.append(f"{name} still holds it: {advice}")

    def _finish(self, zone: Zone, request: ForgetRequest) -> None:
        """Notes what went from the other places, and the end of all open requests: each was looked for in all."""
        counts = {name: number for name, number in self.report.counts.items() if name not in LANDED}
        self._keep(zone, replace(request, counts=dict(Counter(request.counts) + Counter(counts))))
        if not self.report.troubles:
            for one in read_requests(zone.files, zone.root):
                if one.is_open:
                    self._keep(zone, replace(one, finished_at=self.settings.clock().isoformat()))
