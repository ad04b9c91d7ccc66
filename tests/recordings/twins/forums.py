"""Twins of forums: Discourse's lists, topics and further posts, and Stack Exchange's pages."""

import json
from typing import Any

Body = dict[str, Any]
TOPIC = 431


def _listed(code: int, day: int) -> Body:
    """A topic in a list; tags are words, as in old versions."""
    at = f"2026-10-{day:02}T10:00:00.000Z"
    return {
        "archetype": "regular", "archived": False, "bookmarked": None, "bumped": True, "bumped_at": at,
        "category_id": 5, "closed": False,
        "created_at": at, "excerpt": "How …", "fancy_title": "Keys &amp; bills", "featured_link": None,
        "has_accepted_answer": False,
        "has_summary": False, "highest_post_number": 2, "id": code, "image_url": None, "last_posted_at": at,
        "last_poster_username": "bob",
        "like_count": 1, "liked": None, "pinned": False, "pinned_globally": False, "posts_count": 2, "reply_count": 1,
        "slug": "keys-bills",
        "posters": [{"description": "Original Poster", "extras": "latest", "flair_group_id": None,
        "primary_group_id": None, "user_id": 3}],
        "tags": ["keys"], "title": "Keys & bills", "unpinned": None, "unseen": False, "views": 40, "visible": True,
    }  # fmt: skip


LIST = {
    "flair_groups": [], "primary_groups": [], "users": [{"id": 3, "username": "ann", "name": None,
    "avatar_template": None, "trust_level": 1}],
    "topic_list": {
        "can_create_topic": False, "more_topics_url": "/latest?no_definitions=true&page=1", "per_page": 30,
        "top_tags": ["keys"],
        "topics": [_listed(TOPIC, 20), _listed(TOPIC - 1, 19), _listed(TOPIC - 2, 3)],
    },
}  # fmt: skip


def _post(number: int, who: str, cooked: str, **more: Any) -> Body:
    at = f"2026-10-2{number}T10:00:00.000Z"
    told = {
        "accepted_answer": False, "actions_summary": [], "admin": False, "avatar_template": None, "cooked": cooked,
        "created_at": at,
        "deleted_at": None, "display_username": who, "edit_reason": None, "hidden": False, "id": 9000 + number,
        "moderator": False, "name": None,
        "post_number": number, "post_type": 1, "primary_group_name": None, "quote_count": 0, "reads": 9,
        "reply_count": 0,
        "reply_to_post_number": None, "score": 1.5, "staff": False, "topic_id": TOPIC, "topic_slug": "keys-bills",
        "trust_level": 1,
        "updated_at": at, "user_deleted": False, "user_id": 3, "user_title": None, "username": who, "version": 1,
        "wiki": False,
    }  # fmt: skip
    return told | more


POSTS = (
    _post(1, "ann", "<p>How is a key changed?</p>", actions_summary=[{"id": 2, "count": 1}]),
    _post(2, "bob", (
        '<aside class="quote"><blockquote><p>How is a key changed?</p></blockquote></aside><p>Under '
        'settings.</p>'
    )),
    _post(3, "mod_eve", "<p>Moved.</p>", moderator=True, staff=True, primary_group_name="team", reply_to_post_number=2),
    _post(4, "ann", "<p>Thanks, that works.</p>", reply_to_post_number=2),
)  # fmt: skip


def _topic(*posts: Body) -> Body:
    """A topic with its posts and the numbers of all of them."""
    return {
        "actions_summary": [], "archetype": "regular", "archived": False, "bookmarked": False, "category_id": 5,
        "chunk_size": 20, "closed": False,
        "created_at": "2026-10-21T10:00:00.000Z", "deleted_at": None, "fancy_title": "Keys &amp; bills",
        "has_summary": False, "id": TOPIC,
        "highest_post_number": len(posts), "last_posted_at": posts[-1]["created_at"], "like_count": 1,
        "participant_count": 3, "pinned": False,
        "post_stream": {"posts": list(posts), "stream": [post["id"] for post in posts]}, "posts_count": len(posts),
        "reply_count": len(posts) - 1,
        "slug": "keys-bills", "tags": ["keys"], "title": "Keys & bills", "views": 40, "visible": True, "word_count": 12,
        "details": {"can_edit": False, "created_by": {"id": 3, "username": "ann", "name": None,
        "avatar_template": None}, "participants": []},
    }  # fmt: skip


FURTHER = {"id": TOPIC, "post_stream": {"posts": list(POSTS[1:])}}
"""Further posts of a topic, without what the topic says of itself."""


def _owner(number: int) -> Body:
    return {
        "badge_counts": {"bronze": 1, "gold": 0, "silver": 0}, "display_name": f"person {number}",
        "link": f"https://so.example/users/{number}",
        "profile_image": "https://so.example/i.png", "reputation": 30, "user_id": number, "user_type": "registered",
    }  # fmt: skip


def _question(number: int) -> Body:
    answer = {
        "answer_id": number + 1, "body_markdown": "Under `settings`.", "can_flag": False, "comment_count": 0,
        "creation_date": 1_786_000_600,
        "down_vote_count": 0, "is_accepted": True, "last_activity_date": 1_786_000_600,
        "link": f"https://so.example/a/{number + 1}",
        "owner": _owner(8), "question_id": number, "score": 1, "tags": [], "title": "Keys &amp; bills",
        "up_vote_count": 1,
    }  # fmt: skip
    return {
        "answer_count": 1, "answers": [answer], "body_markdown": "How is a key changed?\r\n\r\n    kit.key()",
        "can_close": False, "can_flag": False, "comment_count": 0, "comments": [], "creation_date": 1_786_000_000,
        "down_vote_count": 0,
        "favorite_count": 0, "is_answered": True, "last_activity_date": 1_786_000_600,
        "link": f"https://so.example/q/{number}",
        "owner": _owner(7), "question_id": number, "score": 2, "tags": ["kit"], "title": "Keys &amp; bills",
        "up_vote_count": 2, "view_count": 50,
    }  # fmt: skip


def _page(*numbers: int, **more: Any) -> str:
    quota = {
        "quota_max": 10_000,
        "quota_remaining": 9_990,
        "page": 1,
        "page_size": 30,
        "total": len(numbers),
        "type": "question",
    }
    return json.dumps({"has_more": False, "items": [_question(number) for number in numbers]} | quota | more)


FILES = {
    "discourse/list.json": json.dumps(LIST),
    "discourse/topic.json": json.dumps(_topic(*POSTS)),
    "discourse/silent_topic.json": json.dumps(_topic(POSTS[0])),
    "discourse/posts.json": json.dumps(FURTHER),
    "stackexchange/stackexchange_question": _page(50),
    "stackexchange/stackexchange_question_page": _page(50, 60, has_more=True),
    "stackexchange/stackexchange_question_backoff_page": _page(50, 60, backoff=0.2),
    "stackexchange/stackexchange_question_parse": json.dumps([_question(50)]),
}
