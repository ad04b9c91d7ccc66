"""The bodies of GitHub's REST answers about commits."""

from tests.upstream.github.bodies import Body, user
from tests.upstream.github.nodes import WEB
from tests.upstream.world.clock import iso
from tests.upstream.world.history import Commit, History


def commit_body(history: History, commit: Commit) -> Body:
    """Makes a commit; without an account its author is null."""
    person = history.person(commit.code)
    signed = {"name": person.login if person else "Somebody", "email": commit.email, "date": iso(commit.at)}
    committer = {"name": "GitHub", "email": "noreply@github.com", "date": iso(commit.at)}
    return {
        "sha": commit.sha, "html_url": f"{WEB}/{history.repository.name}/commit/{commit.sha}",
        "commit": {"author": signed, "committer": committer, "message": commit.message},
        "author": user(person) if person else None, "committer": None,
        "parents": [{"sha": one} for one in commit.parents],
    }  # fmt: skip


def comparison_body(history: History, old: str, new: str, shown: list[Commit]) -> Body:
    """Makes what `new` has and `old` lacks; `shown` is the page of it."""
    ahead, behind = history.log(new, without=old), history.log(old, without=new)
    states = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind", (False, False): "identical"}
    counts = {"ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead)}
    return {
        "status": states[bool(ahead), bool(behind)],
        **counts,
        "commits": [commit_body(history, one) for one in shown],
    }
