"""What was spent of each source's budget today, by the ledger of attempts."""

from collections.abc import Iterable
from datetime import UTC, datetime

from warehouse.attempts.amounts import UNSPENT, Use
from warehouse.attempts.entries import Attempt, Beginning


def read_day_use(attempts: Iterable[Attempt], now: datetime, own: Beginning | None = None) -> dict[str, Use]:
    """Reads what all runs spent on the day (UTC) of an instant, by source; excludes the run that began as `own`."""
    day, uses = now.astimezone(UTC).date(), dict[str, Use]()
    for attempt in attempts:
        if attempt.beginning != own:
            for channel_id, (at, use) in attempt.spent.items():
                if at.astimezone(UTC).date() == day:
                    source = channel_id.split(".")[1]
                    uses[source] = uses.get(source, UNSPENT) + use
    return uses
