"""The objects of the GraphQL answers. Attributes are GitHub's field names in snake case; what is missing here is
refused, never null."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from tests.upstream.github.ids import cursor, node_id, read_cursor
from tests.upstream.world.clock import iso, iso_or_none, seconds
from tests.upstream.world.people import Person
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Reply, Thread
from tests.upstream.world.tracker import Kind

WEB = "https://github.com"


@dataclass(slots=True)
class Shape:
    """A plain object of given type and fields."""

    typename: str
    fields: dict[str, Any]


def after(text: str | None) -> tuple[int, ...] | None:
    """The place of an `after`. Raises GitHub's error for what is no cursor."""
    try:
        return tuple(read_cursor(text)) if text else None
    except ValueError:
        raise GraphQLError(
            f"`{text}` does not appear to be a valid cursor.", extensions={"type": "INVALID_CURSOR_ARGUMENTS"}
        ) from None


def connection(
    typename: str, nodes: list[Any], places: list[tuple[int, ...]], total: int, more: bool, earlier: bool
) -> Shape:
    """A page of a list with what leads to the next."""
    end = cursor(*places[-1]) if places else None
    info = {"has_next_page": more, "has_previous_page": earlier, "end_cursor": end}
    fields = {"total_count": total, "page_info": Shape("PageInfo", info), "nodes": nodes}
    return Shape(f"{typename}Connection", fields)


def listed(
    typename: str,
    items: Sequence[Any],
    show: Callable[[Any], Any],
    first: int | None,
    last: int | None,
    after_: str | None,
    hidden: int = 0,
) -> Shape:
    """A page of a list that is at hand, `hidden` more being counted only. Items that are tuples are places themselves, the others are placed by their
    number."""
    keys = [item if isinstance(item, tuple) else (number,) for number, item in enumerate(items)]
    place = after(after_)
    start = 0 if place is None else bisect_right(keys, place)
    end = len(keys) if first is None else min(len(keys), start + first)
    start = start if last is None else max(start, end - last)
    return connection(
        typename,
        [show(item) for item in items[start:end]],
        keys[start:end],
        len(items) + hidden,
        end < len(keys),
        start > 0,
    )


def actor(person: Person | None) -> Shape | None:
    """An account, or null if it is gone."""
    if person is None:
        return None
    return Shape(person.typename, {"login": person.login})


class RepositoryNode:
    """A repository."""

    typename = "Repository"

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.id = node_id("Repository", repository.id)
        self.has_discussions_enabled = repository.has_discussions

    def issues(self, **asked: Any) -> Shape:
        """Issues without pull requests."""
        filters = asked.pop("filter_by", None) or {}
        if unknown := set(filters) - {"since", "viewer_subscribed"}:
            raise GraphQLError(f"the emulator does not filter issues by {sorted(unknown)}")
        since = filters.get("since")
        return self._page("issue", asked, seconds(since) if since else None)

    def pull_requests(self, **asked: Any) -> Shape:
        """Pull requests."""
        return self._page("pull", asked, None)

    def discussions(self, after: str | None = None, **asked: Any) -> Shape:
        """Discussions, newest first."""
        from tests.upstream.github.discussion_nodes import discussions

        return discussions(self._repository.forum, after_=after, **asked)

    def issue_or_pull_request(self, number: int) -> Any:
        """What has this number. Raises GitHub's error for one that is not there."""
        tracker = self._repository.tracker
        if not 0 < number <= tracker.size or number - 1 in tracker.deleted:
            message = f"Could not resolve to an issue or pull request with the number of {number}."
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        return thread_node(Thread(self._repository, number - 1))

    issue = pull_request = issue_or_pull_request

    def discussion(self, number: int) -> Any:
        """The discussion with this number. Raises GitHub's error for one that is not there."""
        from tests.upstream.github.discussion_nodes import find

        found = find(self._repository.forum, [number])
        if found is None:
            message = f"Could not resolve to a Discussion with the number of {number}."
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        return found

    def _page(self, kind: Kind, asked: dict[str, Any], since: int | None) -> Shape:
        order = asked.pop("order_by", None) or {"field": "CREATED_AT", "direction": "ASC"}
        place, first = after(asked.pop("after", None)), asked.pop("first", None)
        if unsupported := [name for name, value in asked.items() if value is not None] or first is None:
            raise GraphQLError(f"the emulator does not know {unsupported} here; it pages forward with `first`")
        if not self._repository.has_issues and kind == "issue":
            return connection("Issue", [], [], 0, False, False)
        tracker, descending = self._repository.tracker, order["direction"] == "DESC"
        sort = order["field"].lower().removesuffix("_at")
        start = (place[0], place[1]) if place else None
        found, more, total = tracker.page(kind, sort, descending=descending, since=since, after=start, limit=first)
        nodes = [thread_node(Thread(self._repository, index)) for _, index in found]
        return connection(nodes[0].typename if nodes else "Issue", nodes, [*found], total, more, place is not None)


