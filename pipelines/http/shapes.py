"""A guard that turns an answer of unexpected shape into a clear error instead of a crash."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.http.errors import Fatal


@contextmanager
def raises_on_unexpected_shape(answer: str) -> Iterator[None]:
    """Guards a function or block that parses an answer. Raises Fatal, without any text of the answer."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else type(error).__name__
        raise Fatal(f"{answer} has an unexpected shape: {what}") from None
