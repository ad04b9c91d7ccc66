"""The bodies of GitHub's REST answers about commits."""

from typing import Any

from tests.upstream.github.bodies import Body, user
from tests.upstream.github.nodes import WEB
from tests.upstream.world.clock import iso
from tests.upstream.world.history import Commit, History


def commit_body(base: str, history: History, commit: Commit) -> Body:
    """A commit; without an account its author is null."""
    repo, person = history.repository, history.person(commit.code)
    url = f"{base}/repos/{repo.name}/commits/{commit.sha}"
    git = f"{base}/repos/{repo.name}/git"
    signed = {"name": person.login if person else "Somebody", "email": commit.email, "date": iso(commit.at)}
    tree = {"sha": commit.sha, "url": f"{git}/trees/{commit.sha}"}
    return {
        "sha": commit.sha, "node_id": f"C_{commit.sha}", "url": url,
        "html_url": f"{WEB}/{repo.name}/commit/{commit.sha}",
        "comments_url": f"{url}/comments",
        "commit": {
            "author": signed, "committer": {"name": "GitHub", "email": "noreply@github.com", "date": iso(commit.at)},
            "message": commit.message, "tree": tree, "url": f"{git}/commits/{commit.sha}", "comment_count": 0,
            "verification": {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None},
        },
        "author": user(base, person) if person else None, "committer": None,
        "parents": [_parent(base, repo.name, one) for one in commit.parents],
    }  # fmt: skip


def comparison_body(base: str, history: History, old: str, new: str, shown: list[Commit]) -> Body:
    """What `new` has and `old` lacks; `shown` is the page of it. Files come with the first page only, and here
    never."""
    repo, ahead, behind = history.repository, history.log(new, without=old), history.log(old, without=new)
    common = history.log(new, without=None)
    known = history.reached(old)
    shared = next((one for one in common if one.sha in known), common[-1])
    states = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind", (False, False): "identical"}
    url, web = f"{base}/repos/{repo.name}/compare/{old}...{new}", f"{WEB}/{repo.name}/compare/{old}...{new}"
    links = {"url": url, "html_url": web, "permalink_url": web, "diff_url": f"{web}.diff", "patch_url": f"{web}.patch"}
    counts = {"ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead)}
    bases = {
        name: commit_body(base, history, one)
        for name, one in (("base_commit", history.commits[old]), ("merge_base_commit", shared))
    }
    commits = [commit_body(base, history, one) for one in shown]
    return {**links, **bases, "status": states[bool(ahead), bool(behind)], **counts, "commits": commits, "files": []}


def _parent(base: str, name: str, sha: str) -> dict[str, Any]:
    return {"sha": sha, "url": f"{base}/repos/{name}/commits/{sha}", "html_url": f"{WEB}/{name}/commit/{sha}"}
