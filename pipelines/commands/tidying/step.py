"""Tidies an installation, as the command and the schedule do each night."""

from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind
from warehouse.durable import explain_storage_faults
from warehouse.faults import Fault
from warehouse.forgetting.shedding import shed_withdrawn
from warehouse.landing import open_zone
from warehouse.lock import COMPACTING, hold_lock
from warehouse.packing.compacting import CompactionReport, compact_zone
from warehouse.settings import Settings
from warehouse.upkeep.aging import remove_aged


def tidy_home(settings: Settings) -> list[str]:
    """Packs old landed files and removes what is old; returns what it did, a line each. Raises Locked, LandingError or
    WarehouseError."""
    with (
        record_attempt(settings, AttemptKind.TIDY) as attempt,
        explain_storage_faults("tidy", settings.home),
        hold_lock(settings.home, "tidy"),
        hold_lock(settings.home, "tidy", wait_seconds=1, name=COMPACTING),
    ):
        report = compact_zone(open_zone(settings.landing_url))
        shed = shed_withdrawn(settings.home)
        removed = [str(path.relative_to(settings.home)) for path in remove_aged(settings.home, settings.keep_days)]
        lines = [_describe_compaction(report), *filter(None, [shed])]
        if removed:
            lines.append(
                f"removed because older than {settings.keep_days} days (HEARTBEAT_KEEP_DAYS): {', '.join(removed)}"
            )
        attempt.result = "; ".join(lines)
        if report.left_out:
            attempt.conclude_partly(Fault.DAMAGED, report.left_out)
        return [*lines, *(f"left unchanged: {reason}" for reason in report.left_out)]


def _describe_compaction(report: CompactionReport) -> str:
    size = f"{report.bytes_before / 1e6:,.1f} MB"
    if not report.packed:
        return f"landed files: {report.files_before:,} ({size}), and too few new ones to pack"
    return (
        f"landed files: packed {report.packed:,}; {report.files_before:,} files ({size}) are now"
        f" {report.files_after:,} ({report.bytes_after / 1e6:,.1f} MB)"
    )
