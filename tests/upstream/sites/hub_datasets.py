"""Data sets on the hub: made, written in commits of plain and large files, listed, and read by anybody."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from tests.upstream.messages import EXPIRED, Request, Response, json_answer

NAME = "<string:owner>/<string:name>"
ROUTES = Map(
    [
        Rule("/api/repos/create", endpoint="create", methods=["POST"]),
        Rule("/api/validate-yaml", endpoint="validate", methods=["POST"]),
        Rule(f"/api/datasets/{NAME}", endpoint="info", methods=["GET"]),
        Rule(f"/api/datasets/{NAME}/preupload/main", endpoint="preupload", methods=["POST"]),
        Rule(f"/api/datasets/{NAME}/commit/main", endpoint="commit", methods=["POST"]),
        Rule(f"/api/datasets/{NAME}/tree/main", endpoint="tree", methods=["GET"]),
        Rule(f"/datasets/{NAME}.git/info/lfs/objects/batch", endpoint="batch", methods=["POST"]),
        Rule(f"/datasets/{NAME}.git/info/lfs/objects/verify", endpoint="verify", methods=["POST"]),
        Rule(f"/datasets/{NAME}/resolve/main/<path:path>", endpoint="resolve", methods=["GET"]),
        Rule("/storage/<string:oid>", endpoint="store", methods=["PUT"]),
        Rule("/storage/<string:oid>", endpoint="stored", methods=["GET"]),
    ]
)
LARGE = (".duckdb", ".parquet", ".bin")
"""What the hub keeps as large files, whatever their size."""
STORAGE_TOKEN = "signature"
"""The storage knows no tokens: its addresses are signed."""


@dataclass(slots=True)
class Datasets:
    """The data sets of everybody, and the storage of large files beside them."""

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Contents by path, by data set."""
    storage: dict[str, bytes] = field(default_factory=dict)
    commits: list[list[str]] = field(default_factory=list)
    """What each commit did, as `file README.md`, `lfsFile x.duckdb`, `deletedFile y.duckdb`."""

    def takes(self, request: Request) -> bool:
        """Whether a request is about data sets."""
        return request.path.startswith(("/api/datasets/", "/datasets/", "/storage/", "/api/repos/", "/api/validate"))

    def answer(self, request: Request) -> Response:
        """Answers as the hub does; without a token one may only read."""
        if request.token == EXPIRED:
            return json_answer({"error": "Invalid credentials in Authorization header"}, 401)
        try:
            endpoint, values = ROUTES.bind("hub").match(request.path, method=request.method.replace("HEAD", "GET"))
        except NotFound:
            return json_answer({"error": "Sorry, we can't find the page you are looking for."}, 404)
        if endpoint not in ("resolve", "stored", "store", "tree", "info") and not request.token:
            return json_answer({"error": "Invalid username or password."}, 401)
        if "owner" in values:
            rest = {name: value for name, value in values.items() if name not in ("owner", "name")}
            values = {"dataset": f"{values['owner']}/{values['name']}", **rest}
            if values["dataset"] not in self.files:
                # A nameless client cannot say what is missing from what is private.
                code = 404 if request.token else 401
                return json_answer({"error": "Repository not found"}, code, x_error_code="RepoNotFound")
        handle: Callable[..., Response] = getattr(self, f"_{endpoint}")
        return handle(request, **values)

    def _create(self, request: Request) -> Response:
        asked = json.loads(request.body)
        name = f"{asked['organization']}/{asked['name']}"
        if name in self.files:
            where = f"{request.base}/datasets/{name}"
            return json_answer({"error": "You already created this dataset repo", "url": where}, 409)
        self.files[name] = {".gitattributes": b"*.duckdb filter=lfs diff=lfs merge=lfs -text\n"}
        return json_answer({"url": f"{request.base}/datasets/{name}", "name": name, "id": "0" * 24})

    def _validate(self, request: Request) -> Response:
        content = json.loads(request.body)["content"]
        if not content.startswith("---\n"):
            return json_answer({"warnings": [{"message": "empty or missing yaml metadata in repo card"}], "errors": []})
        return json_answer({"warnings": [], "errors": []})

    def _info(self, request: Request, dataset: str) -> Response:
        return json_answer({"_id": "0" * 24, "id": dataset, "sha": f"{len(self.commits):040x}", "private": False})

    def _preupload(self, request: Request, dataset: str) -> Response:
        listed = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(LARGE) else "regular",
                "shouldIgnore": False,
                "oid": self._blob(dataset, file["path"]),
            }
            for file in json.loads(request.body)["files"]
        ]
        return json_answer({"files": listed})

    def _blob(self, dataset: str, path: str) -> str | None:
        content = self.files[dataset].get(path)
        return None if content is None else _oid(path, content)

    def _batch(self, request: Request, dataset: str) -> Response:
        base = f"{request.base}/datasets/{dataset}.git/info/lfs/objects"
        objects = []
        for asked in json.loads(request.body)["objects"]:
            actions = {
                "upload": {"href": f"{request.base}/storage/{asked['oid']}?{STORAGE_TOKEN}=1"},
                "verify": {"href": f"{base}/verify", "header": {"Authorization": "x"}},
            }
            objects.append(asked if asked["oid"] in self.storage else {**asked, "actions": actions})
        return json_answer({"transfer": "basic", "objects": objects})

    def _verify(self, request: Request, dataset: str) -> Response:
        asked = json.loads(request.body)
        content = self.storage.get(asked["oid"])
        is_there = content is not None and len(content) == asked["size"]
        return json_answer({}) if is_there else json_answer({"message": "not found"}, 404)

    def _store(self, request: Request, oid: str) -> Response:
        if hashlib.sha256(request.body).hexdigest() != oid or STORAGE_TOKEN not in request.query:
            return json_answer({"error": "BadDigest"}, 400)
        self.storage[oid] = request.body
        return Response(200)

    def _stored(self, request: Request, oid: str) -> Response:
        if STORAGE_TOKEN not in request.query or request.token:
            # As the real one, it takes no token and refuses one.
            return json_answer({"error": "InvalidArgument"}, 400)
        return Response(200, self.storage[oid], {"content-type": "application/octet-stream"}, is_coded=False)

    def _commit(self, request: Request, dataset: str) -> Response:
        entries = [json.loads(line) for line in request.body.splitlines()]
        parent = next(entry["value"].get("parentCommit") for entry in entries if entry["key"] == "header")
        if parent not in (None, f"{len(self.commits):040x}"):
            return json_answer({"error": "A commit has happened since. Please refresh and try again."}, 412)
        changed = dict(self.files[dataset])
        done = []
        for key, value in ((entry["key"], entry["value"]) for entry in entries):
            if key == "file":
                changed[value["path"]] = base64.b64decode(value["content"])
            elif key == "lfsFile":
                if value["oid"] not in self.storage:
                    return json_answer({"error": "lfs pointer points to a file that does not exist"}, 400)
                changed[value["path"]] = self.storage[value["oid"]]
            elif key == "deletedFile" and changed.pop(value["path"], None) is None:
                return json_answer({"error": "A file with this name doesn't exist"}, 404, x_error_code="EntryNotFound")
            done += [f"{key} {value['path']}"] if key != "header" else []
        self.files[dataset] = changed
        self.commits.append(done)
        oid = f"{len(self.commits):040x}"
        where = f"{request.base}/datasets/{dataset}/commit/{oid}"
        return json_answer({"success": True, "commitUrl": where, "commitOid": oid, "hookOutput": ""})

    def _tree(self, request: Request, dataset: str) -> Response:
        return json_answer(
            [
                {"type": "file", "path": path, "size": len(content), "oid": _oid(path, content)}
                for path, content in sorted(self.files[dataset].items())
            ]
        )

    def _resolve(self, request: Request, dataset: str, path: str) -> Response:
        content = self.files[dataset].get(path)
        if content is None:
            return json_answer({"error": "Entry not found"}, 404, x_error_code="EntryNotFound")
        headers = {"x-repo-commit": f"{len(self.commits):040x}", "etag": f'"{_oid(path, content)}"'}
        if not path.endswith(LARGE):
            return Response(200, content, {"content-type": "text/plain", **headers})
        oid = hashlib.sha256(content).hexdigest()
        self.storage.setdefault(oid, content)
        linked = {"x-linked-size": str(len(content)), "x-linked-etag": f'"{oid}"'}
        return Response(302, b"", {"location": f"{request.base}/storage/{oid}?{STORAGE_TOKEN}=1", **linked, **headers})


def _oid(path: str, content: bytes) -> str:
    """The name that git gives to a file: of a large one, to the pointer in its place."""
    if path.endswith(LARGE):
        digest = hashlib.sha256(content).hexdigest()
        content = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n".encode()
    return hashlib.sha1(b"blob %d\x00" % len(content) + content).hexdigest()  # noqa: S324 (git's own)
