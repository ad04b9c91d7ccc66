"""The signal that ends this process, as the ledger of attempts tells it."""

import signal

_received: list[int] = []


def note_signal(number: int) -> None:
    """Notes a signal that ends this process; the first one stands."""
    if not _received:
        _received.append(number)


def find_signal(error: BaseException | None = None) -> int | None:
    """Finds the signal that ends this process, also behind the error that a library or a cleanup made of it."""
    if _received:
        return _received[0]
    while error:
        if isinstance(error, KeyboardInterrupt):
            return signal.SIGINT
        # Prefect's error of an ended run has the number.
        if number := getattr(error, "signal", None):
            return int(number)
        # DuckDB replaces what a signal's handler raises by this. No handler but Prefect's, for SIGTERM, notes nothing.
        if str(error) == "Query interrupted":
            return signal.SIGTERM
        error = error.__cause__ or error.__context__
    return None


def describe_signal(number: int | None) -> str:
    """Describes an end by a signal: `ended by SIGTERM`; empty for none."""
    if number is None:
        return ""
    return f"ended by {signal.Signals(number).name}" + (" (Ctrl-C)" if number == signal.SIGINT else "")
