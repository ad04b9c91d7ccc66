"""The world's clock: it moves only when it is asked to."""

from datetime import UTC, datetime


class Clock:
    """Whole seconds since 1970; `revision` counts whatever else changed."""

    def __init__(self, now: datetime) -> None:
        self.now = int(now.timestamp())
        self.revision = 0

    def at(self) -> datetime:
        """The instant as a datetime."""
        return datetime.fromtimestamp(self.now, UTC)


def iso(seconds: int) -> str:
    """`2026-11-24T16:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(seconds: int | None) -> str | None:
    """The same, or None."""
    return None if seconds is None else iso(seconds)


def iso_millis(seconds: int, millis: int = 0) -> str:
    """`2026-11-24T16:00:00.250Z`."""
    return iso(seconds)[:-1] + f".{millis % 1000:03d}Z"


def seconds(text: str) -> int:
    """Epoch seconds of an ISO instant; raises ValueError. Without an offset it is UTC."""
    value = datetime.fromisoformat(text)
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
