"""A guard that turns an answer of unexpected shape into a clear error instead of a crash."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.http.errors import Fatal
from pipelines.http.items import SHAPE_ERRORS, describe_shape_error


@contextmanager
def raises_on_unexpected_shape(answer: str) -> Iterator[None]:
    """Guards a function or block that parses an answer. Raises Fatal, without any text of the answer."""
    try:
        yield
    except SHAPE_ERRORS as error:
        raise Fatal(f"{answer} has an unexpected shape: {describe_shape_error(error)}") from None
