"""The bodies of GitHub's REST answers: the fields that a source reads, and the addresses beside them."""

from typing import Any

from tests.upstream.github.ids import node_id
from tests.upstream.github.nodes import WEB
from tests.upstream.world.clock import iso, iso_or_none
from tests.upstream.world.people import Person
from tests.upstream.world.releases import Release
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Reply, Thread

Body = dict[str, Any]


def user(person: Person | None) -> Body:
    """Makes an account; one that is gone shows as `ghost`."""
    if person is None:
        return {"login": "ghost", "id": 10137, "type": "User"}
    return {"login": person.rest_login, "id": person.id, "type": person.typename}


def repository_body(repo: Repository, open_issues: int) -> Body:
    """Makes a repository; open issues count pull requests too."""
    return {
        "id": repo.id, "full_name": repo.name, "html_url": f"{WEB}/{repo.name}",
        "license": {"key": "apache-2.0", "name": "Apache License 2.0", "spdx_id": "Apache-2.0"},
        "stargazers_count": repo.stars, "forks_count": repo.forks, "open_issues_count": open_issues,
        "archived": repo.is_archived, "has_issues": repo.has_issues, "has_discussions": repo.has_discussions,
        "created_at": iso(repo.created), "updated_at": iso(repo.clock.now), "pushed_at": iso(repo.clock.now - 3600),
    }  # fmt: skip


def issue_body(base: str, thread: Thread) -> Body:
    """Makes an issue; a pull request too, which has the key `pull_request`."""
    repo, web = thread.repository, f"{WEB}/{thread.repository.name}"
    reason, author = thread.reason, thread.author
    # A deleted account comes as `ghost` or as null, both seen in the wild.
    body: Body = {
        "id": thread.id, "node_id": node_id("PullRequest" if thread.is_pull else "Issue", repo.id, thread.number),
        "url": f"{base}/repos/{repo.name}/issues/{thread.number}",
        "html_url": f"{web}/{'pull' if thread.is_pull else 'issues'}/{thread.number}",
        "number": thread.number, "title": thread.title,
        "user": None if author is None and thread.number % 2 else user(author),
        "labels": [{"name": name} for name in thread.labels], "state": "open" if thread.is_open else "closed",
        "state_reason": None if reason is None or thread.is_pull else reason.lower(), "locked": thread.is_locked,
        "comments": thread.comments_count, "created_at": iso(thread.created), "updated_at": iso(thread.updated),
        "closed_at": iso_or_none(thread.closed), "author_association": thread.association, "body": thread.body,
    }  # fmt: skip
    if thread.is_pull:
        body["pull_request"] = {"merged_at": iso_or_none(thread.merged)}
    return body


def comment_body(base: str, reply: Reply) -> Body:
    """Makes a comment; `issue_url` names its thread."""
    repo, thread = reply.repository, reply.thread
    page = f"{WEB}/{repo.name}/{'pull' if thread.is_pull else 'issues'}/{thread.number}#issuecomment-{reply.id}"
    return {
        "id": reply.id, "node_id": node_id("IssueComment", repo.id, reply.id), "html_url": page,
        "issue_url": f"{base}/repos/{repo.name}/issues/{thread.number}", "user": user(reply.author),
        "created_at": iso(reply.created), "updated_at": iso(reply.updated), "author_association": reply.association,
        "body": reply.body,
    }  # fmt: skip


def release_body(repo: Repository, release: Release) -> Body:
    """Makes a release."""
    return {
        "id": release.draw % 2**31, "html_url": f"{WEB}/{repo.name}/releases/tag/{release.tag}",
        "tag_name": release.tag, "name": release.tag,
        "body": "\n".join(line for lines in release.sections().values() for line in lines), "draft": False,
        "prerelease": release.is_prerelease, "created_at": iso(release.at - 60), "published_at": iso(release.at),
    }  # fmt: skip
