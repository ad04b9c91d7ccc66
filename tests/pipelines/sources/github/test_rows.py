"""GitHub's answers as rows: what is kept, what is not, and what real answers hold."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.http.errors import Fatal
from pipelines.sources.github.releases import make_release_row
from pipelines.sources.github.rows import make_comment_row, make_issue_row, make_pull_row
from tests.paths import RECORDINGS
from tests.pipelines.sources.github.answers import COMMUNITY, VISIT, comment, issue, person, pull, timeline, turn

ANSWERS = RECORDINGS / "github"
needs_recordings = pytest.mark.skipif(not ANSWERS.is_dir(), reason="the shared recordings are not here")


def test_an_issue_says_who_when_and_what() -> None:
    """The columns that all of staging is made of."""
    row = make_issue_row(VISIT, issue(stateReason="NOT_PLANNED", closedAt="2026-05-02T09:00:00Z"))
    wanted = {
        "number": 7, "url": "https://github.com/acme/kit/issues/7", "created_at": "2026-05-01T10:00:00.000000Z",
        "closed_at": "2026-05-02T09:00:00.000000Z", "state_reason": "not_planned",
        "comments": 1, "role": "outsider", "has_code": True,
    }  # fmt: skip
    assert {name: row.body[name] for name in wanted} == wanted
    assert (row.key, row.source_time) == ("7", datetime(2026, 5, 2, 10, tzinfo=UTC))


def test_the_asker_is_the_asker_also_among_the_comments() -> None:
    """An asker who answers herself has not been answered."""
    roles = [
        make_comment_row(VISIT, issue(), node).body["role"]
        for node in (
            comment("ann", "MEMBER"),
            comment("paid-helper"),
            comment("eve", "MEMBER"),
            comment(None),
            comment("kit-ci[bot]"),
        )
    ]
    assert roles == ["asker", "staff", "staff", "unknown", "bot"]
    assert make_comment_row(COMMUNITY, issue(), comment("eve", "MEMBER")).body["role"] == "maintainer"
    assert make_comment_row(VISIT, issue(author=None), comment(None)).body["actor"] is None


@pytest.mark.parametrize(
    ("closer", "role"),
    [
        (person("ann"), "asker"),
        (person("stale-app", "Bot"), "bot"),
        (person("eve"), "staff"),
        (person("hidden-member"), "maintainer"),
        (person("never-seen"), "maintainer"),
        (None, "unknown"),
    ],
)
def test_who_closed_an_issue_is_told_by_role(closer: dict[str, str] | None, role: str) -> None:
    """Only those with a right to triage can close what others opened, so a stranger who did is none."""
    talk = {
        "totalCount": 2,
        "nodes": [comment("eve", "MEMBER"), comment("hidden-member", "NONE")],
        "pageInfo": {"hasNextPage": False},
    }
    node = issue(
        closedAt="2026-05-02T09:00:00Z",
        comments=talk,
        timelineItems=timeline(turn("Closed", 9, actor=closer)),
    )
    assert make_issue_row(VISIT, node).body["closed_by_role"] == role
    assert make_issue_row(VISIT, node | {"closedAt": None}).body["closed_by_role"] is None


@pytest.mark.parametrize("changes", [{"createdAt": None}, {"createdAt": "soon"}, {"updatedAt": 0j}, {"labels": 3}])
def test_an_answer_of_another_shape_is_an_error_that_says_so(changes: dict[str, Any]) -> None:
    """A drift of the interface must not become a crash, nor rows of nulls."""
    with pytest.raises(Fatal, match="unexpected shape"):
        make_issue_row(VISIT, issue(**changes))


def test_a_link_that_is_no_web_address_is_not_kept() -> None:
    """Links are shown: one that would run a script never gets that far."""
    assert make_issue_row(VISIT, issue(url="javascript:alert(1)")).body["url"] is None


def test_a_hidden_comment_keeps_its_reason() -> None:
    """Spam that moderators hid is no answer; staging must be able to tell."""
    body = make_comment_row(VISIT, issue(), comment("eve", isMinimized=True, minimizedReason="SPAM")).body
    assert (body["is_hidden"], body["hidden_reason"]) == (True, "spam")


def replayed() -> list[tuple[int, Any]]:
    """Status and body of the recorded exchanges that are answered in JSON; eleven lines each."""
    found = []
    for path in sorted((ANSWERS / "pygithub_replay").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for start in range(0, len(lines) - 9, 11):
            with suppress(ValueError):
                found.append((int(lines[start + 7]), json.loads(lines[start + 9])))
    return found


@needs_recordings
def test_recorded_releases_become_rows() -> None:
    """Answers of GitHub over ten years: fields came and went, what is read has stayed."""
    objects = [body for status, body in replayed() if status in (200, 201) and isinstance(body, dict)]
    releases = [one for one in objects if "tag_name" in one and "assets_url" in one]
    rows = [make_release_row(one) for one in releases]
    assert len(rows) > 10
    assert [(row.body["version"], row.body["url"]) for row in rows] == [
        (one["tag_name"], one["html_url"]) for one in releases
    ]
    assert all(row.body["released_at"] and row.source_time for row in rows)


def test_a_pull_request_says_when_it_was_merged() -> None:
    """Merged and closed without merging are different ends."""
    node = pull(
        closedAt="2026-05-03T10:00:00Z",
        mergedAt="2026-05-03T10:00:00Z",
        authorAssociation="CONTRIBUTOR",
    )
    body = make_pull_row(VISIT, node).body
    assert (body["merged_at"], body["role"]) == ("2026-05-03T10:00:00.000000Z", "outsider")
