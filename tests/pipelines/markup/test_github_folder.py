"""Files of a folder come from the raw host; the hash of the list returns whether they are the listed ones."""

from collections import Counter
from collections.abc import Iterator

import pytest

from pipelines.catalog.entries import Channel
from pipelines.collecting.access import list_hosts
from pipelines.markup.github_folder import Folder
from tests.upstream import NOW, Upstream, faults
from tests.upstream.faults import Fault
from tests.upstream.messages import Response, text_answer
from tests.worlds.visits import make_visit

CHANNEL = Channel(
    source="changelog", target="notes", role="changelog", format="mistral", family="example",
    base_url="https://api.github.com/repos/o/r/contents/changelog/en",
)  # fmt: skip


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], seed=3, threads=40, now=NOW) as running:
        yield running


def _read_all(up: Upstream) -> list[str]:
    folder = Folder(up.url(CHANNEL), make_visit(CHANNEL, now=NOW).http, None)
    files = folder.list_files(None, (".mdx", ".json"))
    assert files
    return [folder.read(sha) for sha in list(files.values())[:5]]


def _count_asked(up: Upstream) -> Counter[str]:
    kinds = ("/rate_limit", "/raw/", "/git/blobs/", "/contents/")
    return Counter(kind for record in up.requests for kind in kinds if kind in record.path)


def test_only_the_list_counts_against_the_hour(up: Upstream) -> None:
    """Eighty files would spend it."""
    texts = _read_all(up)
    assert len(texts) == 5 and all(texts)
    assert _count_asked(up) == {"/rate_limit": 1, "/contents/": 1, "/raw/": 5} and up.github_quota.used("") == 1


@pytest.mark.parametrize(
    ("answer", "raw"),
    [
        (text_answer("what was there before", "text/plain"), 5),
        (text_answer("404: Not Found", "text/plain", 404), 5),
        (faults.status(503), 4),
    ],
)
def test_the_interface_is_asked_where_the_raw_host_does_not_serve(
    up: Upstream, answer: Response | Fault, raw: int
) -> None:
    """It is minutes behind after a change; if it is in trouble it is kept after one file's attempts."""
    expected = _read_all(up)
    up.forget()
    up.fail("github", "/raw/", answer)
    assert _read_all(up) == expected
    assert _count_asked(up) == {"/rate_limit": 1, "/contents/": 1, "/raw/": raw, "/git/blobs/": 5}


@pytest.mark.parametrize(
    ("base_url", "hosts"),
    [
        (CHANNEL.base_url, {"api.github.com", "raw.githubusercontent.com"}),
        ("https://docs.example.com/changelog.md", {"docs.example.com"}),
    ],
)
def test_the_raw_host_may_be_asked_for_github_s_own_folders_only(base_url: str, hosts: set[str]) -> None:
    """As github.com may for the feeds of its repositories."""
    assert list_hosts(CHANNEL.model_copy(update={"base_url": base_url})) == hosts
    assert list_hosts(Channel(source="github", target="o/r", role="sdk")) == {"api.github.com", "github.com"}
