"""An answer of another shape is refused with the reason, and without a word of the answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pipelines.http.errors import Fatal
from pipelines.http.shapes import raises_on_unexpected_shape


def _refuse(value: Any) -> None:
    raise ValueError("not an instant")


@pytest.mark.parametrize(
    ("read", "value", "reason"),
    [
        (_refuse, "", "not an instant"), (int, "Ada's \"x\"", "invalid literal for int() with base 10: …"),
        (datetime.fromisoformat, "Ada", "Invalid isoformat string: …"), (len, 7, "TypeError"),
        (lambda value: value["at"], {}, "lacks 'at'"),
    ],
)  # fmt: skip
def test_an_unexpected_shape_is_named_with_its_reason(read: Callable[[Any], Any], value: Any, reason: str) -> None:
    """It said "ValueError", which tells nobody what to look for."""
    with pytest.raises(Fatal) as refused, raises_on_unexpected_shape("a topic"):
        read(value)
    assert str(refused.value) == f"a topic has an unexpected shape: {reason}"
