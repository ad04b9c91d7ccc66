"""GitHub's GraphQL: each query is checked against the published schema and carried out over the world as it is now."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLResolveInfo, execute, parse, validate

from tests.upstream.github.cost import Cost, cost
from tests.upstream.github.discussion_nodes import find as find_discussion
from tests.upstream.github.ids import read_node_id
from tests.upstream.github.nodes import RepositoryNode, Shape, ThreadNode, thread_node
from tests.upstream.github.search import search
from tests.upstream.messages import EXPIRED, Request, Response, json_answer
from tests.upstream.quota import Quota
from tests.upstream.schema import github_schema
from tests.upstream.world.clock import iso
from tests.upstream.world.repositories import FIRST_REPOSITORY_ID, Repository
from tests.upstream.world.threads import Thread
from tests.upstream.world.world import World

TOO_HEAVY = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub "
    "bug. "
    "Please include `E2E0:1A2B3C:4D5E6F` when reporting this issue."
)


@lru_cache(4096)
def snake(name: str) -> str:
    """`createdAt` as `created_at`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@lru_cache(512)
def checked(query: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """The query read, and what the schema has against it. Raises GraphQLError if it cannot be read."""
    document = parse(query)
    return document, tuple(validate(github_schema(), document))


@dataclass(slots=True)
class GraphQL:
    """The one endpoint. A page that brings more than `heavy_nodes` fails as the real one does when it takes too
    long."""

    world: World
    quota: Quota
    heavy_nodes: int | None = None
    heavy_extra_points: int = 2

    def answer(self, request: Request) -> Response:
        """Answers a POST."""
        if not request.token:
            message = "This endpoint requires you to be authenticated."
            return json_answer({"message": message, "documentation_url": "https://docs.github.com/graphql"}, 401)
        if request.token == EXPIRED:
            return json_answer(
                {"message": "Bad credentials", "documentation_url": "https://docs.github.com/graphql", "status": "401"},
                401,
            )
        try:
            asked = orjson.loads(request.body)
            query, variables = str(asked["query"]), asked.get("variables") or {}
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return json_answer({"message": "Problems parsing JSON"}, 400)
        try:
            document, faults = checked(query)
        except GraphQLError as error:
            return self._errors([error.formatted])
        if faults:
            return self._errors([one.formatted for one in faults])
        try:
            spent = cost(document, variables)
        except GraphQLError as error:
            return self._errors([_shown(error)])
        return self._within_quota(request, document, variables, spent)

    def _within_quota(
        self, request: Request, document: DocumentNode, variables: dict[str, Any], spent: Cost
    ) -> Response:
        if not self.quota.spend(request.token, spent.points):
            message = "API rate limit already exceeded for user ID 1."
            refusal = self._errors([{"type": "RATE_LIMITED", "code": "graphql_rate_limit", "message": message}])
            return refusal.plus(**{**self.headers(request.token), "x_ratelimit_remaining": "0"})
        counter = _Counter()
        result = self._execute(request.token, document, variables, spent, counter)
        if self.heavy_nodes is not None and counter.nodes > self.heavy_nodes:
            self.quota.spend(request.token, self.heavy_extra_points)
            body = {"data": None, "errors": [{"message": TOO_HEAVY}]}
            heavy = json_answer(body, 502, **self.headers(request.token))
            return heavy.but(points=spent.points + self.heavy_extra_points)
        shown: dict[str, Any] = {"data": result.data}
        if result.errors:
            shown["errors"] = [_shown(error) for error in result.errors]
        return json_answer(shown, **self.headers(request.token)).but(points=spent.points)

    def headers(self, token: str) -> dict[str, str]:
        """What is left, as every answer tells."""
        numbers = {
            "limit": self.quota.of(token),
            "remaining": self.quota.remaining(token),
            "used": self.quota.used(token),
        }
        stated = {f"x_ratelimit_{name}": str(value) for name, value in numbers.items()}
        return {**stated, "x_ratelimit_reset": str(self.quota.resets()), "x_ratelimit_resource": "graphql"}

    def _execute(
        self, token: str, document: DocumentNode, variables: dict[str, Any], spent: Cost, counter: "_Counter"
    ) -> ExecutionResult:
        root, schema = _Root(self.world, self.quota, token, spent), github_schema()
        asked: dict[str, Any] = {
            "variable_values": variables,
            "field_resolver": counter.resolve,
            "type_resolver": _typename,
        }
        result = execute(schema, document, root, **asked)
        assert isinstance(result, ExecutionResult)
        return result

    @staticmethod
    def _errors(errors: list[Any]) -> Response:
        return json_answer({"errors": errors})


class _Counter:
    """Reads fields off the world's objects and counts the nodes that a page brings."""

    def __init__(self) -> None:
        self.nodes = 0

    def resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name = snake(info.field_name)
        try:
            value = source.fields[name] if type(source) is Shape else getattr(source, name)
        except (KeyError, AttributeError):
            raise GraphQLError(f"the emulator has no {info.parent_type.name}.{info.field_name}") from None
        if callable(value):
            value = value(**{snake(word): _snaked(one) for word, one in arguments.items()})
        if type(value) is list and name == "nodes":
            self.nodes += len(value)
        return value


def _snaked(value: Any) -> Any:
    return {snake(word): one for word, one in value.items()} if isinstance(value, dict) else value


def _typename(value: Any, *_: Any) -> str:
    return str(value.typename)


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub writes it: its type beside the message, not below `extensions`."""
    shown: dict[str, Any] = {**error.formatted}
    return {**shown.pop("extensions", {}), **shown}


class _Root:
    """The query's root."""

    typename = "Query"

    def __init__(self, world: World, quota: Quota, token: str, spent: Cost) -> None:
        self._world, self._quota, self._token, self._spent = world, quota, token, spent

    def rate_limit(self, dry_run: bool) -> Shape:
        """What the query cost and what is left."""
        quota, token = self._quota, self._token
        left = {"limit": quota.of(token), "remaining": quota.remaining(token), "reset_at": iso(quota.resets())}
        return Shape("RateLimit", {**left, "cost": self._spent.points})

    def repository(self, owner: str, name: str, follow_renames: bool) -> RepositoryNode:
        """A repository, under a former name too."""
        found = self._world.find(f"{owner}/{name}")
        if found is None or found.gone:
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphQLError(message, extensions={"type": "NOT_FOUND"})
        return RepositoryNode(found)

    def search(self, query: str, type: str, first: int | None = None) -> Shape:
        """How many issues or pull requests fit a query."""
        return search(self._world, query)

    def node(self, id: str) -> Any:
        """Anything by its global id."""
        found = _find(self._world, id)
        if found is None:
            raise GraphQLError(
                f"Could not resolve to a node with the global id of '{id}'", extensions={"type": "NOT_FOUND"}
            )
        return found


def _find(world: World, id: str) -> Any:
    kind, numbers = read_node_id(id) or ("", [0])
    place = numbers[0] - FIRST_REPOSITORY_ID
    if not 0 <= place < len(world.repositories) or world.repositories[place].gone:
        return None
    repository = world.ready(world.repositories[place])
    if kind.startswith("Discussion"):
        return find_discussion(repository.forum, numbers[1:])
    return _thread(repository, numbers[1]) if kind == "Issue" else None


def _thread(repository: Repository, number: int) -> ThreadNode | None:
    is_there = 0 < number <= repository.tracker.size and number - 1 not in repository.tracker.deleted
    return thread_node(Thread(repository, number - 1)) if is_there else None
