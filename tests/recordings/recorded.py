"""Serves the recordings at the addresses that the collectors ask, so that the whole path runs on real answers."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.paths import RECORDINGS

ISSUES = {"ggml-org/llama.cpp": "llama_cpp_issues_sample.jsonl", "sgl-project/sglang": "sglang_issues_sample.jsonl"}
HUB = {
    "mistralai": "Mistral-Small-24B-Base-2501_finetunes_20250405_001816.json",
    "meta-llama": "Llama-4-Scout-17B-16E_finetunes_20250411_001929.json",
}
CHANGELOGS = {"openai": "openai-python__CHANGELOG.md", "anthropic": "anthropic-sdk-python__CHANGELOG.md"}
FAMILY = """
title = "{title}"
side = "{side}"
vendor = "{title}"
mentions = ["{title}"]
checked_on = 2026-11-24
"""


def issues_of(repository: str, root: Path = RECORDINGS) -> list[dict[str, Any]]:
    """The recorded issues of a repository, as recorded."""
    lines = (root / "github" / ISSUES[repository]).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def models_of(organisation: str, root: Path = RECORDINGS) -> list[dict[str, Any]]:
    """The recorded `model_info` of every model of that file, of this organisation and of others."""
    recorded = json.loads((root / "huggingface" / HUB[organisation]).read_text(encoding="utf-8"))
    return [json.loads(model["metadata"]) for model in recorded["models"]]


def status(name: str, root: Path = RECORDINGS) -> Any:
    """A recorded JSON file of a status page."""
    return json.loads((root / "status" / name).read_text(encoding="utf-8"))


def serve(github: HTTPServer, pages: HTTPServer, root: Path = RECORDINGS) -> None:
    """Answers GitHub's, the Hub's, status pages' and changelogs' requests from the recordings."""
    github.expect_request("/graphql", method="POST").respond_with_handler(partial(_graphql, root))
    for repository in ISSUES:
        newest = json.dumps([{"number": 1, "updated_at": "2026-10-01T00:00:00Z"}])
        github.expect_request(f"/repos/{repository}/issues").respond_with_data(newest, content_type="application/json")
    for organisation in HUB:
        _serve_hub(pages, organisation, root)
    for name in ("openai", "claude"):
        summary = status(f"status.{name}.com__api_v2_summary.json", root)
        pages.expect_request(f"/{name}/api/v2/summary.json").respond_with_json(summary)
        for part in ("incidents", "components"):
            pages.expect_request(f"/{name}/api/v2/{part}.json").respond_with_json(
                {"page": summary["page"], part: summary[part]}
            )
    pages.expect_request("/openai/history.atom").respond_with_data("", status=404)
    feed = (root / "status" / "www.githubstatus.com__history.atom").read_bytes()
    pages.expect_request("/githubstatus/history.atom").respond_with_data(feed, content_type="application/atom+xml")
    pages.expect_request("/google/incidents.json").respond_with_json(
        status("status.cloud.google.com__incidents.json", root)
    )
    for name, file in CHANGELOGS.items():
        text = (root / "changelogs" / file).read_bytes()
        pages.expect_request(f"/{name}/CHANGELOG.md").respond_with_data(text, content_type="text/plain; charset=utf-8")


def _serve_hub(pages: HTTPServer, organisation: str, root: Path) -> None:
    own = [as_api(model) for model in models_of(organisation, root) if model["author"] == organisation]
    pages.expect_request("/api/models", query_string=None).respond_with_handler(partial(_listing, root))
    for model in own:
        pages.expect_request(f"/api/models/{model['id']}").respond_with_json(model)


def _listing(root: Path, request: Request) -> Response:
    author = request.args["author"]
    own = [as_api(model) for model in models_of(author, root) if model["author"] == author]
    return Response(json.dumps(own), content_type="application/json")


def as_api(model: dict[str, Any]) -> dict[str, Any]:
    """The recording wrote Python's names and times; the interface writes its own."""
    created = model["created_at"].replace(" ", "T").replace("+00:00", ".000Z")
    kept = {
        name: model[name]
        for name in ("_id", "id", "author", "gated", "downloads", "likes", "tags", "safetensors", "private")
    }
    return kept | {"createdAt": created, "lastModified": created}


