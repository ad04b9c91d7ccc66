"""Recorded answers are read by the source itself, over HTTP, as its upstream would have answered, or refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.http.errors import SourceError
from tests.paths import RECORDINGS
from tests.pipelines.collecting.replays import exchanges, met_by
from tests.recordings.claimed import READERS, REFUSALS
from tests.recordings.talks import asked
from tests.worlds.raw_server import RawServer, raw_server

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
RECORDED = [
    pytest.param(pattern, path, id=path.relative_to(RECORDINGS).as_posix())
    for pattern in READERS
    for path in sorted(RECORDINGS.glob(pattern))
]


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.mark.parametrize(("pattern", "path"), RECORDED)
def test_a_recording_is_read_or_refused_in_words(pattern: str, path: Path, server: RawServer) -> None:
    """One that holds nothing that our source would ask for brings no row."""
    if pattern in REFUSALS:
        with pytest.raises(SourceError, match=REFUSALS[pattern]):
            READERS[pattern](path, server)
        return
    assert READERS[pattern](path, server) > 0 or _is_never_asked(path)


def _is_never_asked(path: Path) -> bool:
    if path.parent.name == "praw_cassettes":
        return not list(asked(path))
    return path.parent.name == "pygithub_replay" and all(
        met_by(one)[0].startswith(("never", "the probe")) for one in exchanges(path)
    )


def test_every_reader_has_recordings() -> None:
    """A pattern that matches nothing would look like a test."""
    assert [pattern for pattern in READERS if not list(RECORDINGS.glob(pattern))] == []
