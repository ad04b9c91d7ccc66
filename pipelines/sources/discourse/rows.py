"""Makes rows of Discourse's topics and posts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.answers import to_web_link
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.markup.html_text import TextParts, read_html
from pipelines.people import Role, determine_role
from pipelines.text import values
from pipelines.text.question_types import classify_question

ForumItem = Mapping[str, Any]
REGULAR, SMALL_ACTION = 1, 3
KNOWN_TYPES = {REGULAR, 2, SMALL_ACTION, 4}
"""Types of posts: a post, a moderator's action, a small action (closed, moved) and a whisper."""
CLOSINGS = {"closed.enabled": True, "autoclosed.enabled": True, "closed.disabled": False, "autoclosed.disabled": False}
BOTS = {"system", "discobot"}
TAGS = 10


def make_gone_row(number: int) -> Row:
    """Makes the row of a topic that is deleted, unlisted or no longer public; it replaces everything else about it."""
    return Row(str(number), None, {"number": number, "state": "gone"})


@raises_on_unexpected_shape("a topic of Discourse")
def make_thread_rows(
    visit: Visit, base: str, topic: ForumItem, listed_accepted: bool | None, solved: Sequence[int] | None
) -> list[Row]:
    """Makes the rows of a topic and its replies, without their texts and names.

    `listed_accepted` is the list's own flag for an accepted answer; `solved` holds the categories that allow one.
    """
    posts = sorted(topic["post_stream"]["posts"], key=lambda post: int(post["post_number"]))
    opening: ForumItem = next((post for post in posts if post["post_number"] == 1), {})
    asker = opening.get("username") or ((topic.get("details") or {}).get("created_by") or {}).get("username")
    accepted = _find_accepted(topic, posts, listed_accepted, solved)
    url = f"{base}/t/{values.clean_line(topic.get('slug'), 200) or 'topic'}/{int(topic['id'])}"
    replies = [post for post in posts if post["post_type"] == REGULAR and post["post_number"] != 1]
    body = {
        "url": to_web_link(url),
        **_make_topic_fields(visit, topic, posts, opening, asker),
        "replies": _count_replies(topic, posts, replies),
        "has_accepted": None if accepted is None else bool(accepted),
    }
    return [
        Row(str(topic["id"]), None, body),
        *(_make_post_row(visit, url, topic, post, asker, accepted) for post in replies),
    ]


def _make_topic_fields(
    visit: Visit, topic: ForumItem, posts: Sequence[ForumItem], opening: ForumItem, asker: str | None
) -> dict[str, Any]:
    """Makes the fields of a topic's row that describe the topic and its opening post."""
    parts = _read_text(opening)
    title, tags = values.clean_line(topic["title"]), _list_tags(topic.get("tags"))
    return {
        "number": int(topic["id"]),
        "title": title,
        "created_at": values.require_instant(topic["created_at"]),
        "state": "closed" if topic.get("closed") or topic.get("archived") else "open",
        **_find_closing(visit, posts, asker, bool(topic.get("closed"))),
        **_find_first_turns(posts, topic["post_stream"]["stream"]),
        "question_type": classify_question(title, parts.plain, tags),
        **_describe_actor(visit, opening or {"username": asker}, None),
        **parts.count_features(),
        "mentions": visit.mentions(f"{title}\n{parts.plain}"),
        "drift": sorted({f"post_type: {post['post_type']}" for post in posts if post["post_type"] not in KNOWN_TYPES}),
    }


def _count_replies(topic: ForumItem, posts: Sequence[ForumItem], replies: Sequence[ForumItem]) -> int:
    """Counts a topic's replies, including those beyond the posts that were read."""
    # Posts that were not read are assumed to be replies; of the others, some are actions or whispers.
    without = len(posts) - len(replies) - any(post["post_number"] == 1 for post in posts)
    return max(len(topic["post_stream"]["stream"]) - without - 1, len(replies))


def _make_post_row(
    visit: Visit, url: str, topic: ForumItem, post: ForumItem, asker: str | None, accepted: set[int] | None
) -> Row:
    body = {
        "comment_id": str(post["id"]),
        "number": int(topic["id"]),
        "url": to_web_link(f"{url}/{int(post['post_number'])}"),
        "created_at": values.require_instant(post["created_at"]),
        "is_hidden": bool(post.get("hidden")),
        "is_withdrawn": bool(post.get("user_deleted")),
        "is_accepted": None if accepted is None else post["post_number"] in accepted,
        **_describe_actor(visit, {} if post.get("user_deleted") else post, asker),
        **_read_text(post).count_features(),
    }
    return Row(str(post["id"]), values.parse_instant(post.get("updated_at") or post["created_at"]), body, "posts")


