"""What the words of status pages mean: kinds, severities, days without a year, whose fault it is and why."""

from datetime import datetime

import pytest

from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status import causes, severities
from pipelines.sources.status.formats import atom
from pipelines.sources.status.incident import Incident, Update, make_incident_row
from tests.worlds.visits import NOW

LINK = "https://s.example/incidents/1"


def post(day: str, time: str, word: str, text: str = "x") -> str:
    """One update in the HTML of Statuspage's feed: `day` is `Aug 21`, without a year as there."""
    month, number = day.split()
    when = f"{month} <var data-var='date'>{number:>2}</var>, <var data-var='time'>{time}</var> UTC"
    return f"<p><small>{when}</small><br><strong>{word}</strong> - {text}</p>"


@pytest.mark.parametrize(
    ("published", "posts", "first", "last"),
    [
        ("2027-01-01T02:00:00Z", ["Jan 1", "Dec 31"], "2026-12-31", "2027-01-01"),
        ("2026-12-31T23:59:00Z", ["Jan 1", "Dec 31"], "2026-12-31", "2027-01-01"),
        ("2024-03-01T01:00:00Z", ["Mar 1", "Feb 29"], "2024-02-29", "2024-03-01"),
        ("2026-08-21T00:37:20Z", ["Aug 21", "Aug 20"], "2026-08-20", "2026-08-21"),
    ],
)
def test_a_day_without_a_year_is_the_nearest(published: str, posts: list[str], first: str, last: str) -> None:
    """Across New Year and leap days, also when the text was edited much later."""
    html = post(posts[0], "01:00", "Resolved") + post(posts[1], "22:00", "Investigating")
    at = datetime.fromisoformat(published)
    (incident,) = atom.parse_incidents(
        [FeedEntry("1", "t", "https://s.example/incidents/a", at, at.replace(year=at.year + 1, day=1), html)],
        ItemReader("x"),
    )
    body = make_incident_row(incident).body
    assert (body["posted_at"][:10], body["resolved_at"][:10]) == (first, last)


def test_posts_of_one_minute_keep_the_order_of_the_page() -> None:
    """Real feeds have "Monitoring" and "Resolved" in the same minute: the upper one is the later."""
    html = (
        post("Aug 21", "00:37", "Resolved")
        + post("Aug 21", "00:37", "Monitoring")
        + post("Aug 20", "23:00", "Investigating")
    )
    (incident,) = atom.parse_incidents(
        [FeedEntry("1", "t", LINK, NOW.replace(month=8, day=21), None, html)],
        ItemReader("x"),
    )
    assert make_incident_row(incident).body["is_over"]


def test_a_report_days_later_is_not_the_end() -> None:
    """Statuspage adds its postmortem as an update above "Resolved"."""
    html = (
        post("Nov 28", "09:00", "Postmortem")
        + post("Nov 24", "11:00", "Resolved")
        + post("Nov 24", "10:00", "Investigating")
    )
    (incident,) = atom.parse_incidents([FeedEntry("1", "t", LINK, NOW, None, html)], ItemReader("x"))
    body = make_incident_row(incident).body
    assert (body["resolved_at"], body["is_over"]) == ("2026-11-24T11:00:00.000000Z", True)


def test_a_scheduled_event_is_maintenance() -> None:
    """It is announced, not suffered."""
    html = "<p><strong>THIS IS A SCHEDULED EVENT Jan 9, 05:00 UTC</strong></p>" + post("Aug 21", "00:37", "Completed")
    (incident,) = atom.parse_incidents([FeedEntry("1", "Database upgrade", LINK, NOW, None, html)], ItemReader("x"))
    assert make_incident_row(incident).body["kind"] == "maintenance"


