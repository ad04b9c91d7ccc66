"""Commands that tell people. Each is thin and delegates to the module it imports."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import Json, out, say

if TYPE_CHECKING:
    from pipelines.commands.alerting.watch import Report

STYLES = {"note": "", "warning": "yellow", "error": "red", "urgent": "red"}


def alerts(
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Send nothing; print what would be sent.")] = False,
    as_json: Json = False,
) -> None:
    """Report what is wrong, and send what is new. It goes to HEARTBEAT_NOTIFY, as in each run of the schedule. Run it
    from cron, too: it tells you when the schedule is dead. Exits with 1 if something is wrong or was not delivered."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.commands.alerting.watch import report_to_json, watch_home
    from pipelines.notifying.conditions import list_sent
    from warehouse.settings import read_settings

    report = watch_home(read_settings(), is_dry)
    if as_json:
        print(json.dumps(report_to_json(report), indent=1))
    else:
        _print_report(report, is_dry)
    is_undelivered = not is_dry and bool(report.state.trouble)
    sys.exit(1 if list_sent(report.conditions) or is_undelivered else 0)


def _print_report(report: "Report", is_dry: bool) -> None:
    from pipelines.notifying.alerts import describe_undelivered
    from warehouse.settings import NOTIFY

    for condition in report.conditions:
        word = condition.severity.name.lower()
        say(out, f" {condition.words}. {condition.remedy}", STYLES[word], mark=f"{word:7}")
    if not report.conditions:
        say(out, "nothing is wrong", "green")
    for message in report.messages:
        say(out, f"{'would send' if is_dry else 'message'}: {message.notice.title}")
    if report.place_count == 0:
        say(out, f"{NOTIFY} is not set, so no alerts are sent. OPERATIONS.md says what to write there.")
    elif not report.messages:
        say(out, "nothing new to send")
    for line in [] if is_dry else describe_undelivered(report.state):
        say(out, line, "red")


def notify() -> None:
    """Send a test message to each place in HEARTBEAT_NOTIFY. Says which place accepted it, and exits with 1 if one did
    not."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    import platform

    import pipelines
    from pipelines.notifying.sending import Notice, deliver_notice
    from warehouse.settings import NOTIFY, read_settings

    settings = read_settings()
    if not settings.notify_places:
        say(out, f"{NOTIFY} is not set, so no messages are sent. OPERATIONS.md says what to write there.")
        sys.exit(1)
    body = f"Sent by `heartbeat notify` on {platform.node()}, Heartbeat {pipelines.VERSION}. Alerts will come here."
    faults = []
    for label, fault in deliver_notice(settings, Notice("Heartbeat: a test message", body)):
        say(out, f"{label}: {fault or 'sent'}", "red" if fault else "green")
        faults.append(fault)
    sys.exit(1 if any(faults) else 0)