class ThreadNode:
    """What issues and pull requests have in common."""

    typename = "Issue"

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        repo = thread.repository
        self.id = node_id(self.typename, repo.id, thread.number)
        self.number = thread.number
        self.url = f"{WEB}/{repo.name}/{'pull' if thread.is_pull else 'issues'}/{thread.number}"
        self.created_at = iso(thread.created)
        self.author_association = thread.association

    title = property(lambda self: self.thread.title)
    body = property(lambda self: self.thread.body)
    updated_at = property(lambda self: iso(self.thread.updated))
    closed_at = property(lambda self: iso_or_none(self.thread.closed))
    author = property(lambda self: actor(self.thread.author))
    state = property(lambda self: "OPEN" if self.thread.is_open else "CLOSED")

    def labels(self, first: int, order_by: Any) -> Shape:
        """Labels by name."""
        return listed("Label", self.thread.labels, lambda name: Shape("Label", {"name": name}), first, None, None)

    def comments(self, first: int, after: str | None = None) -> Shape:
        """Comments, oldest first."""
        return listed(
            "IssueComment", self.thread.comments, lambda one: CommentNode(self.thread.reply(*one)), first, None, after,
            self.thread.comments_count - len(self.thread.comments),
        )  # fmt: skip


class IssueNode(ThreadNode):
    """An issue."""

    def state_reason(self, enable_duplicate: bool = False) -> str | None:
        """Why it is closed. Without `enableDuplicate` a duplicate shows as not planned."""
        reason = self.thread.reason
        return "NOT_PLANNED" if reason == "DUPLICATE" and not enable_duplicate else reason

    def timeline_items(self, **asked: Any) -> Shape:
        """Closings and re-openings."""
        from tests.upstream.github.timeline import timeline

        return timeline(self.thread, **asked)


class PullNode(ThreadNode):
    """A pull request."""

    typename = "PullRequest"
    merged_at = property(lambda self: iso_or_none(self.thread.merged))
    state = property(lambda self: "OPEN" if self.thread.is_open else "MERGED" if self.thread.merged else "CLOSED")


class CommentNode:
    """A comment; moderators hide none here."""

    typename = "IssueComment"
    is_minimized = False
    minimized_reason = None

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.created_at = iso(reply.created)
        self.updated_at = iso(reply.updated)
        self.author_association = reply.association
        self.author = actor(reply.author)

    @property
    def id(self) -> str:
        """Its global id."""
        return node_id("IssueComment", self._reply.repository.id, self._reply.id)

    @property
    def body(self) -> str:
        """Its text."""
        return self._reply.body

    @property
    def url(self) -> str:
        """Its page."""
        return f"{thread_node(self._reply.thread).url}#issuecomment-{self._reply.id}"


def thread_node(thread: Thread) -> ThreadNode:
    """A thread by its type."""
    return PullNode(thread) if thread.is_pull else IssueNode(thread)