def _graphql(root: Path, request: Request) -> Response:
    asked = json.loads(request.data)
    variables, query = asked["variables"], asked["query"]
    recorded = [_as_node(issue) for issue in issues_of(f"{variables['owner']}/{variables['name']}", root)]
    limit = {"cost": 1, "limit": 5000, "remaining": 4990, "resetAt": "2026-11-24T17:00:00Z"}
    answer: dict[str, Any] = {"rateLimit": limit}
    if "search(" in query:
        count = 0 if "pullRequests(" in query else len(recorded)
        field = "pullRequests" if "pullRequests(" in query else "issues"
        answer |= {"repository": {field: {"totalCount": count}}, "recent": {"issueCount": count}}
    elif "pullRequests(" in query:
        nothing = {"totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}
        answer["repository"] = {"pullRequests": nothing}
    else:
        answer["repository"] = {"all": {"totalCount": len(recorded)}, "issues": _page(recorded, variables)}
    return Response(json.dumps({"data": answer}), content_type="application/json")


def _page(recorded: list[dict[str, Any]], variables: dict[str, Any]) -> dict[str, Any]:
    by = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt"}[variables["order"]["field"]]
    found = [node for node in recorded if node["updatedAt"] >= (variables.get("since") or "")]
    found.sort(key=lambda node: node[by], reverse=variables["order"]["direction"] == "DESC")
    start = int(variables.get("after") or 0)
    page = found[start : start + variables["first"]]
    more = {"hasNextPage": start + len(page) < len(found), "endCursor": str(start + len(page))}
    return {"totalCount": len(found), "pageInfo": more, "nodes": page}


def _as_node(issue: dict[str, Any]) -> dict[str, Any]:
    """A recorded issue in GraphQL's shape; the recordings name nobody and hold no comments."""
    z = {name: issue[name] and issue[name].replace("+00:00", "Z") for name in ("created_at", "closed_at")}
    return {
        "id": f"I_{issue['number']}", "number": issue["number"], "title": issue["title"], "url": issue["html_url"],
        "body": issue["body"],
        "createdAt": z["created_at"], "updatedAt": z["closed_at"] or z["created_at"], "closedAt": z["closed_at"],
        "state": issue["state"].upper(), "stateReason": None, "locked": False,
        "authorAssociation": issue["author_association"],
        "author": None, "labels": {"nodes": [{"name": label} for label in issue["labels"]]},
        "timelineItems": {"nodes": []},
        "comments": {"totalCount": issue["comments"], "pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []},
    }  # fmt: skip


def catalog(folder: Path, github: HTTPServer, pages: HTTPServer, root: Path = RECORDINGS) -> Path:
    """Family files whose channels lead to the served recordings."""
    channels = {
        "llama": [_tracker("ggml-org/llama.cpp", github), _hub("meta-llama", pages, root)],
        "mistral": [_hub("mistralai", pages, root)],
        "sglang": [_tracker("sgl-project/sglang", github)],
        "gpt": [_status("openai", "incidentio", pages), _changelog("openai", pages)],
        "claude": [_status("claude", "statuspage", pages), _changelog("anthropic", pages)],
        "github": [_status("githubstatus", "atom", pages)],
        "google": [_status("google", "google", pages)],
    }
    for name, tables in channels.items():
        side = "open" if name in ("llama", "mistral", "sglang") else "proprietary"
        (folder / f"{name}.toml").write_text(
            FAMILY.format(title=name.title(), side=side) + "".join(tables), encoding="utf-8"
        )
    return folder


def _channel(source: str, target: str, role: str, url: str, more: str = "") -> str:
    return (
        f'\n[[channel]]\nsource = "{source}"\ntarget = "{target}"\nrole = "{role}"\nbase_url = '
        f'"{url.rstrip("/")}"\n{more}'
    )


def _tracker(repository: str, github: HTTPServer) -> str:
    return _channel("github", repository, "runtime", github.url_for(""), 'things = ["issues", "pulls"]\n')


def _hub(organisation: str, pages: HTTPServer, root: Path) -> str:
    own = [model["id"] for model in models_of(organisation, root) if model["author"] == organisation]
    return _channel(
        "huggingface",
        organisation,
        "hub",
        pages.url_for(""),
        f'models = {json.dumps(own)}\nthings = ["models", "details"]\n',
    )


def _status(name: str, form: str, pages: HTTPServer) -> str:
    return _channel("status", name, "status", pages.url_for(f"/{name}"), f'format = "{form}"\n')


def _changelog(name: str, pages: HTTPServer) -> str:
    return _channel("changelog", name, "changelog", pages.url_for(f"/{name}/CHANGELOG.md"), 'format = "markdown"\n')
