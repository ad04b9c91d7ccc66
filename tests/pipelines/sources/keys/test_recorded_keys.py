"""The recorded answers of the services carry every key that is declared of them, with a value of that type."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.http.keys import KeyWatch
from pipelines.sources.discourse import keys as discourse
from pipelines.sources.github.releases import RELEASES
from pipelines.sources.github.repositories import REPOSITORY
from pipelines.sources.reddit.keys import check_keys
from pipelines.sources.status.formats import FORMATS
from tests.paths import RECORDINGS
from tests.pipelines.collecting.replays import exchanges, met_by

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
PAGES = {
    "status.openai.com__api_v2_summary.json": "incidentio", "status.claude.com__api_v2_summary.json": "statuspage",
    "status.cloud.google.com__incidents.json": "google",
}  # fmt: skip
OF_GITHUB = {"repositories": REPOSITORY, "releases": RELEASES}


def _list_parts(content: Any) -> Iterator[dict[str, Any]]:
    """Yields every object of a recording, also of answers that are recorded as texts."""
    if isinstance(content, str) and content[:1] in ("{", "["):
        try:
            content = json.loads(content)
        except ValueError:
            return
    if isinstance(content, dict):
        yield content
    for part in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from _list_parts(part)


def _read(*names: str) -> Any:
    return json.loads(RECORDINGS.joinpath(*names).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted((RECORDINGS / "discourse").glob("*.json")), ids=lambda path: path.stem)
def test_forums_carry_the_declared_keys(path: Path) -> None:
    """Forums of several versions."""
    watch = KeyWatch()
    for part in _list_parts(json.loads(path.read_text(encoding="utf-8"))):
        if "post_stream" in part:
            watch.check(part, discourse.POSTS, *([discourse.TOPIC] if "title" in part else []))
        if "topic_list" in part:
            watch.check(part, discourse.LISTED)
    assert watch.notes == []


@pytest.mark.parametrize("name", ["LocalLLaMA_new.json", "LocalLLaMA_top.json"])
def test_posts_of_reddit_carry_the_declared_keys(name: str) -> None:
    """A hundred posts each."""
    watch = KeyWatch()
    check_keys(watch, _read("reddit", name))
    assert watch.notes == []


@pytest.mark.parametrize("name", PAGES)
def test_status_pages_carry_the_declared_keys(name: str) -> None:
    """The three recorded ones."""
    watch = KeyWatch()
    watch.check(_read("status", name), *FORMATS[PAGES[name]].keys)
    assert watch.notes == []


@pytest.mark.parametrize("kind", OF_GITHUB)
def test_github_s_answers_carry_the_declared_keys(kind: str) -> None:
    """Recorded since 2012."""
    found, watch = 0, KeyWatch()
    for path in sorted((RECORDINGS / "github" / "pygithub_replay").glob("*.txt")):
        for one in exchanges(path):
            if one.status == 200 and met_by(one) == [kind]:
                watch.check(json.loads(one.content), OF_GITHUB[kind])
                found += 1
    assert found and watch.notes == []