@pytest.mark.parametrize(
    ("title", "level", "kind"),
    [
        ("We’ve suspended access to Claude Mythos 5 and Claude Fable 5", 3, "suspension"),
        ("Access to GPT-5 has been revoked in some regions", 1, "suspension"),
        ("Access suspended for one model", None, "suspension"),
        ("Suspended jobs resume slowly", 1, "degraded"),
        ("Issues accessing ChatGPT for logged-out users", 3, "outage"),
        ("Scheduled database maintenance", 1, "maintenance"),
        ("Emergency maintenance of the API", None, "maintenance"),
        ("Deprecation of Claude 2", 1, "informational"),
        ("Support chat unavailable", 0, "informational"),
        ("API outage", 2, "outage"),
        ("Partial outage of the API", 2, "degraded"),
        ("Website is down", 1, "outage"),
        ("Logs might be unavailable for 25% of customers", 2, "degraded"),
        ("Elevated errors", 0, "degraded"),
        ("New look of this page", 0, "informational"),
        ("Support widget is down", 2, "degraded"),
        ("Elevated errors", 3, "outage"),
        ("claude.ai and API unavailable", None, "outage"),
        ("Website is down", None, "outage"),
        ("Users unable to sign in", None, "outage"),
        ("Slow downloads", None, "degraded"),
        ("", None, "degraded"),
    ],
)
def test_the_kind_follows_the_title_and_then_the_severity(title: str, level: int | None, kind: str) -> None:
    """A suspension tagged as an outage made one vendor's month look like 34 % uptime."""
    assert severities.classify_incident(title, level) == kind


@pytest.mark.parametrize(
    ("words", "is_beside"),
    [
        ("Docs Platform Degraded Performance", True),
        ("API docs unavailable", True),
        ("Playground", True),
        ("Dashboard: elevated error rates for some users", True),
        ("Support chat unavailable", True),
        ("Dashboard and API errors", False),
        ("Errors in the API and its documentation", False),
        ("Docs and API reference list the wrong endpoint", False),
        ("Playground errors for Command R", False),
        ("Playgrounds of models are down", False),
        ("Elevated errors", False),
        ("", False),
    ],
)
def test_a_part_beside_the_product_is_beside_it_when_nothing_else_is_named(words: str, is_beside: bool) -> None:
    """No word that could mean the API may be lost: whatever is left over counts."""
    assert severities.is_beside_only(words) is is_beside
    assert make_incident_row(Incident("a", words, None, "minor", ())).body["is_beside"] is is_beside


@pytest.mark.parametrize(
    ("names", "is_beside"), [(("Docs",), True), (("Docs", "API"), False), (("API",), False), ((), True)]
)
def test_components_say_more_of_what_was_hit_than_the_title(names: tuple[str, ...], is_beside: bool) -> None:
    """Only without components the title tells."""
    components = tuple((name, name) for name in names)
    found = make_incident_row(Incident("a", "Docs are down", None, "minor", (), components=components))
    assert found.body["is_beside"] is is_beside


@pytest.mark.parametrize(
    ("title", "level", "page", "kind"),
    [
        ("Elevated errors due to an upstream provider", 2, "", "third-party"),
        ("Anthropic elevated error rates", 1, "https://status.jetbrains.ai", "third-party"),
        ("Anthropic elevated error rates", 1, "https://status.anthropic.com", "degraded"),
        ("Elevated Error Rate for Anthropic Models", 3, "https://status.cursor.com", "third-party"),
        ("Console & API Availability Issues: Global Cloudflare Outage", 2, "https://groqstatus.com", "third-party"),
        ("Degraded login via Vercel", 1, "https://groqstatus.com", "third-party"),
        ("Connection failures for organizations restricting GitHub access", 2, "https://status.claude.com", "degraded"),
        ("Scheduled maintenance of our cloud provider", 1, "", "maintenance"),
    ],
)
def test_the_fault_of_another_firm_is_told_apart(title: str, level: int, page: str, kind: str) -> None:
    """The name of a firm blames nobody on its own pages, and a plan comes before a fault."""
    assert severities.classify_incident(title, level, page=page) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This is due to an issue with an upstream model provider.", "third-party"),
        ("We are seeing errors from external AI model providers.", "third-party"),
        ("We are working with our cloud provider.", "third-party"),
        ("Requests fail because of an AWS outage.", "third-party"),
        ("GitHub is experiencing an outage.", "third-party"),
        ("Requests to AWS and Azure regions are slow.", "degraded"),
        ("Affected services observed upstream connect errors.", "degraded"),
        ("Traffic through the external proxy load balancer service was delayed.", "degraded"),
    ],
)
def test_an_update_tells_whose_fault_it_is(text: str, kind: str) -> None:
    """Titles are written before anybody knows; a firm named in passing is not at fault."""
    assert (
        severities.classify_incident(
            "Elevated errors", 1, texts=["We are investigating.", text], page="https://status.x.example"
        )
        == kind
    )


