"""All status pages: each host speaks the format that the catalog says."""

from tests.upstream.messages import Request, Response, conditional, text_answer
from tests.upstream.status import (
    awshealth,
    betterstack,
    datadog,
    flashduty,
    googlestatus,
    incidentio,
    statuspage,
    xai,
)
from tests.upstream.world.draws import number
from tests.upstream.world.incidents import Page

ANSWERS = {
    "aws": awshealth.ANSWERS, "betterstack": betterstack.ANSWERS, "datadog": datadog.ANSWERS,
    "flashduty": flashduty.ANSWERS, "google": googlestatus.ANSWERS, "incidentio": incidentio.ANSWERS,
    "xai": xai.ANSWERS,
}  # fmt: skip
"""By format; the others are Statuspage's."""


class Status:
    """Answers for all status pages; `formats` says which form each host speaks."""

    def __init__(self, pages: dict[str, Page], formats: dict[str, str]) -> None:
        self.pages, self.formats = pages, formats

    def answer(self, request: Request) -> Response:
        """Answers a GET."""
        page = self.pages.get(request.host)
        if page is None:
            return text_answer("<html>no such host</html>", "text/html", 404)
        show = ANSWERS.get(self.formats[request.host], statuspage.ANSWERS).get(request.path)
        if show is None:
            return text_answer(
                "<!DOCTYPE html><html><body>Page not found</body></html>", "text/html; charset=utf-8", 404
            )
        response = show(page)
        return conditional(request, response, f"{number(response.body):016x}", page.changed())
