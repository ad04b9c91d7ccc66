"""The keys that Discourse's lists, topics and posts carry, in its versions of 2020 to 2026."""

from pipelines.http.keys import ItemKeys

LISTED = ItemKeys(
    "listed topics", "topic_list.topics",
    {
        "title": str, "posts_count": int, "highest_post_number": int, "last_posted_at": str | None, "bumped_at": str,
        "pinned": bool, "closed": bool, "archived": bool, "category_id": int | None,
    },
    {"pinned_globally": bool, "has_accepted_answer": bool | None},
)  # fmt: skip
TOPIC = ItemKeys(
    "topics", "",
    {
        "slug": str, "title": str, "tags": list, "tags.name": str, "category_id": int | None, "closed": bool,
        "archived": bool, "visible": bool, "details": dict, "post_stream.stream": list,
    },
    {"details.created_by": dict | None, "details.created_by.username": str | None, "accepted_answer": dict | None},
)  # fmt: skip
POSTS = ItemKeys(
    "posts", "post_stream.posts",
    {
        "cooked": str, "created_at": str, "updated_at": str, "hidden": bool,
        "user_deleted": bool, "username": str, "user_id": int, "admin": bool, "moderator": bool, "staff": bool,
        "user_title": str | None, "primary_group_name": str | None, "flair_name": str | None,
    },
    {"accepted_answer": bool, "action_code": str | None},
)  # fmt: skip
PAGES = {
    "/about.json": (
        ItemKeys(
            "forums", "", {"about": dict, "about.stats": dict},
            {"about.stats.topics_count": int, "about.stats.topic_count": int},
        ),
    ),
    "/site.json": (
        ItemKeys("forums", "", {"categories": list}),
        ItemKeys(
            "sections", "categories", {"id": int}, {"parent_category_id": int | None, "custom_fields": dict | None}
        ),
    ),
}  # fmt: skip
"""The keys of the pages that a forum shows of itself, by path."""
