"""A bare loop over GraphQL, with which `tests.benchmarks.tracker` compares: one connection, and nothing kept but ids.

It reads from its input what to ask, and imports nothing of ours, so that its CPU is that of the work alone.
"""

import http.client
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

Shape = dict[str, Any]


class Loop:
    """Asks one repository."""

    def __init__(self, task: Shape) -> None:
        """Takes the address, the queries and the repository's name."""
        self.task, self.place = task, urlsplit(task["url"])
        self.line = http.client.HTTPConnection(self.place.netloc)

    def ask(self, question: str, **variables: Any) -> Shape:
        """Asks one question about the repository."""
        whole = {"owner": self.task["owner"], "name": self.task["name"], **variables}
        body = json.dumps({"query": question, "variables": whole})
        self.line.request("POST", self.place.path, body, {"authorization": "bearer test"})
        return dict(json.loads(self.line.getresponse().read())["data"]["repository"])

    def list_items(self, field: str, question: str, variables: Shape) -> Iterator[Shape]:
        """Lists all items of a kind, page by page."""
        after: str | None = ""
        while after is not None:
            page = self.ask(question, after=after or None, **variables)[field]
            yield from page["nodes"]
            after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None

    def list_comments(self, issue: Shape) -> Iterator[str]:
        """Lists the ids of an issue's comments, of which the first page is there."""
        page = issue["comments"]
        yield from (comment["id"] for comment in page["nodes"])
        while page["pageInfo"]["hasNextPage"]:
            after = page["pageInfo"]["endCursor"]
            page = self.ask(self.task["further"], number=issue["number"], after=after)["issue"]["comments"]
            yield from (comment["id"] for comment in page["nodes"])

    def read(self) -> dict[str, list[str]]:
        """Reads everything."""
        held: dict[str, list[str]] = {"issues": [], "pulls": [], "comments": []}
        for field, question, variables in self.task["lists"]:
            for item in self.list_items(field, question, variables):
                held["issues" if field == "issues" else "pulls"].append(str(item["number"]))
                if field == "issues":
                    held["comments"] += self.list_comments(item)
        return held


if __name__ == "__main__":
    print(json.dumps({"held": Loop(json.load(sys.stdin)).read()}))
