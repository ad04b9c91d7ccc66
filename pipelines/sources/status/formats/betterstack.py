"""Better Stack: reports and resources in one JSON:API document, and a feed of its monitors' posts."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.http.keys import ItemKeys
from pipelines.markup.feeds import XML, read_feed
from pipelines.sources.status import betterstack_feed
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import (
    JSON,
    Component,
    Pages,
    StatusFormat,
    list_objects,
    matches_any,
    pick_worst_word,
    read_word,
)
from pipelines.text.values import clean_line, parse_instant

PATH, FEED = "/index.json", "/feed"
WELL = ("resolved", "recovered")
"""What a report calls a resource that was ill: no severity, as it tells nothing of how ill it was."""
PAGE = ItemKeys("pages", "", {"data.type": str})
RESOURCES = ItemKeys(
    "resources", "included",
    {"id": str, "attributes.public_name": str},
    only=("type", "status_page_resource"),
)  # fmt: skip
AFFECTED = {
    "attributes.affected_resources": list, "attributes.affected_resources.status_page_resource_id": str,
    "attributes.affected_resources.status": str,
}  # fmt: skip
REPORTS = ItemKeys(
    "reports", "included",
    {
        **AFFECTED, "id": str, "attributes.title": str, "attributes.report_type": str,
        "attributes.aggregate_state": str, "attributes.starts_at": str, "attributes.ends_at": str | None,
    },
    only=("type", "status_report"),
)  # fmt: skip
UPDATES = ItemKeys(
    "updates", "included", {**AFFECTED, "id": str, "attributes.message": str, "attributes.published_at": str},
    only=("type", "status_update"),
)  # fmt: skip


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the reports that people wrote and the incidents that monitors posted to the feed, each once."""
    # The document holds the state of every resource and report: if it has not changed, neither has the feed.
    answer = pages.get(PATH, JSON)
    if answer is None:
        return None
    index = Index(answer)
    reader = pages.make_item_reader(answer)
    reports = reader.read_each(index.list_parts("status_report"), partial(_make_report, index=index, base=pages.base))
    report_ids = {report.id for report in reports}
    posted = _read_posted_incidents(pages, _choose_monitor_word(index, pages.visit.channel.components))
    return [*reports, *(incident for incident in posted if incident.id not in report_ids)]


def _read_posted_incidents(pages: Pages, word: str) -> list[Incident]:
    """Reads the feed's incidents; none if there never was a feed, as a page may have no monitors that post."""
    answer = pages.get_optional(FEED, XML, "incidents that monitors post")
    if answer is None:
        return []
    return list(betterstack_feed.parse_incidents(read_feed(answer), pages.make_item_reader(answer), word))


def _choose_monitor_word(index: "Index", patterns: tuple[str, ...]) -> str:
    """Chooses the word for a resource that failed: if several count, such as 22 models, one is a part."""
    resources = [(_get_id(resource), _get_name(resource)) for resource in index.list_parts("status_page_resource")]
    counted = [resource for resource in resources if not patterns or matches_any(resource, patterns)]
    return betterstack_feed.PARTLY_DOWN if len(counted) > 1 else betterstack_feed.ALL_DOWN


def read_components(pages: Pages) -> list[Component] | None:
    """Reads the resources."""
    answer = pages.get(PATH, JSON)
    if answer is None:
        return None
    return [Component(_get_id(resource), _get_name(resource)) for resource in Index(answer).list_resources()]


