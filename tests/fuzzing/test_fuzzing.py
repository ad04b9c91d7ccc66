"""Whatever strangers write is read, or refused in words, in a moment."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing.findings import FINDINGS
from tests.fuzzing.readers import Reader, list_readers

pytestmark = pytest.mark.slow

READERS = list_readers()
LONGEST = 60_000
"""Characters of the longest input: enough for a quadratic reader to be slow."""
MOST_SECONDS = 3.0
"""CPU seconds that any input may take; the slowest honest ones take a tenth of that."""
COMMON = (
    "", " ", "\n", "\t", "\x00", "\x1b[2J", "\u202e", "\ud800", "\ufeff", "\u2028", "e\u0301", "<", ">", "&", '"', "'", "`", "*",
    "[", "(", "{", "|", "#", "-", "=", ":", "/", "\\", "0", "1e400", "9" * 25, "NaN", "²", "٣", "\r\n", "../../x", "%00",
)  # fmt: skip
"""Pieces that have broken readers of any kind."""


class TooSlow(BaseException):
    """A reader took longer than `MOST_SECONDS`; none of its own guards may catch this."""


def make_inputs(pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Draws phrases of a grammar, and pieces of it repeated very often."""
    piece = st.one_of(st.sampled_from(pieces), st.sampled_from(COMMON), st.text(max_size=6))
    phrase = st.lists(piece, max_size=40).map("".join)
    part = st.lists(piece, min_size=1, max_size=3).map("".join)
    repeated = st.builds(
        lambda head, unit, count, tail: head + unit * min(count, LONGEST // max(1, len(unit))) + tail,
        part, part, st.sampled_from((3, 12, 60, LONGEST)), part,
    )  # fmt: skip
    return phrase | repeated


def run_reader(reader: Reader, text: str, seconds: float = MOST_SECONDS) -> None:
    """Runs a reader on an input; raises what is a finding."""
    with _limit_cpu(seconds), suppress(*reader.refusals):
        reader.read(text)


@contextmanager
def _limit_cpu(seconds: float) -> Iterator[None]:
    """Raises TooSlow after the limit. CPU time, since a busy machine makes nothing of ours slower."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("name", READERS)
def test_no_text_of_strangers_breaks_or_stalls_a_reader(name: str) -> None:
    """A few inputs of each kind."""

    @settings(max_examples=8, database=None, deadline=None)
    @given(make_inputs(READERS[name].pieces))
    def run(text: str) -> None:
        run_reader(READERS[name], text)

    run()


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FINDINGS.items() for text in texts])
def test_what_fuzzing_found_stays_mended(name: str, text: str) -> None:
    """Each of these once crashed a reader, or kept it busy for longer than anybody waits."""
    run_reader(READERS[name], text)


def test_a_reader_that_stalls_or_breaks_is_seen() -> None:
    """One loops for ever, and the error of another is none of its own."""

    def stall(_: str) -> None:
        while True:
            pass

    with pytest.raises(TooSlow):
        run_reader(Reader(stall, ()), "", seconds=0.1)
    with pytest.raises(ZeroDivisionError):
        run_reader(Reader(lambda text: 1 / len(text), (), (ValueError,)), "")
