"""What each token would add is counted from the catalog, never typed."""

from io import StringIO

from rich.console import Console

from pipelines.catalog.entries import Channel
from pipelines.collecting.run import ChannelResult
from pipelines.commands.progress import print_missing
from pipelines.commands.tokens import describe_gain, group_by_token, list_gains
from tests.upstream.catalogs import families_of
from warehouse.faults import Fault
from warehouse.manifest import Outcome

TRACKERS = tuple(
    Channel(source="github", target=f"o/{family}{number}", role="sdk", family=family)
    for family in ("gpt", "qwen")
    for number in range(3)
)
REDDIT = Channel(source="reddit", target="OpenAI", role="subreddit", family="gpt")


def test_a_gain_is_counted_by_stream() -> None:
    """Of each family the newest issues of one tracker come without it."""
    gains = list_gains(families_of((*TRACKERS, REDDIT)), {})
    words = describe_gain("GITHUB_TOKEN", gains["GITHUB_TOKEN"])
    assert words.startswith("would add issues of 6 channels (instead of the newest of 2), ")
    assert words.endswith("; set it with `GITHUB_TOKEN=$(gh auth token) make up`")
    assert describe_gain("REDDIT_CLIENT_ID", gains["REDDIT_CLIENT_ID"]) == "would add posts of 1 channel"


def test_a_stream_that_needs_no_token_lacked_githubs_free_requests() -> None:
    """A stream that a later version has no more is no reason to fail."""
    assert group_by_token([("github", "repositories", False), ("github", "gone", False)]) == {
        "GITHUB_TOKEN": [("github", "repositories", False), ("github", "gone", False)]
    }


def test_a_run_says_what_it_left_out_and_how_to_get_it() -> None:
    """One line per token, and none if nothing is missing."""
    missing = Outcome(state="skipped", fault=Fault.CREDENTIALS)
    results = [
        ChannelResult(channel, {"pulls": missing, "releases": Outcome(state="complete")}) for channel in TRACKERS
    ]
    out = StringIO()
    print_missing(Console(file=out, width=200), results)
    command = "`GITHUB_TOKEN=$(gh auth token) make up`"
    assert out.getvalue() == f"GITHUB_TOKEN is not set: it would add pulls of 6 channels; set it with {command}\n"
    print_missing(
        console := Console(file=StringIO()), [ChannelResult(TRACKERS[0], {"releases": Outcome(state="complete")})]
    )
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]
