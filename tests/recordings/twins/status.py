"""Twins of status pages: summaries of incident.io and Statuspage, a history in Atom, Google's list."""

import json
from html import escape
from typing import Any

Body = dict[str, Any]
PAGE = "01KIT0000000000000000PAGE0"
ULIDS = ("01KIT00000000000000INC0001", "01KIT00000000000000INC0002")


def _incident_io() -> Body:
    """Fewer fields than Statuspage: no components, links or ends of an incident, no list of maintenance."""
    components = [
        {
            "created_at": "2026-02-25T01:30:00Z", "id": f"01KIT00000000000000CMP000{place}", "name": name,
            "page_id": PAGE, "position": place,
            "status": "operational", "updated_at": "2026-10-30T08:00:00Z",
        }
        for place, name in enumerate(("Answers", "Files"))
    ]  # fmt: skip
    incidents = [
        {
            "created_at": "2026-10-30T08:00:00Z", "id": code, "impact": "minor", "name": f"Slow answers {place}",
            "page_id": PAGE,
            "status": "monitoring", "updated_at": "2026-10-30T09:00:00Z",
            "incident_updates": [
                {
                    "body": "", "created_at": at, "display_at": at, "id": f"{code[:-4]}U{place}{at[12]}",
                    "incident_id": code,
                    "status": word, "updated_at": at,
                }
                for word, at in (("monitoring", "2026-10-30T09:00:00Z"), ("investigating", "2026-10-30T08:00:00Z"))
            ],
        }
        for place, code in enumerate(ULIDS)
    ]  # fmt: skip
    page = {"id": PAGE, "name": "Kit", "updated_at": "2026-10-30T09:00:00Z", "url": "https://status.kit.example/"}
    return {
        "components": components,
        "incidents": incidents,
        "page": page,
        "status": _state("Partially degraded", "minor"),
    }


def _state(words: str, indicator: str) -> Body:
    return {"description": words, "indicator": indicator}


COMPONENT: Body = {
    "created_at": "2025-07-11T17:00:00.000Z", "description": None, "group": False, "group_id": None,
    "id": "k1mp0nent001",
    "name": "Lamp API (api.lamp.example)", "only_show_if_degraded": False, "page_id": "l4mp", "position": 1,
    "showcase": True,
    "start_date": "2025-07-11", "status": "partial_outage", "updated_at": "2026-10-31T07:10:00.000Z",
}  # fmt: skip


def _update(word: str, at: str, before: str, after: str) -> Body:
    part = {"code": COMPONENT["id"], "name": COMPONENT["name"], "new_status": after, "old_status": before}
    return {
        "affected_components": [part], "body": "We look into it.", "created_at": at, "custom_tweet": None,
        "deliver_notifications": True,
        "display_at": at, "id": f"upd{at[11:13]}{at[14:16]}", "incident_id": "l4mp1nc1", "status": word,
        "tweet_id": None, "updated_at": at,
    }  # fmt: skip


def _statuspage() -> Body:
    """All fields, with what an update did to each component."""
    incident = {
        "components": [COMPONENT], "created_at": "2026-10-31T07:00:00.000Z", "id": "l4mp1nc1", "impact": "major",
        "incident_updates": [
            _update("identified", "2026-10-31T07:10:00.000Z", "degraded_performance", "partial_outage"),
            _update("investigating", "2026-10-31T07:00:00.000Z", "operational", "degraded_performance"),
        ],
        "monitoring_at": "2026-10-31T07:20:00.000Z", "name": "Errors in many answers", "page_id": "l4mp",
        "reminder_intervals": "[3, 6]",
        "resolved_at": None, "shortlink": "https://stspg.example/l4mp1nc1", "started_at": "2026-10-31T06:55:00.000Z",
        "status": "identified",
        "updated_at": "2026-10-31T07:10:00.000Z",
    }  # fmt: skip
    page = {
        "id": "l4mp", "name": "Lamp", "time_zone": "Etc/UTC", "updated_at": "2026-10-31T07:10:00.000Z",
        "url": "https://status.lamp.example",
    }  # fmt: skip
    return {
        "components": [COMPONENT], "incidents": [incident], "page": page, "scheduled_maintenances": [],
        "status": _state("Partial System Outage", "major"),
    }  # fmt: skip


