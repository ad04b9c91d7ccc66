"""Every recording is met by exactly one source, which reads it or refuses it in words, or is said to be met by none,
and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import sources
from pipelines.http.errors import SourceError
from tests.paths import RECORDINGS
from tests.pipelines.collecting.replays import exchanges, met_by
from tests.recordings.claimed import CLAIMS, claims_of
from tests.recordings.talks import asked
from tests.worlds.raw_server import RawServer, raw_server

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
NAMES = sorted(
    path.relative_to(RECORDINGS).as_posix()
    for path in RECORDINGS.rglob("*")
    if path.is_file() and path != RECORDINGS / "README.md"
)


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_is_claimed_once_and_read_or_refused_in_words(name: str, server: RawServer) -> None:
    """By the source itself, over HTTP, as its upstream would have answered."""
    (claim,) = claims_of(name)
    if claim.read is None:
        assert not claim.by and len(claim.why) > 20
        return
    if claim.refusal:
        assert claim.why
        with pytest.raises(SourceError, match=claim.refusal):
            claim.read(RECORDINGS / name, server)
        return
    rows = claim.read(RECORDINGS / name, server)
    assert rows > 0 or _is_never_asked(RECORDINGS / name)


def _is_never_asked(path: Path) -> bool:
    """Whether a recording of a vendor's client holds nothing that our source would ask for."""
    if path.parent.name == "praw_cassettes":
        return not list(asked(path))
    return path.parent.name == "pygithub_replay" and all(
        met_by(one)[0].startswith(("never", "the probe")) for one in exchanges(path)
    )


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.pattern)
def test_a_claim_is_of_a_source_that_is_there_and_of_a_recording_that_is_there(claim: object) -> None:
    """A claim to nothing, or by nobody, would look like a test."""
    assert any(claim in claims_of(name) for name in NAMES)
    assert claim.source in ("", *sources.list_sources())  # type: ignore[attr-defined]


def test_every_exchange_of_pygithub_s_recordings_falls_under_a_rule() -> None:
    """What our source asks for, what it never asks for, and why: 388 exchanges in 148 files."""
    found = [one for path in sorted((RECORDINGS / "github" / "pygithub_replay").iterdir()) for one in exchanges(path)]
    assert len(found) == 388 and all(met_by(one) for one in found)
    assert sum(met_by(one)[0] == "repositories" for one in found) == 8
