"""The Hub's address, and what its limits mean without a token: first visits end early, and the next ones go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.contract import Visit
from pipelines.http.errors import Throttled

BASE_URL = "https://huggingface.co"


@contextmanager
def explain_limit(visit: Visit) -> Iterator[None]:
    """Adds to a rate limit what a token would change."""
    try:
        yield
    except Throttled as error:
        if "HF_TOKEN" in visit.tokens:
            raise
        raise Throttled(
            f"{error}; what was read is kept. The first visits meet this limit: without HF_TOKEN the Hub answers 500"
            " requests in 5 minutes, with one 1,000",
            error.fault,
        ) from None