def _said(day: int, time: str, word: str, month: str = "Aug") -> str:
    date = f"{month} <var data-var='date'>{day}</var>, <var data-var='time'>{time}</var> UTC"
    return f"<p> <small>{date}</small><br> <strong>{word}</strong> - Words of ours. </p>"


def _entry(code: int, ended: str, *said: str) -> str:
    return f"""  <entry>
    <id>tag:status.forge.example,2005:Incident/{code}</id>
    <published>{ended}</published>
    <updated>{ended}</updated>
    <link rel="alternate" type="text/html" href="https://status.forge.example/incidents/f{code}"/>
    <title>Jobs start late</title>
    <content type="html">{escape(" ".join(said), quote=False)}</content>
  </entry>
"""


ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">
  <id>tag:status.forge.example,2005:/history</id>
  <link rel="alternate" type="text/html" href="https://status.forge.example"/>
  <link rel="self" type="application/atom+xml" href="https://status.forge.example/history.atom"/>
  <title>Forge Status - Incident History</title>
  <updated>2026-08-22T03:00:00Z</updated>
  <author>
    <name>Forge</name>
  </author>
{_entry(72, "2026-08-21T00:37:00Z", _said(21, "00:37", "Resolved"), _said(20, "19:35", "Update"), _said(20, "14:43", "Investigating"))}\
{_entry(71, "2026-01-01T01:10:00Z", _said(1, "01:10", "Resolved", "Jan"), _said(31, "23:30", "Investigating", "Dec"))}</feed>
"""
"""The times of an incident stand in its text without a year; the second one began in the year before."""
GOOGLE_INCIDENTS = (
    ("a1", "SERVICE_OUTAGE", "high", "2026-08-02T10:00:00+00:00", "2026-08-02T14:00:00+00:00",
    "Lamp Engine fails in Iowa"),
    ("a2", "SERVICE_DISRUPTION", "medium", "2026-08-02T12:00:00+00:00", "2026-08-02T15:30:00+00:00",
    "Store is slow in Iowa"),
    ("a3", "SERVICE_INFORMATION", "low", "2026-09-10T09:00:00+00:00", "2026-09-10T09:45:00+00:00",
    "Elevated errors of Store"),
    ("a4", "SERVICE_INFORMATION", "low", "2026-09-20T01:00:00+00:00", "2026-09-20T02:00:00+00:00",
    "Scheduled maintenance of Store"),
    *(
        (f"b{day}", "SERVICE_DISRUPTION", "medium", f"2026-06-{day}T10:00:00+00:00", f"2026-06-{day}T1{day % 9 + 1}:00:00+00:00", "Slow")
        for day in range(10, 30)
    ),
)  # fmt: skip
"""Two that overlap, and two of the kind called information, one of which tells of maintenance."""


def _google(code: str, impact: str, severity: str, begin: str, end: str, words: str) -> Body:
    where = [{"id": "us-central1", "title": "Iowa (us-central1)"}]
    update = {
        "affected_locations": where, "created": end, "modified": end, "status": "AVAILABLE", "text": words, "when": end,
    }  # fmt: skip
    product = {"id": "P9x", "title": "Lamp Engine"}
    return {
        "affected_products": [product], "begin": begin, "created": begin, "currently_affected_locations": [],
        "end": end,
        "external_desc": words, "id": code, "modified": end, "most_recent_update": update, "number": f"77{code}",
        "previously_affected_locations": where, "service_key": product["id"], "service_name": product["title"],
        "severity": severity,
        "status_impact": impact, "updates": [update], "uri": f"incidents/{code}",
    }  # fmt: skip


FILES = {
    "status/status.openai.com__api_v2_summary.json": json.dumps(_incident_io()),
    "status/status.claude.com__api_v2_summary.json": json.dumps(_statuspage()),
    "status/www.githubstatus.com__history.atom": ATOM,
    "status/status.cloud.google.com__incidents.json": json.dumps([_google(*one) for one in GOOGLE_INCIDENTS]),
}
