"""Twins of GitHub: a sample of issues as lines of JSON, and exchanges in the form in which PyGithub records them."""

import json
from typing import Any

FENCE = "It fails:\n\n```python\nkit.ask(1)\n```\n\nSince the update of last week I get an empty answer every time."


def _issue(number: int, title: str, body: str, comments: int, closed_at: str | None = None, **more: Any) -> str:
    counts = dict.fromkeys(("+1", "-1", "confused", "eyes", "heart", "hooray", "laugh", "rocket", "total_count"), 0)
    told: dict[str, Any] = {
        "author_association": "NONE", "body": body, "closed_at": closed_at, "comments": comments,
        "created_at": f"2026-0{number}-03T10:00:00+00:00", "html_url": f"https://github.com/o/r/issues/{number}",
        "labels": [],
        "number": number, "reactions": {**counts, "url": f"https://api.github.com/repos/o/r/issues/{number}/reactions"},
        "state": "closed" if closed_at else "open", "title": title,
    }  # fmt: skip
    return json.dumps(told | more)


ISSUES = "\n".join(
    (
        _issue(1, "Empty answers since the update", FENCE, 2, "2026-02-01T09:30:00+00:00", labels=["bug", "kit"]),
        _issue(2, "How is a key changed?", "", 0, author_association="CONTRIBUTOR"),
        _issue(3, "Crash: `ask(None)` \u2013 \u4f60\u597d", FENCE.replace("\n", "\r\n"), 0, labels=["bug"]),
        _issue(4, "A list in place of a text", FENCE, 5, "2026-05-01T00:00:00+00:00", author_association="MEMBER"),
    )
)


def _exchange(method: str, path: str, status: int, content: str, kind: str = "application/json; charset=utf-8") -> str:
    """The fields, one a line; after the answer an empty line."""
    headers = [("status", f"{status} x"), ("x-ratelimit-remaining", "4971"), ("content-type", kind), ("etag", '"0e"')]
    sent = {"Authorization": "token private_token_removed", "User-Agent": "PyGithub/Python"}
    fields = ("https", method, "api.github.com", "None", path, str(sent), "None", str(status), str(headers), content)
    return "\n".join(fields) + "\n\n"


WHO = {
    "login": "ann",
    "id": 1,
    "node_id": "U_1",
    "type": "User",
    "site_admin": False,
    "html_url": "https://github.com/ann",
}
REPOSITORY = {
    "id": 1, "name": "r", "full_name": "o/r", "html_url": "https://github.com/o/r", "description": None, "fork": False,
    "archived": False,
    "created_at": "2025-01-01T00:00:00Z", "updated_at": "2026-10-01T00:00:00Z", "pushed_at": "2026-10-01T00:00:00Z",
    "size": 10,
    "stargazers_count": 120, "watchers_count": 120, "subscribers_count": 4, "forks_count": 9, "forks": 9,
    "open_issues_count": 3,
    "open_issues": 3, "watchers": 120, "language": "Python", "default_branch": "main", "has_issues": True,
    "owner": WHO, "private": False,
}  # fmt: skip
OLD_REPOSITORY = {name: value for name, value in REPOSITORY.items() if not name.endswith("_count")}
"""As repositories were told in 2012."""
RELEASE = {
    "url": "https://api.github.com/repos/o/r/releases/5",
    "assets_url": "https://api.github.com/repos/o/r/releases/5/assets",
    "html_url": "https://github.com/o/r/releases/tag/v1.2.0", "id": 5, "node_id": "RE_5", "tag_name": "v1.2.0",
    "target_commitish": "main",
    "name": "1.2.0", "draft": False, "prerelease": False, "created_at": "2026-09-01T00:00:00Z",
    "published_at": "2026-09-01T01:00:00Z",
    "author": WHO, "assets": [], "body": "### Fixed\n- a list",
}  # fmt: skip


def _commit(code: str, author: dict[str, Any] | None) -> dict[str, Any]:
    signed = {"name": "Ann Private", "email": "ann@private.example", "date": "2026-09-02T12:00:00Z"}
    return {
        "sha": code * 40, "node_id": f"C_{code}", "html_url": f"https://github.com/o/r/commit/{code * 40}",
        "author": author, "committer": author,
        "url": f"https://api.github.com/repos/o/r/commits/{code * 40}",
        "commit": {"author": signed, "committer": signed, "message": "Read a list", "comment_count": 0,
        "tree": {"sha": "t" * 40}},
        "parents": [{"sha": "e" * 40, "url": "https://api.github.com/repos/o/r/commits/x",
        "html_url": "https://github.com/o/r/commit/x"}],
    }  # fmt: skip


REFUSED = json.dumps({"message": "Not Found"})
EXCHANGES = {
    "Twin.testRepository": _exchange("GET", "/repos/o/r", 200, json.dumps(REPOSITORY)),
    "Twin.testOldRepository": _exchange("GET", "/repos/o/r", 200, json.dumps(OLD_REPOSITORY)),
    "Twin.testRelease": _exchange("GET", "/repos/o/r/releases/5", 200, json.dumps(RELEASE)),
    "Twin.testCommits": _exchange("GET", "/repos/o/r/commits?sha=main", 200, json.dumps([_commit("a", WHO),
    _commit("b", None)]))
    + _exchange("GET", f"/repos/o/r/commits/{'c' * 40}", 200, json.dumps(_commit("c", WHO))),
    "Twin.testUnknownRepository": _exchange("GET", "/repos/o/gone", 404, REFUSED),
    "Twin.testUnknownRelease": _exchange("GET", "/repos/o/r/releases/6", 404, REFUSED),
    "Twin.testOtherQuestion": _exchange("POST", "/graphql", 200,
    json.dumps({"data": {"followOrganization": {"clientMutationId": None}}})),
    "Twin.testBadCredentials": _exchange("GET", "/user", 401, json.dumps({"message": "Bad credentials"})),
    "Twin.testNonJson": _exchange("GET", "/repos/o/r/contents/f", 200, "no JSON", "text/plain"),
    "Twin.testProbe": _exchange("GET", "/repos/o/r/issues?state=all", 200, "[]"),
    "Twin.testComment": _exchange("POST", "/repos/o/r/issues/1/comments", 201, json.dumps({"id": 9, "body": "Words"})),
}  # fmt: skip
FILES = {
    "github/llama_cpp_issues_sample.jsonl": ISSUES,
    "github/sglang_issues_sample.jsonl": ISSUES,
    **{f"github/pygithub_replay/{name}.txt": text for name, text in EXCHANGES.items()},
}
