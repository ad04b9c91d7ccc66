"""A folder of a repository as GitHub's interface gives it: a list with hashes, and each file by its hash."""

import base64
import hashlib

from tests.upstream.messages import Request, Response, conditional, json_answer


def git_hash(text: str) -> str:
    """The hash by which git names a file's content."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def folder(request: Request, path: str, files: dict[str, str]) -> Response:
    """The answer for the folder at `path` (`/repos/{owner}/{name}/contents/…`) or for one of its files by hash."""
    repository, _, inside = path.partition("/contents/")
    if request.path == path:
        return _listing(request, repository, inside, files)
    wanted = request.path.removeprefix(f"{repository}/git/blobs/")
    text = next((text for text in files.values() if git_hash(text) == wanted), None)
    if text is None:
        return json_answer({"message": "Not Found", "status": "404"}, 404)
    content = base64.encodebytes(text.encode()).decode()
    return json_answer({"sha": wanted, "size": len(text.encode()), "encoding": "base64", "content": content})


def _listing(request: Request, repository: str, inside: str, files: dict[str, str]) -> Response:
    listed = [
        {
            "name": name, "path": f"{inside}/{name}", "sha": git_hash(text), "size": len(text.encode()), "type": "file",
            "url": f"{request.base}{repository}/contents/{inside}/{name}?ref=main",
            "download_url": f"{request.base}/raw/{repository.removeprefix('/repos/')}/main/{inside}/{name}",
        }
        for name, text in sorted(files.items())
    ]  # fmt: skip
    listed.append({"name": "media", "path": f"{inside}/media", "sha": git_hash(inside), "size": 0, "type": "dir"})
    etag = git_hash("".join(f"{one['name']}{one['sha']}" for one in listed))
    return conditional(request, json_answer(listed), etag)