class Index:
    """The parts of the page's document. Raises Fatal if an answer is not one."""

    def __init__(self, answer: Answer) -> None:
        document = answer.json()
        data = document.get("data") if isinstance(document, dict) else None
        attributes = data.get("attributes") if isinstance(data, dict) else None
        if not isinstance(attributes, dict) or not isinstance(document.get("included"), list):
            raise Fatal(f"{redact_url(answer.url)}: no attributes or no included parts; the page has changed shape")
        self._where = redact_url(answer.url)
        self._included = list_objects(document["included"])

    def list_parts(self, kind: str) -> list[Mapping[str, Any]]:
        """Lists all parts of a kind."""
        return [part for part in self._included if part.get("type") == kind]

    def list_resources(self) -> list[Mapping[str, Any]]:
        """Lists the resources. Raises Fatal if there are none."""
        resources = [part for part in self.list_parts("status_page_resource") if part.get("id")]
        if not resources:
            raise Fatal(f"{self._where}: no resource on the page; it has changed shape")
        return resources

    def get_resource_name(self, code: str) -> str:
        """Returns the public name of a resource; empty if the page does not list it."""
        resources = self.list_parts("status_page_resource")
        return next((_get_name(resource) for resource in resources if _get_id(resource) == code), "")

    def list_updates(self, report: Mapping[str, Any]) -> list[tuple[datetime, Mapping[str, Any]]]:
        """Lists the updates of a report with their instants, oldest first."""
        linked = _get_object(_get_object(report, "relationships"), "status_updates").get("data")
        linked_ids = {str(link.get("id")) for link in list_objects(linked)}
        dated = [
            (at, update)
            for update in self.list_parts("status_update")
            if _get_id(update) in linked_ids and (at := parse_instant(_get_attribute(update, "published_at")))
        ]
        return sorted(dated, key=lambda pair: (pair[0], _get_id(pair[1])))


def _make_report(item: Mapping[str, Any], index: Index, base: str) -> Incident:
    if not item.get("id"):
        raise Fatal("a report without an id; the page has changed shape")
    updates = index.list_updates(item)
    affected = [
        resource
        for part in (item, *(update for _, update in updates))
        for resource in list_objects(_get_attribute(part, "affected_resources"))
    ]
    words = (read_word(resource.get("status")) for resource in affected)
    codes = (str(resource.get("status_page_resource_id")) for resource in affected)
    names = {code: index.get_resource_name(code) for code in codes}
    code = clean_line(item["id"], 120)
    is_over = _get_attribute(item, "aggregate_state") == "resolved"
    return Incident(
        id=code,
        title=str(_get_attribute(item, "title") or ""),
        url=to_web_link(f"{base}/incident/{code}"),
        severity_word=pick_worst_word(word for word in words if word not in WELL),
        status_word=read_word(_get_attribute(item, "aggregate_state")),
        updates=tuple(_make_update(at, update) for at, update in reversed(updates)),
        posted_at=updates[0][0] if updates else parse_instant(_get_attribute(item, "starts_at")),
        started_at=parse_instant(_get_attribute(item, "starts_at")),
        # It may be empty although the report is over: the end is then the update that says so.
        resolved_at=parse_instant(_get_attribute(item, "ends_at")) if is_over else None,
        components=tuple(sorted(((code, name) for code, name in names.items() if name), key=lambda pair: pair[::-1])),
        is_listed_open=not is_over,
        notes=("scheduled maintenance",) if _get_attribute(item, "report_type") == "maintenance" else (),
    )


def _make_update(at: datetime, item: Mapping[str, Any]) -> Update:
    """Makes an update: `resolved` if every resource that it names is well again."""
    words = {read_word(resource.get("status")) for resource in list_objects(_get_attribute(item, "affected_resources"))}
    word = "resolved" if words and words <= {*WELL, "operational"} else "update"
    return Update(at, word, str(_get_attribute(item, "message") or ""))


def _get_attribute(item: Mapping[str, Any], name: str) -> Any:
    return _get_object(item, "attributes").get(name)


def _get_object(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Returns the object under a name; an empty one for anything else."""
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _get_id(item: Mapping[str, Any]) -> str:
    return str(item.get("id"))


def _get_name(item: Mapping[str, Any]) -> str:
    return str(_get_attribute(item, "public_name") or "")


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    read_components=read_components,
    keys=(PAGE, RESOURCES, REPORTS, UPDATES),
    keeps_history=False,
)
