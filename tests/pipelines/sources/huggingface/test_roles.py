"""Who counts as the vendor's in discussions on the Hub, by what the Hub says of an account."""

import pytest

from pipelines.catalog.entries import Channel
from pipelines.sources.huggingface.rows import make_listed_row
from tests.worlds.visits import make_visit

VISIT = make_visit(Channel(source="huggingface", target="acme", role="hub", family="kit", models=("acme/Kit-7B",)))
ITEM = {
    "num": 1, "status": "open", "title": "It fails", "createdAt": "2026-11-01T12:00:00.000Z", "isPullRequest": False,
    "numComments": 1,
}  # fmt: skip


@pytest.mark.parametrize("mark", ["isHf", "isHfAdmin", "isMod"])
@pytest.mark.parametrize(
    ("membership", "found"),
    [
        ({"isOrgMember": True, "isOwner": False}, "staff"),
        ({"isOrgMember": False, "isOwner": True}, "staff"),
        ({"isOrgMember": False, "isOwner": False}, "outsider"),
        ({}, "outsider"),
    ],
)
def test_who_runs_the_hub_is_an_outsider_in_a_vendor_s_repository(
    mark: str, membership: dict[str, bool], found: str
) -> None:
    """They would be maintainers of every vendor; some belong to the organisation, which comes first."""
    author = {"name": "keeper", "isHf": False, "isHfAdmin": False, "isMod": False, **membership, mark: True}
    body = make_listed_row(VISIT, "acme/Kit-7B", "https://huggingface.co", ITEM | {"author": author}).body
    assert body["role"] == found
