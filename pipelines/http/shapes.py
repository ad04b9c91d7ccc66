"""An answer of another shape than we know is an error that says so, never a crash."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.http.errors import Fatal


@contextmanager
def raises_on_unexpected_shape(answer: str) -> Iterator[None]:
    """Guards a function or a block that takes an answer apart. Raises Fatal, without any text of the answer."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else type(error).__name__
        raise Fatal(f"{answer} has another shape than is known here: {what}") from None
