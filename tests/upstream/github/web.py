"""GitHub beside its interface: feeds of releases and raw files, which count against no allowance."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.upstream.messages import Request, Response, conditional, text_answer
from tests.upstream.sites.changelog import Page, write_atom
from tests.upstream.world.draws import number
from tests.upstream.world.world import World

PLAIN = "text/plain; charset=utf-8"
Folders = Mapping[str, Callable[[], dict[str, str]]]
"""Files by name of each folder, by `owner/name/path`."""


@dataclass(slots=True)
class Web:
    """Answers for pages of github.com and for the raw host, both on one server."""

    world: World
    folders: Folders

    def is_meant(self, path: str) -> bool:
        """Whether a path is none of the interface's."""
        return path.startswith("/raw/") or path.endswith("/releases.atom")

    def answer(self, request: Request) -> Response:
        """Answers a GET."""
        if request.path.startswith("/raw/"):
            return self._raw(request)
        found = re.fullmatch(r"/([^/]+/[^/]+)/releases\.atom", request.path)
        repo = self.world.find(found[1]) if found else None
        if found is None or repo is None or repo.gone:
            return text_answer("Not Found", PLAIN, 404)
        if repo.name.lower() != found[1].lower():
            return text_answer("", PLAIN, 301, location=f"{request.base}/{repo.name}/releases.atom")
        page = Page(repo.releases, "atom", repo.name, self.world.clock, int(self.world.start.timestamp()))
        text = write_atom(page, repo.releases.until(self.world.clock.now))
        response = text_answer(text, "application/atom+xml; charset=utf-8")
        return conditional(request, response, f"{number(response.body):032x}")

    def _raw(self, request: Request) -> Response:
        """A file, whatever the branch."""
        found = re.fullmatch(r"/raw/([^/]+/[^/]+)/[^/]+/(.+)/([^/]+)", request.path)
        files = self.folders.get(f"{found[1]}/{found[2]}") if found else None
        text = files().get(found[3]) if files and found else None
        return text_answer("404: Not Found", PLAIN, 404) if text is None else text_answer(text, PLAIN)