@pytest.mark.parametrize(
    ("texts", "is_named"),
    [
        ([], None),
        (["", " "], None),
        (["We are investigating."], False),
        (["We have identified the root cause and are working on a fix."], False),
        (["The root cause is still unknown."], False),
        (["Users may see errors due to this issue."], False),
        (["We are investigating.", "It was caused by an expired certificate."], True),
        (["The cause was a change of the configuration."], True),
    ],
)
def test_a_cause_counts_when_it_is_named(texts: list[str], is_named: bool | None) -> None:
    """ "We have identified the cause" names none; a page without texts says nothing either way."""
    assert causes.has_cause(texts) is is_named


@pytest.mark.parametrize(
    ("words", "texts", "is_there"),
    [
        (["resolved"], [], None),
        (["resolved"], ["Fixed."], False),
        (["resolved"], ["A detailed root cause analysis will be shared as soon as it is available."], False),
        (["resolved"], ["# Incident Report\nSummary: certificates expired. We will do better."], True),
        (["postmortem", "resolved"], [], True),
    ],
)
def test_a_report_counts_when_it_was_published(words: list[str], texts: list[str], is_there: bool | None) -> None:
    """Promises are cheap."""
    assert causes.has_report(words, texts) is is_there


REPORT = (
    "## Incident report\n\nA change of ours was rolled out at 09:00. {cause}\n\n"
    "## {heading}\n\nWe are working with our cloud provider to add capacity, due to an AWS limit.\n"
)


@pytest.mark.parametrize(
    ("cause", "heading", "kind"),
    [
        ("It was caused by a fault in our router.", "Next steps", "degraded"),
        ("It was caused by a fault in our router.", "What we are doing", "degraded"),
        ("We worked with our cloud provider to add machines.", "Remediation", "degraded"),
        ("It was not caused by AWS.", "Next steps", "degraded"),
        ("The root cause was our deployment rather than an upstream provider.", "Next steps", "degraded"),
        ("To prevent this, we reduce our dependence on a third-party provider.", "Next steps", "degraded"),
        ("The root cause was an outage caused by AWS.", "Next steps", "third-party"),
        ("Requests failed because of our upstream network provider.", "Next steps", "third-party"),
    ],
)
def test_a_report_blames_only_whom_it_names_as_the_cause(cause: str, heading: str, kind: str) -> None:
    """Reports promise to work with suppliers that did nothing wrong: 4 of 13 incidents of a vendor were its own."""
    report = Update(NOW, "postmortem", REPORT.format(cause=cause, heading=heading))
    first = Update(NOW, "investigating", "We look into errors.")
    body = make_incident_row(Incident("a", "Elevated errors", None, "minor", (report, first))).body
    assert body["kind"] == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We are working with our cloud provider and will post again at 10:00.", "third-party"),
        ("In future we will have redundancy across cloud providers, working with our GPU provider.", "degraded"),
        ("This is unrelated to the ongoing AWS outage.", "degraded"),
    ],
)
def test_a_post_while_it_goes_on_blames_without_a_cause_but_not_with_a_remedy(text: str, kind: str) -> None:
    """Nobody knows the cause yet: who is asked to fix it is at fault as far as anybody can tell."""
    body = make_incident_row(Incident("a", "Errors", None, "minor", (Update(NOW, "identified", text),))).body
    assert body["kind"] == kind
