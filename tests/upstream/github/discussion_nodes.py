"""Discussions in the GraphQL answers: attributes are GitHub's field names in snake case."""

from typing import Any

from graphql import GraphQLError

from tests.upstream.github.ids import node_id
from tests.upstream.github.nodes import WEB, Shape, actor, after, connection, listed
from tests.upstream.sites.forum import Forum, Saying, Talk
from tests.upstream.world.clock import iso


def discussions(
    forum: Forum,
    first: int | None = None,
    last: int | None = None,
    after_: str | None = None,
    order_by: Any = None,
    **other: Any,
) -> Shape:
    """A page of discussions, newest first; whatever else is asked for is refused."""
    asked = order_by or {"field": "UPDATED_AT", "direction": "DESC"}
    if asked["direction"] != "DESC" or first is None or last is not None or any(other.values()):
        raise GraphQLError("the emulator gives discussions newest first only, and pages forward with `first`")
    places = [(at, one.number, one) for at, one in forum.newest_first(by_update=asked["field"] == "UPDATED_AT")]
    place = after(after_)
    left = [one for one in places if place is None or one[:2] < place]
    shown = left[:first]
    nodes = [DiscussionNode(forum, talk) for *_, talk in shown]
    return connection(
        "Discussion", nodes, [one[:2] for one in shown], len(places), len(left) > first, place is not None
    )


class DiscussionNode:
    """A discussion."""

    typename = "Discussion"

    def __init__(self, forum: Forum, talk: Talk) -> None:
        self._forum, self._talk = forum, talk
        repo = forum.repository
        self.id = node_id("Discussion", repo.id, talk.number)
        self.number = talk.number
        self.url = f"{WEB}/{repo.name}/discussions/{talk.number}"
        self.title, self.created_at = forum.title(talk), iso(talk.at)
        self.author = actor(forum.person(talk.code))
        self.author_association = repo.people.association(talk.code, repo.is_official, repo.id, False)
        self.category = Shape("DiscussionCategory", {"name": talk.category[0], "is_answerable": talk.category[1]})

    body = property(lambda self: self._forum.body(self._talk))
    updated_at = property(lambda self: iso(self._forum.updated(self._talk)))
    closed = property(lambda self: self._closed is not None)
    closed_at = property(lambda self: iso(self._closed[0]) if self._closed else None)
    state_reason = property(lambda self: self._closed[1] if self._closed else None)
    is_answered = property(lambda self: self.chosen is not None if self._talk.category[1] else None)
    answer_chosen_at = property(lambda self: iso(self._talk.answer[1]) if self.chosen else None)

    @property
    def _closed(self) -> tuple[int, str] | None:
        closed = self._talk.closed
        return closed if closed and closed[0] <= self._forum.now else None

    @property
    def chosen(self) -> int | None:
        """The id of the saying that is the answer by now."""
        answer = self._talk.answer
        return answer[0] if answer and answer[1] <= self._forum.now else None

    def comments(self, first: int, after: str | None = None) -> Shape:
        """Comments, oldest first; replies are below them."""
        return self.page(self._talk.sayings, first, after)

    def page(self, sayings: list[Saying], first: int, after: str | None) -> Shape:
        """A page of comments or of replies."""
        found = self._forum.seen(sayings)
        return listed(
            "DiscussionComment", found, lambda one: SayingNode(self._forum, self._talk, self, one), first, None, after
        )


class SayingNode:
    """A comment in a discussion, or a reply to one."""

    typename = "DiscussionComment"

    def __init__(self, forum: Forum, talk: Talk, discussion: DiscussionNode, saying: Saying) -> None:
        self._forum, self._talk, self._saying, self.discussion = forum, talk, saying, discussion
        repo, now = forum.repository, forum.now
        is_deleted = saying.deleted is not None and saying.deleted <= now
        self.id = node_id("DiscussionComment", repo.id, talk.number, saying.id)
        self.url = f"{discussion.url}#discussioncomment-{saying.id}"
        self.created_at = iso(saying.at)
        self.updated_at = iso(saying.edited if saying.edited and saying.edited <= now else saying.at)
        self.deleted_at = iso(saying.deleted) if is_deleted and saying.deleted else None
        self.is_answer = discussion.chosen == saying.id
        self.is_minimized, self.minimized_reason = bool(saying.hidden), saying.hidden or None
        self.author = None if is_deleted else actor(forum.person(saying.code))
        self.author_association = repo.people.association(saying.code, repo.is_official, repo.id, False)

    body = property(lambda self: self._forum.body(self._talk, self._saying))

    def replies(self, first: int, after: str | None = None) -> Shape:
        """Replies, oldest first."""
        return self.discussion.page(self._saying.replies, first, after)


def find(forum: Forum, numbers: list[int]) -> DiscussionNode | SayingNode | None:
    """A discussion, or what was said in it, by the numbers of its global id."""
    talk = next((one for _, one in forum.newest_first() if one.number == numbers[0]), None)
    if talk is None or len(numbers) == 1:
        return DiscussionNode(forum, talk) if talk else None
    node = DiscussionNode(forum, talk)
    return next((SayingNode(forum, talk, node, one) for one in forum.seen(talk.all()) if one.id == numbers[1]), None)
