"""Fields that GitHub takes out of GraphQL, or turns into objects: the visit is refused in words that name them."""

import json
from collections.abc import Iterator

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    validate,
    visit,
)

from pipelines.http.errors import Fatal
from pipelines.sources.github.client import load_queries
from tests.pipelines.sources.github.visits import CHANNEL, GRAPHQL, collect
from tests.upstream import NOW, Upstream
from tests.upstream.messages import Request, Response, json_answer
from tests.upstream.schema import github_schema

pytestmark = pytest.mark.slow

Holder = GraphQLObjectType | GraphQLInterfaceType


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], seed=6, threads=10, now=NOW) as upstream:
        yield upstream


class _Fields(Visitor):
    """The fields that a question asks for, with the types that hold them."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.found = types, set[tuple[str, str]]()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        holder = self.types.get_parent_type()
        if isinstance(holder, Holder) and not node.name.value.startswith("__"):
            self.found.add((holder.name, node.name.value))


def _list_fields(document: DocumentNode) -> set[tuple[str, str]]:
    types = TypeInfo(github_schema())
    fields = _Fields(types)
    visit(document, TypeInfoVisitor(types, fields))
    return fields.found


def _list_objections(document: DocumentNode, holder: str, name: str, is_removed: bool) -> list[str]:
    """What GitHub's schema has against a question once it lacks a field, or gives it another type."""
    kind = github_schema().type_map[holder]
    assert isinstance(kind, Holder)
    field = kind.fields[name]
    own = field.type
    try:
        if is_removed:
            del kind.fields[name]
        else:
            field.type = github_schema().type_map["Repository"]
        return [error.message for error in validate(github_schema(), document)]
    finally:
        kind.fields[name], field.type = field, own


def _find_refusal(up: Upstream, thing: str) -> str:
    try:
        collect(up, thing)
    except Fatal as error:
        return str(error)
    return ""


@pytest.mark.parametrize("thing", ["issues", "pulls", "discussions"])
def test_a_field_that_graphql_no_longer_has_or_gives_as_an_object_is_named(up: Upstream, thing: str) -> None:
    """GitHub refuses a question for what its schema lacks, as a whole and by name: no answer comes without it.

    Only the count of what is still to be read may fail: the backfill then says that it is unknown.
    """
    up.forget()
    collect(up, thing)
    questions = {json.loads(one.body)["query"] for one in up.requests_to("github", "/graphql")}
    questions.discard(load_queries("counts"))
    tried = 0
    for question in sorted(questions):
        document = parse(question)
        for holder, name in sorted(_list_fields(document)):
            is_scalar = isinstance(get_named_type(_get_type(holder, name)), GraphQLScalarType)
            for is_removed in (True, False) if is_scalar else (True,):
                objections = _list_objections(document, holder, name, is_removed)
                refusal = json_answer(
                    {"errors": [{"message": one, "extensions": {"code": "undefinedField"}} for one in objections]}
                )

                def refuse(request: Request, real: object, own: str = question, said: Response = refusal) -> Response:
                    return said if json.loads(request.body)["query"] == own else real()  # type: ignore[operator]

                rule = up.fail("github", GRAPHQL, refuse)
                assert objections and f"'{name}'" in _find_refusal(up, thing)
                rule.stop()
                tried += 1
    assert tried > 20


def _get_type(holder: str, name: str) -> GraphQLOutputType:
    kind = github_schema().type_map[holder]
    assert isinstance(kind, Holder)
    own: GraphQLOutputType = kind.fields[name].type
    return own