def _read_text(post: ForumItem) -> TextParts:
    """Reads a post's text; empty for a hidden or withdrawn post, whose text is the forum's own notice."""
    return read_html("" if post.get("hidden") or post.get("user_deleted") else post.get("cooked"))


def _find_accepted(
    topic: ForumItem, posts: Sequence[ForumItem], listed: bool | None, solved: Sequence[int] | None
) -> set[int] | None:
    """Finds the numbers of the accepted posts; None if the topic cannot have any.

    -1 is an accepted post that was not read.
    """
    # Old versions of Discourse name one accepted answer, new ones a list.
    answers = topic.get("accepted_answers") or topic.get("accepted_answer") or []
    accepted = {int(answer["post_number"]) for answer in (answers if isinstance(answers, list) else [answers])}
    accepted |= {int(post["post_number"]) for post in posts if post.get("accepted_answer")}
    is_known = listed is not None or any("accepted_answer" in post for post in posts)
    is_known = is_known or any(name in topic for name in ("accepted_answer", "accepted_answers"))
    # With the plugin installed, a forum reports false even in categories if it is disabled.
    is_off = solved is not None and topic.get("category_id") not in solved
    if accepted:
        return accepted
    return None if not is_known or (is_off and not listed) else ({-1} if listed else set())


def _find_closing(visit: Visit, posts: Sequence[ForumItem], asker: str | None, is_closed: bool) -> dict[str, Any]:
    """Finds when and by whom a topic was closed, if the closing action is among the posts that were read."""
    turns = [post for post in posts if post["post_type"] in (2, SMALL_ACTION) and post.get("action_code") in CLOSINGS]
    if not is_closed or not turns or not CLOSINGS[turns[-1]["action_code"]]:
        return {"closed_at": None, "closed_by_role": None}
    return {
        "closed_at": values.format_instant(turns[-1]["created_at"]),
        "closed_by_role": _judge_role(visit, turns[-1], asker),
    }


def _find_first_turns(posts: Sequence[ForumItem], stream: Sequence[int]) -> dict[str, str | None]:
    """Finds when a topic was first closed and then reopened; None unless all its posts were read."""
    is_whole = {post["id"] for post in posts} >= set(stream)
    turns = [
        (values.require_instant(post["created_at"]), CLOSINGS.get(post.get("action_code", "")))
        for post in posts
        if is_whole
    ]
    closed = min((at for at, is_closing in turns if is_closing), default=None)
    opened = min((at for at, is_closing in turns if is_closing is False and closed and at >= closed), default=None)
    return {"first_closed_at": closed, "reopened_at": opened}


def _describe_actor(visit: Visit, post: ForumItem, asker: str | None) -> dict[str, Any]:
    return {
        "actor": visit.people.make_pseudonym(f"discourse/{visit.channel.target}", post.get("username")),
        "role": _judge_role(visit, post, asker),
    }


def _judge_role(visit: Visit, post: ForumItem, asker: str | None) -> Role:
    """Determines the author's role; the vendor's staff are known by login, group or title from the catalog."""
    # The forum's own staff count as members: in an official forum they are the vendor's.
    name = post.get("username")
    is_bot = str(name).lower() in BOTS or int(post.get("user_id") or 0) < 0
    is_site_staff = name and any(post.get(flag) for flag in ("admin", "moderator", "staff"))
    staff = (*visit.channel.staff, name) if name and _is_in_group(post, visit.channel.groups) else visit.channel.staff
    return determine_role(
        name,
        typename="Bot" if is_bot else "User",
        association="MEMBER" if is_site_staff else "NONE",
        is_official=visit.channel.official,
        staff=staff,
        asker=asker,
    )


def _is_in_group(post: ForumItem, groups: Sequence[str]) -> bool:
    marks = [str(post.get(name) or "") for name in ("primary_group_name", "flair_name", "user_title")]
    return any(
        re.search(rf"(?<!\w){re.escape(group)}(?!\w)", mark, re.IGNORECASE) for group in groups for mark in marks
    )


def _list_tags(tags: object) -> list[str]:
    """Lists the names of tags."""
    # Old versions of Discourse return strings, new ones objects.
    tag_list = tags if isinstance(tags, list) else []
    return [values.clean_line(tag.get("name") if isinstance(tag, Mapping) else tag, 50) for tag in tag_list][:TAGS]
