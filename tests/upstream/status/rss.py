"""RSS 2.0 as status pages write it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from xml.sax.saxutils import escape


def rfc822(seconds: int, hours: int = 0) -> str:
    """`Thu, 03 Sep 2026 13:30:00 GMT`, or with the offset of a zone of whole hours."""
    at = datetime.fromtimestamp(seconds, UTC)
    return (
        format_datetime(at.astimezone(timezone(timedelta(hours=hours)))) if hours else format_datetime(at, usegmt=True)
    )


def item(title: str, link: str, guid: str, at: str, html: str, more: str = "") -> str:
    """One item; its HTML is in CDATA."""
    head = f"<title><![CDATA[{title}]]></title><link>{escape(link)}</link>"
    body = f"<description><![CDATA[{html}]]></description>"
    return f'<item>{head}<guid isPermaLink="false">{escape(guid)}</guid><pubDate>{at}</pubDate>{more}{body}</item>\n'


def rss(title: str, link: str, items: Iterable[str]) -> str:
    """The whole feed."""
    head = f"<title>{escape(title)}</title><link>{escape(link)}</link><description>{escape(title)}</description>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss '
        f'version="2.0"><channel>{head}\n{"".join(items)}</channel></rss>\n'
    )
