"""The history feeds of status pages, with the HTML that the real ones carry."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from tests.upstream.world.clock import iso
from tests.upstream.world.incidents import WORDS, Incident, Page

NEWEST = 25


def history(page: Page, *, is_incident_io: bool) -> str:
    """The feed of a page, newest first."""
    entries = "".join(_entry(page, one, is_incident_io) for one in page.until()[:NEWEST])
    updated, web = iso(page.changed()), f"https://{page.host}"
    head = (
        f'<link rel="alternate" type="text/html" href="{web}"/>\n  <link rel="self" type="application/atom+xml" '
        f'href="{web}/history.atom"/>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>tag:{page.host},2005:/history</id>\n  {head}\n  <title>{escape(page.title)} Status - Incident "
        f"History</title>\n"
        f"  <updated>{updated}</updated>\n  <author>\n    <name>{escape(page.title)}</name>\n  "
        f"</author>\n{entries}</feed>\n"
    )


def _entry(page: Page, incident: Incident, is_incident_io: bool) -> str:
    """Statuspage's `published` moves to the latest update; incident.io's stays at the first post. Its links may have
    two slashes."""
    latest = incident.until(page.clock.now)[0]
    if is_incident_io:
        code, published = incident.ulid("page"), incident.posted
        where, html = f"https://{page.host}//incidents/{code}", _io_html(page, incident)
        tag = where
    else:
        code, published = incident.code(), latest.at
        where, html = f"https://{page.host}/incidents/{code}", _html(page, incident)
        tag = f"tag:{page.host},2005:Incident/{incident.draw % 10**8}"
    return (
        f"  <entry>\n    <id>{tag}</id>\n    <published>{iso(published)}</published>\n    "
        f"<updated>{iso(latest.at)}</updated>\n"
        f'    <link rel="alternate" type="text/html" href="{where}"/>\n    <title>{escape(incident.name)}</title>\n'
        f'    <content type="html">{escape(html)}</content>\n  </entry>\n'
    )


def _html(page: Page, incident: Incident) -> str:
    """Updates newest first: day and time without a year."""
    posts = []
    for update in incident.until(page.clock.now):
        at = datetime.fromtimestamp(update.shown_at, UTC)
        when = f"{at:%b} <var data-var='date'>{at.day:2d}</var>, <var data-var='time'>{at:%H:%M}</var> UTC"
        word = update.status.replace("_", " ").capitalize()
        posts.append(
            f"<p> <small>{when}</small><br> <strong>{word}</strong> - {escape(incident.words(update.status))} </p>"
        )
    note = "<p><strong>THIS IS A SCHEDULED EVENT</strong></p> " if incident.is_maintenance else ""
    return note + " ".join(posts)


def _io_html(page: Page, incident: Incident) -> str:
    """The latest status only, and the components with their word."""
    latest = incident.until(page.clock.now)[0]
    word = "none" if latest.status in ("resolved", "completed", "postmortem") else incident.impact
    shown = WORDS[word].replace("_", " ").capitalize()
    parts = "".join(f"<li>{escape(one.name)} ({shown})</li>" for one in incident.components)
    text = escape(incident.words(latest.status))
    return (
        f"<b>Status: {latest.status.capitalize()}</b><br/><br/>{text}<br/><br/><b>Affected "
        f"components</b><ul>{parts}</ul>"
    )
