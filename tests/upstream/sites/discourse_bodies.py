"""What Discourse shows of a topic and of a post."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from tests.upstream.world.clock import iso_millis
from tests.upstream.world.draws import mixed
from tests.upstream.world.people import AGENTS, BOTS, HINTED, MAINTAINERS, STAFF, Person
from tests.upstream.world.threads import Thread

if TYPE_CHECKING:
    from tests.upstream.sites.discourse import Topic

FIRST_POST_ID = 700_000_000
CLOSING_ID = 800_000_000
_markdown = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class Post:
    """A post, or the small action that closed the topic."""

    id: int
    number: int
    at: int
    updated: int
    name: str | None
    user_id: int | None
    text: str
    type: int = 1
    group: str | None = None
    is_moderator: bool = False
    replies_to: int | None = None


def posts(thread: Thread, group: str) -> list[Post]:
    """The opening, the replies and the closing, numbered in order of time."""
    found: list[tuple[int, int, int, Person | None, str, int]] = [
        (thread.created, FIRST_POST_ID + thread.id, thread.created, thread.author, thread.body, 1)
    ]
    found += [(one.created, one.id, one.updated, one.author, one.body, 1) for one in thread.replies()]
    turn = thread.last_turn
    if thread.closed is not None and turn is not None:
        found.append((turn.at, CLOSING_ID + thread.id, turn.at, thread.repository.people.person(turn.code), "", 3))
    ordered = [found[0], *sorted(found[1:], key=lambda one: one[:2])]
    return [_post(place, one, group) for place, one in enumerate(ordered, 1)]


def _post(number: int, given: tuple[int, int, int, Person | None, str, int], group: str) -> Post:
    at, id_, updated, person, text, kind = given
    if person is None:
        return Post(id_, number, at, updated, None, None, text, kind)
    code = person.code
    if BOTS <= code < HINTED:
        name = "discobot" if code < AGENTS else person.login
        return Post(id_, number, at, updated, name, -2 if code < AGENTS else person.id, text, kind)
    is_staff, is_moderator = STAFF <= code < MAINTAINERS, MAINTAINERS <= code < BOTS
    replies_to = 1 + mixed(id_, 4) % (number - 1) if number > 2 and mixed(id_, 3) % 4 == 0 else None
    worn = group if is_staff else None
    return Post(id_, number, at, updated, person.login, person.id, text, kind, worn, is_moderator, replies_to)


def item(topic: "Topic") -> dict[str, Any]:
    """A topic in a list."""
    thread, forum = topic.thread, topic.forum
    last = topic.replies[-1].at if topic.replies else thread.created
    body = {
        **_head(topic),
        "last_posted_at": iso_millis(last), "bumped": True, "bumped_at": iso_millis(topic.bumped),
        "pinned": topic.number in forum.pinned,
        "visible": True, "pinned_globally": topic.number in forum.pinned, "highest_post_number": len(topic.posts),
    }  # fmt: skip
    return body | ({"has_accepted_answer": topic.accepted is not None} if forum.is_solved else {})


def _head(topic: "Topic") -> dict[str, Any]:
    thread = topic.thread
    tags = thread.labels
    return {
        "id": topic.number, "title": thread.title, "slug": f"topic-{topic.number}",
        "posts_count": len(topic.replies) + 1,
        "created_at": iso_millis(thread.created), "closed": not thread.is_open, "archived": False,
        "category_id": topic.category[1],
        "tags": [{"id": place, "name": tag, "slug": tag} for place, tag in enumerate(tags, 1)] if topic.forum.is_new else tags,
    }  # fmt: skip


def topic(shown: "Topic", size: int) -> dict[str, Any]:
    """A topic with its first posts and the numbers of all."""
    creator = {"id": shown.posts[0].user_id, "username": shown.posts[0].name}
    body = {
        **_head(shown), "visible": shown.number not in shown.forum.unlisted, "details": {"created_by": creator},
        "post_stream": {"posts": [post(shown, one) for one in shown.posts[:size]], "stream": [one.id for one in shown.posts]},
    }  # fmt: skip
    if shown.accepted is None:
        return body
    answer = {"post_number": shown.accepted, "username": "somebody", "excerpt": "…"}
    return body | ({"accepted_answers": [answer]} if shown.forum.is_new else {"accepted_answer": answer})


def post(shown: "Topic", one: Post) -> dict[str, Any]:
    """A post of a topic."""
    hidden = one.id in shown.forum.hidden_posts
    cooked = _markdown.render(one.text).replace('class="language-', 'class="lang-')
    likes = mixed(one.id, 5) % 4
    body = {
        "id": one.id, "name": None, "username": one.name, "user_id": one.user_id,
        "created_at": iso_millis(one.at, one.id),
        "updated_at": iso_millis(one.updated, one.id), "cooked": "<p>This post was flagged.</p>" if hidden else cooked,
        "post_number": one.number, "post_type": one.type, "reply_to_post_number": one.replies_to, "hidden": hidden,
        "user_deleted": False,
        "moderator": one.is_moderator, "admin": False, "staff": one.is_moderator,
        "primary_group_name": one.group,
        "flair_name": one.group, "user_title": one.group,
        "actions_summary": [{"id": 2, "count": likes}] if likes else [],
    }  # fmt: skip
    if one.type == 3:
        body["action_code"] = "closed.enabled"
    return body | ({"accepted_answer": shown.accepted == one.number} if shown.forum.is_solved else {})
