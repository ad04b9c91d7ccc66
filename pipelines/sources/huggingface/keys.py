"""The keys that the Hub's lists, models and discussions carry."""

from pipelines.http.keys import ItemKeys

AUTHOR = {"author": dict | None, "author.name": str | None, "author.isHf": bool, "author.isMod": bool}
ROLES = {"author.isHfAdmin": bool, "author.isOwner": bool, "author.isOrgMember": bool}
"""What an account is to the model; only the authors of a thread's events carry all of it."""
LISTED = ItemKeys(
    "listed discussions", "discussions",
    {
        **AUTHOR, "title": str, "pinned": bool, "status": str, "repo": dict, "repo.name": str,
    },
    ROLES,
)  # fmt: skip
THREAD = ItemKeys("discussions", "", {"title": str, "status": str}, {"isReport": bool})
EVENTS = ItemKeys("events", "events", {**AUTHOR, **ROLES}, {"data.status": str})
COMMENTS = ItemKeys(
    "comments", "events", {"data.hidden": bool, "data.latest": dict, "data.latest.raw": str},
    only=("type", "comment"),
)  # fmt: skip
MODELS = ItemKeys("models", "", {"private": bool}, {"gated": bool | str})
DETAILS = ItemKeys("models", "", {"disabled": bool}, {"gated": bool | str, "inferenceProviderMapping.*.status": str})
