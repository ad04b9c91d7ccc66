"""What a GraphQL query costs by GitHub's rules, and which queries it refuses although they are valid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from graphql.language import ValueNode

MOST_NODES = 500_000
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """`points` off the hourly allowance; `nodes` that the query could bring at most."""

    points: int
    nodes: int


def cost(document: DocumentNode, variables: Mapping[str, Any]) -> Cost:
    """Adds up the requests for connections, as if each were full: a hundredth of them, at least one point. Raises
    GraphQLError."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    defaults = {
        one.variable.name.value: _value(one.default_value, {})
        for one in operation.variable_definitions or ()
        if one.default_value
    }
    requests, nodes = _walk(operation.selection_set, 1, {**defaults, **variables}, fragments)
    if nodes > MOST_NODES:
        message = f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit of 500,000."
        raise GraphQLError(message, extensions={"type": "MAX_NODE_LIMIT_EXCEEDED"})
    return Cost(max(1, round(requests / 100)), nodes)


def _walk(
    selections: SelectionSetNode | None, times: int, variables: Mapping[str, Any], fragments: Mapping[str, Any]
) -> tuple[int, int]:
    requests = nodes = 0
    for field in _fields(selections, fragments):
        size = _size(field, variables)
        further = times * size if size is not None else times
        if size is not None:
            requests, nodes = requests + times, nodes + further
        below = _walk(field.selection_set, further, variables, fragments)
        requests, nodes = requests + below[0], nodes + below[1]
    return requests, nodes


def _fields(
    selections: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    for one in selections.selections if selections else ():
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, FragmentSpreadNode):
            yield from _fields(fragments[one.name.value].selection_set, fragments)
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(one.selection_set, fragments)


CONNECTIONS = frozenset(
    ("issues", "search", "pullRequests", "comments", "labels", "timelineItems", "reviews", "discussions", "replies")
)


def _size(field: FieldNode, variables: Mapping[str, Any]) -> int | None:
    """How many nodes a connection is asked for; None for what is no connection."""
    name = field.name.value
    given = {one.name.value: _value(one.value, variables) for one in field.arguments or ()}
    if name not in CONNECTIONS:
        return None
    sizes = {word: given[word] for word in ("first", "last") if given.get(word) is not None}
    if not sizes or max(sizes.values()) > MOST_AT_ONCE:
        message = f"Provide a `first` or `last` of at most 100 records on the `{name}` connection."
        raise GraphQLError(message, extensions={"type": "EXCESSIVE_PAGINATION"})
    return int(min(sizes.values()))


def _value(node: ValueNode, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, IntValueNode):
        return int(node.value)
    return [_value(one, variables) for one in node.values] if hasattr(node, "values") else getattr(node, "value", None)
