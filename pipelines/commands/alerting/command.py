"""`heartbeat alerts` and `heartbeat notify`: the commands with their options."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import out, say

if TYPE_CHECKING:
    from pipelines.commands.alerting.watch import Report
    from pipelines.notifying.sending import Notice

NOWHERE = "HEARTBEAT_NOTIFY is not set, so no messages are sent. OPERATIONS.md says what to write there."


def alerts(
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Send nothing; print what would be sent.")] = False,
) -> None:
    """Report what is wrong, and send what is new. It goes to HEARTBEAT_NOTIFY, as in each run of the schedule. Run it
    from cron, too: it tells you when the schedule is dead. Exits with 1 if something is wrong or was not delivered."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.commands.alerting.watch import watch_home
    from warehouse.findings import is_wrong
    from warehouse.settings import read_settings

    settings = read_settings()
    report = watch_home(settings, is_dry)
    _print_report(report, is_dry, settings.clock())
    if not settings.notify_places:
        say(out, NOWHERE)
    sys.exit(1 if is_wrong(report.problems) or report.state.trouble else 0)


def _print_report(report: "Report", is_dry: bool, now: datetime) -> None:
    from pipelines.commands.problems import print_problems

    print_problems(out, report.problems, now)
    for message in report.messages:
        say(out, f"{'would send' if is_dry else 'message'}: {message.notice.title}")
    if not report.messages:
        say(out, "nothing new to send")
    if report.state.trouble:
        say(out, f"the last message was refused: {report.state.trouble}", "red")


def notify(
    failed: Annotated[
        str, typer.Option("--failed", metavar="UNIT", help="Report that this unit of systemd failed, instead.")
    ] = "",
) -> None:
    """Send a test message to each place in HEARTBEAT_NOTIFY. Says which place accepted it, and exits with 1 if one did
    not."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.notifying.sending import deliver_notice
    from warehouse.settings import read_settings

    settings = read_settings()
    if not settings.notify_places:
        say(out, NOWHERE)
        sys.exit(1)
    is_refused = False
    for label, fault in deliver_notice(settings, _make_notice(failed)):
        say(out, f"{label}: {fault or 'sent'}", "red" if fault else "green")
        is_refused |= bool(fault)
    sys.exit(1 if is_refused else 0)


def _make_notice(failed: str) -> "Notice":
    import platform

    import pipelines
    from pipelines.notifying.sending import Notice

    if failed:
        body = f"{failed} failed on {platform.node()}. `journalctl --unit {failed}` there shows why."
        return Notice(f"Heartbeat: {failed} failed", body, "failure")
    body = f"Sent by `heartbeat notify` on {platform.node()}, Heartbeat {pipelines.VERSION}. Alerts will come here."
    return Notice("Heartbeat: a test message", body)
