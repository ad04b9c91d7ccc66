"""The keys that GitHub's REST interface gives its items. GraphQL answers a question for a key that is gone with a
refusal that names it, so that its answers need no such list."""

from pipelines.http.keys import ItemKeys

ACCOUNT = {"user": dict | None, "user.login": str, "user.type": str}
TEXT = {"body": str | None, "author_association": str, "html_url": str, **ACCOUNT}
ISSUES = ItemKeys(
    "issues", "",
    {**TEXT, "title": str, "state": str, "locked": bool, "comments": int, "labels.name": str},
    {"state_reason": str | None, "closed_at": str | None},
)  # fmt: skip
COMMENTS = ItemKeys("comments", "", TEXT)
RELEASES = ItemKeys(
    "releases", "",
    {
        "name": str | None, "body": str | None, "html_url": str, "draft": bool, "prerelease": bool, "created_at": str,
        "published_at": str | None,
    },
)  # fmt: skip
REPOSITORY = ItemKeys(
    "repositories", "",
    {"id": int, "full_name": str, "archived": bool, "has_issues": bool, "created_at": str, "pushed_at": str | None},
    {"has_discussions": bool, "license": dict | None, "license.spdx_id": str | None},
)  # fmt: skip
