"""Commands that tell people. Each is thin and delegates to the module it imports."""

import sys

from pipelines.commands.terminal import out, say


def notify() -> None:
    """Send a test message to every place of HEARTBEAT_NOTIFY, and say of each whether it went. Exits with 1 if one
    did not."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    import platform

    import pipelines
    from pipelines.notifying.sending import Notice, deliver_notice
    from warehouse.settings import NOTIFY, read_settings

    settings = read_settings()
    if not settings.notify_places:
        say(out, f"{NOTIFY} is not set: nobody is told anything. The README says what to write there.")
        sys.exit(1)
    body = f"Sent by `heartbeat notify` on {platform.node()}, Heartbeat {pipelines.VERSION}. Alerts will come here."
    faults = []
    for label, fault in deliver_notice(settings, Notice("Heartbeat: a test message", body)):
        say(out, f"{label}: {fault or 'sent'}", "red" if fault else "green")
        faults.append(fault)
    sys.exit(1 if any(faults) else 0)
