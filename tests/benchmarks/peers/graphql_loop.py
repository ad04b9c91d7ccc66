"""A bare loop over GraphQL, with which `tests.benchmarks.tracker` compares: one connection, and nothing kept but ids.

A file tells it what to ask. It imports nothing of ours, so that its CPU is that of the work alone.
"""

import http.client
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Shape = dict[str, Any]


class Loop:
    """Asks one repository."""

    def __init__(self, task: Shape) -> None:
        """Takes the address, the queries and the repository's name."""
        self.task, self.place = task, urlsplit(task["graphql"])
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

    def read(self) -> Iterator[tuple[str, Shape]]:
        """Reads everything: the stream and the id of each thing."""
        for field, question, variables in self.task["lists"]:
            for item in self.list_items(field, question, variables):
                yield "issues", {"number": item["number"]}
                if field == "issues":
                    yield from (("issue_comments", {"node_id": comment}) for comment in self.list_comments(item))


if __name__ == "__main__":
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with Path(sys.argv[2], "rows.jsonl").open("w", encoding="utf-8") as file:
        for stream, record in Loop(task).read():
            file.write(json.dumps({"stream": stream, "record": record}) + "\n")
