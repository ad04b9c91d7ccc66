"""What happened to an issue besides words: closings, with the change that did it, and re-openings."""

from typing import Any

from graphql import GraphQLError

from tests.upstream.github.ids import node_id
from tests.upstream.github.nodes import WEB, Shape, ThreadNode, actor, listed, thread_node
from tests.upstream.world.clock import iso
from tests.upstream.world.threads import Thread
from tests.upstream.world.tracker import Act

EVENTS = {"CLOSED_EVENT": "close", "REOPENED_EVENT": "reopen"}
TYPENAMES = {"close": "ClosedEvent", "reopen": "ReopenedEvent"}


def timeline(
    thread: Thread, item_types: list[str] | None = None, first: int | None = None, last: int | None = None, **other: Any
) -> Shape:
    """The events of these types, oldest first; whatever else is asked for is refused."""
    if not item_types or not set(item_types) <= set(EVENTS) or any(value is not None for value in other.values()):
        raise GraphQLError(f"the emulator's timeline has {' and '.join(EVENTS)} items only")
    asked = [EVENTS[word] for word in item_types]
    turns = [act for act in thread.turns if act.what in asked]
    return listed("IssueTimelineItems", turns, lambda act: _turn(thread, act), first, last, None)


def _turn(thread: Thread, act: Act) -> Shape:
    typename = TYPENAMES[act.what]
    person = actor(thread.repository.people.person(act.code))
    facts = {"created_at": iso(act.at), "actor": person, "id": node_id(typename, thread.id, act.at)}
    return Shape(typename, {**facts, **({"closer": lambda: _closer(thread, act)} if act.what == "close" else {})})


def _closer(thread: Thread, closing: Act) -> ThreadNode | Shape | None:
    """A pull request, or a commit with the user that its author's address belongs to: bots are none."""
    change = thread.closed_by(closing)
    if change is None or isinstance(change, Thread):
        return thread_node(change) if change else None
    person = actor(thread.repository.history.person(change.code))
    author = Shape(
        "GitActor", {"user": person if person and person.typename == "User" else None, "date": iso(change.at)}
    )
    url = f"{WEB}/{thread.repository.name}/commit/{change.sha}"
    return Shape("Commit", {"oid": change.sha, "url": url, "committed_date": iso(change.at), "author": author})
