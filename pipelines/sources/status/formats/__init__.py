"""The forms of status pages, by the name that a channel gives as its `format`: one file each."""

from pipelines.sources.status.formats import (
    atom,
    aws,
    betterstack,
    datadog,
    flashduty,
    google,
    incidentio,
    statuspage,
    xai,
)
from pipelines.sources.status.pages import StatusFormat

FORMATS: dict[str, StatusFormat] = {
    "atom": atom.FORMAT,
    "aws": aws.FORMAT,
    "betterstack": betterstack.FORMAT,
    "datadog": datadog.FORMAT,
    "flashduty": flashduty.FORMAT,
    "google": google.FORMAT,
    "incidentio": incidentio.FORMAT,
    "statuspage": statuspage.FORMAT,
    "xai": xai.FORMAT,
}
