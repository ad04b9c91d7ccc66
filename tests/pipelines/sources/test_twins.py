"""Every recorded form is met without the recordings, too: the same reader reads an answer of our own in the same
form."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.http.errors import SourceError
from tests.paths import RECORDINGS
from tests.recordings.claimed import CLAIMS, Claim
from tests.recordings.twins import FILES, write_twins
from tests.worlds.raw_server import RawServer, raw_server

READ = [claim for claim in CLAIMS if claim.read is not None]
ROWS = {
    "changelogs/openai-python__CHANGELOG.md": 22, "changelogs/anthropic-sdk-python__CHANGELOG.md": 21,
    "changelogs/google_changelog.html": 3,
    "changelogs/mistral-platform-docs/2026-10-09.mdx": 1,
    # A notice and what happened to it; of the table of active models none.
    "changelogs/openai_deprecations.html": 8, "changelogs/aws_bedrock_lifecycle.html": 4,
    "changelogs/azure_foundry_lifecycle.html": 6,
    "changelogs/xai_models.html": 0,
    # Incidents and components.
    "status/status.openai.com__api_v2_summary.json": 4, "status/status.claude.com__api_v2_summary.json": 2,
    "status/www.githubstatus.com__history.atom": 2, "status/status.cloud.google.com__incidents.json": 24,
    # The two models of the organisation's own, as listed and in detail.
    "huggingface/Mistral-Small-24B-Base-2501_finetunes_20250405_001816.json": 4,
    "huggingface/Llama-4-Scout-17B-16E_finetunes_20250411_001929.json": 4,
    "github/llama_cpp_issues_sample.jsonl": 4, "github/sglang_issues_sample.jsonl": 4,
    "github/pygithub_replay/Twin.testRepository.txt": 1, "github/pygithub_replay/Twin.testRelease.txt": 1,
    "github/pygithub_replay/Twin.testCommits.txt": 3,
    # Refused, each once.
    "github/pygithub_replay/Twin.testOldRepository.txt": 1, "github/pygithub_replay/Twin.testUnknownRepository.txt": 1,
    "github/pygithub_replay/Twin.testUnknownRelease.txt": 1, "github/pygithub_replay/Twin.testOtherQuestion.txt": 1,
    "github/pygithub_replay/Twin.testBadCredentials.txt": 1,
    # Never asked.
    "github/pygithub_replay/Twin.testNonJson.txt": 0, "github/pygithub_replay/Twin.testProbe.txt": 0,
    "github/pygithub_replay/Twin.testComment.txt": 0, "reddit/praw_cassettes/Twin.test_vote.json": 0,
    # Posts of text; with what is said below, but for what was deleted; a list of several subreddits is refused once.
    "reddit/LocalLLaMA_new.json": 3, "reddit/praw_cassettes/Twin.test_new.json": 3,
    "reddit/praw_cassettes/Twin.test_comments.json": 2,
    "reddit/praw_cassettes/Twin.test_all.json": 1,
    "discourse/list.json": 3, "discourse/topic.json": 4, "discourse/silent_topic.json": 1, "discourse/posts.json": 3,
    "stackexchange/stackexchange_question": 2, "stackexchange/stackexchange_question_page": 4,
    "stackexchange/stackexchange_question_backoff_page": 4, "stackexchange/stackexchange_question_parse": 0,
}  # fmt: skip
"""How many rows the source makes of each twin."""


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the twins."""
    return write_twins(tmp_path_factory.mktemp("twins"))


@pytest.mark.parametrize("claim", READ, ids=lambda claim: claim.pattern)
def test_every_recorded_form_has_a_twin(claim: Claim) -> None:
    """A form that only a recording shows is never met in a clone without the recordings."""
    assert claim.twins


def test_every_twin_is_the_twin_of_something() -> None:
    """One that no claim names would be read by nobody."""
    assert {name for claim in READ for name in claim.twins} == set(FILES) == set(ROWS)


@pytest.mark.parametrize(
    ("claim", "name"),
    [pytest.param(claim, name, id=f"{claim.by}: {name}") for claim in READ for name in claim.twins],
)
def test_a_twin_is_read_as_its_recording_is(claim: Claim, name: str, root: Path, server: RawServer) -> None:
    """Over HTTP, by the source itself: so many rows, or the refusal in the same words."""
    assert claim.read is not None
    if claim.refusal:
        with pytest.raises(SourceError, match=claim.refusal):
            claim.read(root / name, server)
        return
    assert claim.read(root / name, server) == ROWS[name]


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
@pytest.mark.parametrize(
    "name", [name for name in FILES if not name.endswith((".md", ".mdx", ".html", ".atom", ".txt"))]
)
def test_a_twin_has_no_field_that_its_recordings_have_not(name: str, root: Path) -> None:
    """Else it would be in a form of its own, and prove nothing about the real one."""
    patterns = [claim.pattern for claim in READ if name in claim.twins]
    recorded = {field for pattern in patterns for path in RECORDINGS.glob(pattern) for field in _fields_of(path)}

    assert recorded and _fields_of(root / name) <= recorded


def _fields_of(path: Path) -> set[str]:
    """Gives the names of all fields of a file of JSON, or of lines of JSON, with the way to each."""
    text = path.read_text(encoding="utf-8")
    return _list_fields(
        [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)
    )


def _list_fields(value: Any, way: str = "") -> set[str]:
    if isinstance(value, str) and way.endswith((".metadata", ".body.string")) and value[:1] in ("{", "["):
        return _list_fields(json.loads(value), way)  # JSON within a string
    if isinstance(value, list):
        return set().union(*(_list_fields(item, f"{way}[]") for item in value))
    if not isinstance(value, dict):
        return set()
    return {f"{way}.{name}" for name in value}.union(*(_list_fields(it, f"{way}.{name}") for name, it in value.items()))
