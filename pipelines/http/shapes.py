"""A guard that turns an answer of unexpected shape into a clear error instead of a crash."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.http.errors import Fatal
from pipelines.http.items import SHAPE_ERRORS


@contextmanager
def raises_on_unexpected_shape(answer: str) -> Iterator[None]:
    """Guards a function or block that parses an answer. Raises Fatal, without any text of the answer."""
    try:
        yield
    except SHAPE_ERRORS as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else type(error).__name__
        raise Fatal(f"{answer} has an unexpected shape: {what}") from None
