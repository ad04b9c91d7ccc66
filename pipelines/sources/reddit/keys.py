"""The keys that Reddit's posts and comments carry."""

from collections.abc import Iterator
from typing import Any

from pipelines.http.keys import ItemKeys, KeyWatch

BOTH = {"data.author": str | None, "data.author_flair_text": str | None, "data.distinguished": str | None}
POSTS = ItemKeys(
    "posts", "",
    {
        **BOTH, "data.title": str, "data.selftext": str, "data.is_self": bool, "data.domain": str, "data.locked": bool,
        "data.archived": bool, "data.edited": bool | int | float, "data.link_flair_text": str | None,
        "data.subreddit": str, "data.removed_by_category": str | None,
    },
    {"data.crosspost_parent": str | None},
    ("kind", "t3"),
)  # fmt: skip
COMMENTS = ItemKeys(
    "comments", "",
    {
        **BOTH, "data.body": str, "data.is_submitter": bool, "data.replies": str | dict,
    },
    only=("kind", "t1"),
)  # fmt: skip
DEEPEST = 20
"""Depth down to which replies are looked at."""


def check_keys(watch: KeyWatch, answer: Any) -> Any:
    """Checks the posts and comments of an answer, and returns it."""
    watch.check(list(_list_things(answer, 0)), POSTS, COMMENTS)
    return answer


def _list_things(part: Any, depth: int) -> Iterator[Any]:
    """Yields the posts and comments of a part of an answer, with the replies below them."""
    if isinstance(part, list):
        for listing in part:
            yield from _list_things(listing, depth)
    data = part.get("data") if isinstance(part, dict) and depth < DEEPEST else None
    children = data.get("children") if isinstance(data, dict) else None
    for child in children if isinstance(children, list) else ():
        yield child
        fields = child.get("data") if isinstance(child, dict) else None
        yield from _list_things(fields.get("replies") if isinstance(fields, dict) else None, depth + 1)
