"""Checks a project: every id in its files with what becomes of it, and the exit code that follows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args

from pipelines.commands.ends.accepted import Accepted
from pipelines.commands.ends.files import read_files
from pipelines.commands.ends.finder import IdFinder
from pipelines.commands.ends.tree import SkippedFiles
from pipelines.text.values import clean_line
from warehouse.ends.evidence import Evidence
from warehouse.ends.fates import IdFate, Urgency, judge_id, rank_word
from warehouse.faults import WarehouseError

MOST_IDS = 5_000
"""Ids that are judged; a project with more holds a list of them, not their use."""
OLD_AFTER = timedelta(days=7)
"""Age from which evidence may lack an announcement that matters."""


@dataclass(frozen=True, slots=True)
class FoundId:
    """An id at one place in a project."""

    path: Path
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class JudgedId:
    """An id of a project with what becomes of it, and each place that has it; one that was asked for has none."""

    id: str
    fate: IdFate
    places: tuple[FoundId, ...]


@dataclass(slots=True)
class ProjectReport:
    """The result of a check: the ids found, the evidence that judged them, and the files that were not read."""

    evidence: Evidence
    now: datetime
    until: date
    failing: frozenset[str]
    ids: list[JudgedId] = field(default_factory=list)
    """The most urgent first, of these the soonest."""
    files_read: int = 0
    skipped: SkippedFiles = field(default_factory=SkippedFiles)
    is_whole: bool = False
    """Every id is shown by itself, with the page that decides."""
    ignored: int = 0
    """Places where the project accepts what it finds."""
    unjudged: int = 0
    """Places of ids beyond the first 5,000."""
    notes: list[str] = field(default_factory=list)
    """What is wrong with the comments by which it does."""
    project_home: Path | None = None
    """The home of the evidence if the checked project may have brought it, as nobody named one."""

    @property
    def today(self) -> date:
        """The day (UTC) by which everything is judged."""
        return self.now.date()

    @property
    def exit_code(self) -> int:
        """1 if any id counts as failing, else 0."""
        return int(any(found.fate.word.urgency in self.failing for found in self.ids))

    def warn(self) -> list[str]:
        """Lists what a reader has to know before trusting the report."""
        age = self.now - self.evidence.published_at
        warnings = [clean_line(self.evidence.trouble, 500)] if self.evidence.trouble else []
        if self.evidence.is_sample:
            warnings.append("MADE-UP DATA: this is the sample world; none of these ends is true.")
        if age > OLD_AFTER:
            warnings.append(f"The data are {age.days} days old; what was announced since is not in them.")
        if self.project_home:
            home = clean_line(self.project_home, 300)
            warnings.append(f"The data are those of {home}, in the checked folder; name one you trust with --from.")
        refused = (clean_line(path, 300) for path in self.skipped.refused)
        warnings += [f"git did not list {path}; what it ignores is read as well." for path in refused]
        warnings += [f"Could not be read: {clean_line(path)}" for path in self.skipped.unreadable]
        warnings += self.notes
        if self.unjudged:
            warnings.append(f"More than {MOST_IDS:,} ids: {self.unjudged:,} places were not judged.")
        return warnings


def check_project(
    words: Sequence[str],
    evidence: Evidence,
    now: datetime,
    until: date,
    fail_on: Collection[str],
    include: Collection[str] = (),
    via: str = "",
    since: str = "",
    baseline: Path | None = None,
    output: Path | None = None,
) -> ProjectReport:
    """Finds the ids in files and folders, and judges each, as well as those that are words themselves.

    `include` names the groups of files to read as well, `via` the host that the project runs on, `since` a commit after
    which a file must have changed. Raises WarehouseError if there is no notice, or no file of a folder was read.
    """
    if not evidence.notices:
        raise WarehouseError(f"{evidence.source}: holds no deprecation notice, so nothing can be said of any id")
    finder = IdFinder(evidence.names)
    report = ProjectReport(evidence, now, until, frozenset({"ended", "soon", *fail_on}))
    asked_ids = [word for word in words if not Path(word).exists() and finder.is_id(word)]
    paths = [Path(word) for word in words if word not in asked_ids]
    places: dict[str, list[FoundId]] = {asked: [] for asked in asked_ids}
    accepted = Accepted(baseline, report.today)
    # A report names ids as well, but uses none.
    reports = [path for path in (baseline, output) if path]
    for file in read_files(paths, report.skipped, include, since, reports):
        report.files_read += 1
        for match in finder.find(accepted.read_comments(file.path, file.text), file.kind):
            if accepted.has(match.text, file.path, match.line):
                report.ignored += 1
            elif match.text in places or len(places) < MOST_IDS:
                places.setdefault(match.text, []).append(FoundId(file.path, match.line, match.column))
            else:
                report.unjudged += 1
    report.notes = accepted.warnings
    if not report.files_read and not since and any(path.is_dir() for path in paths):
        raise WarehouseError("no file was read, so nothing was judged; --include reads tests, docs and locks as well")
    for asked, found in places.items():
        report.ids.append(JudgedId(asked, judge_id(asked, evidence.names, report.today, until, via), tuple(found)))
    report.ids.sort(key=_rank)
    return report


def _rank(found: JudgedId) -> tuple[int, object, str]:
    return get_args(Urgency).index(found.fate.word.urgency), rank_word(found.fate.word), found.id
