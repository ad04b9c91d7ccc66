"""An answer of another shape than we know is an error that says so, never a crash."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pipelines.http.errors import Fatal

Given = ParamSpec("Given")
Made = TypeVar("Made")


def raises_on_unexpected_shape(upstream: str) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Marks a function that takes an answer of this upstream apart. Raises Fatal, without any text of the answer."""

    def mark(make: Callable[Given, Made]) -> Callable[Given, Made]:
        @wraps(make)
        def made(*args: Given.args, **kwargs: Given.kwargs) -> Made:
            try:
                return make(*args, **kwargs)
            except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
                what = f"lacks {error}" if isinstance(error, KeyError) else type(error).__name__
                raise Fatal(
                    f"{upstream}'s answer has another shape than {make.__name__.strip('_')} knows: {what}"
                ) from None

        return made

    return mark
