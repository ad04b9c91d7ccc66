"""Sends messages to the places that HEARTBEAT_NOTIFY names, and says which refused them without repeating a secret."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from pipelines.text.values import clean_line, hide_secrets, remove_unseen
from warehouse.settings import DEADMAN, NOTIFY, Settings

PLACE_SECONDS = 60.0
"""Time after which a place has refused, whatever it is doing."""
MOST_TITLE, MOST_BODY = 60, 10_000
UNKNOWN = "not an address that Apprise understands; correct it"
_ADDRESS = re.compile(r"https?://([^/\s]+)\S*")
_CODE = re.compile(r"error=(\d{3})\b")
_MENTION = re.compile(r"@(?=(?:all|channel|everyone|here|room)\b)|<(?=[@!])", re.IGNORECASE)
"""What makes a chat service call all its members."""

# Their lines hold addresses with tokens in them; without a handler, warnings would go to the error output.
logging.getLogger("apprise").propagate = False
logging.getLogger("apprise").addHandler(logging.NullHandler())
for _name in ("urllib3", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message in plain text."""

    title: str
    """It is shortened, so the body repeats it."""
    body: str
    type: str = "info"
    """info, success, warning or failure"""


def deliver_notice(settings: Settings, notice: Notice) -> Iterator[tuple[str, str]]:
    """Sends a message to one place after the other; yields the name of each and why it refused, if it did.

    Host, user and path of an address may all be secret, so a place is named by its number and service alone.
    """
    secrets = settings.list_secrets()
    title = _ADDRESS.sub(r"\1", _disarm(clean_line(hide_secrets(notice.title, secrets), MOST_BODY)))
    title = shorten(title, MOST_TITLE, placeholder=" …")
    body = _disarm(remove_unseen(hide_secrets(notice.body, secrets)))[:MOST_BODY]
    for number, address in enumerate(settings.notify_places, 1):
        service, fault = _send(address, title=title, body=body, notify_type=notice.type)
        yield f"place {number} of {NOTIFY}" + (f" ({service})" if service else ""), fault


def ping_deadman(settings: Settings) -> str:
    """Tells the service of HEARTBEAT_DEADMAN that this installation is alive; returns why that failed, if it did."""
    address = settings.deadman.get_secret_value()
    _, fault = _send(_to_post(address), body="A run has ended.") if address else ("", "")
    return fault and f"{DEADMAN}: {fault}"


def list_unusable(settings: Settings) -> list[str]:
    """Lists the addresses to which no message can be sent, by the names of their settings."""
    deadman = settings.deadman.get_secret_value()
    no_places = [
        f"place {number} of {NOTIFY}: {UNKNOWN}"
        for number, address in enumerate(settings.notify_places, 1)
        if _open_place(address) is None
    ]
    is_address = not deadman or (re.match("https?://", deadman) and _open_place(_to_post(deadman)))
    return (
        no_places if is_address else [*no_places, f"{DEADMAN}: write an address that begins with https:// or http://"]
    )


def _to_post(address: str) -> str:
    """Writes an address of the web as Apprise names one that gets JSON."""
    return address.replace("http", "json", 1)


def _open_place(address: str) -> Any:
    """Opens the place of an address; None if Apprise knows no such address."""
    # Imported late: it takes a third of a second, and most runs have nothing to send.
    from apprise import Apprise, AppriseAsset

    # A redirect would carry the message, and credentials in headers, to a host that nobody named.
    asset = AppriseAsset(
        http_redirects=False, service_timeout=PLACE_SECONDS, app_id="Heartbeat", app_desc="Heartbeat", app_url=""
    )
    return Apprise.instantiate(address, asset=asset)


def _send(address: str, **message: str) -> tuple[str, str]:
    """Sends a message to an address; returns the name of its service and why it refused, if it did."""
    place = _open_place(address)
    if place is None:
        return "", UNKNOWN
    from apprise import Apprise

    result = Apprise(place, asset=place.asset).notify(body_format="text", **message)
    return str(place.service_name), "" if result else _explain_refusal(result)


def _disarm(text: str) -> str:
    """Breaks what would call all members of a chat: texts of upstreams may be quoted."""
    return _MENTION.sub(lambda sign: f"{sign[0]}\N{ZERO WIDTH SPACE}", text)


def _explain_refusal(result: Any) -> str:
    """Explains by the code of an answer, or that there was none. The service's own words may repeat the address."""
    if result.timeout_count:
        return f"took longer than {PLACE_SECONDS:.0f} s"
    code = _CODE.search(" ".join(entry.message for entry in result.logs()))
    return f"answered {code[1]}" if code else "could not be reached, or refused the message"
