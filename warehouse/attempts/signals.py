"""The signal that ends this process, as the ledger of attempts tells it."""

import signal

_received: list[int] = []


def note_signal(number: int) -> None:
    """Notes a signal that ends this process; the first one stands."""
    if not _received:
        _received.append(number)


def find_signal(error: BaseException | None = None) -> int | None:
    """Finds the signal that ends this process, or that an error tells of; None if there is none."""
    if _received:
        return _received[0]
    # Prefect's error of an ended run bears the number.
    return signal.SIGINT if isinstance(error, KeyboardInterrupt) else getattr(error, "signal", None)


def describe_signal(number: int | None) -> str:
    """Describes an end by a signal: `ended by SIGTERM`; empty for none."""
    if number is None:
        return ""
    return f"ended by {signal.Signals(number).name}" + (" (Ctrl-C)" if number == signal.SIGINT else "")
