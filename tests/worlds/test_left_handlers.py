"""A test leaves nothing on the loggers that all tests share."""

import io
import logging

import pytest

HEARD = io.StringIO()


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.parametrize("name", [None, "heartbeat"])
def test_what_a_test_left_on_a_logger_hears_nothing_of_the_next(name: str | None, turn: str) -> None:
    """A flow leaves Prefect's console, which writes to the terminal of its own test."""
    logging.getLogger(name).warning("a warning")
    assert HEARD.getvalue() == ""
    logging.getLogger(name).addHandler(logging.StreamHandler(HEARD))
