"""What failed when it was last tried, and the channels that never answered."""

from collections.abc import Sequence

from dashboards.evidence import faults
from dashboards.evidence.data_figures import name_family
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.attempts.health import Health, SilentChannel, describe_silence
from warehouse.freshness import format_instant
from warehouse.wording import pluralize

SOURCE = "the ledger of attempts"


def select_silent(page: View, health: Health) -> list[SilentChannel]:
    """Selects the silent channels of the chosen families; with none chosen, those of shared channels too."""
    return [channel for channel in health.unanswered if not page.chosen or find_family(channel) in page.chosen]


def find_family(channel: SilentChannel) -> str:
    """Returns the family of a channel, the first word of its id."""
    return channel.channel_id.partition(".")[0]


def describe_health(health: Health) -> str:
    """States what went wrong last and how many channels never answered; empty where all is well."""
    parts = [numbers.escape_markdown(trouble.what) for trouble in health.troubles]
    text = numbers.join_words([*parts, *filter(None, [describe_silence(health)])])
    return f"{text[0].upper()}{text[1:]}." if text else ""


def draw_troubles(health: Health) -> Figure | None:
    """Draws each step that went wrong last, with the cause and what to do; None where none did."""
    if not health.troubles:
        return None
    lines = [
        {
            "what happened": trouble.dated,
            "began": format_instant(trouble.started_at),
            "reason": faults.describe_fault(trouble.fault, trouble.state),
            "what to do": trouble.remedy.replace("`", ""),
        }
        for trouble in health.troubles
    ]
    title = f"What failed last: {numbers.join_words([line['what happened'] for line in lines])}"
    return Figure(
        name="attempts",
        title=numbers.escape_markdown(title),
        subtitle="The last collect, load, build, publish and backup of this installation. Figures are those of the "
        "last publish; `heartbeat status` gives each cause in full.",
        chart=None,
        rows=lines,
        metric="",
        source=SOURCE,
        alt=title,
        shown=lines,
        counted="steps",
    )


def draw_silent(page: View, health: Health) -> Figure | None:
    """Draws the channels that never answered, with why; None where all did."""
    channels = select_silent(page, health)
    if not channels:
        return None
    lines = [
        {
            "source": numbers.SOURCES.get(channel.source, channel.source),
            "family": name_family(page, find_family(channel)),
            "channel": channel.channel_id.split(".", 2)[-1],
            "reason": faults.describe_fault(channel.fault, "failed") if channel.error else "no recorded visit",
            "message": channel.error,
        }
        for channel in sorted(channels, key=lambda channel: (channel.source, channel.channel_id))
    ]
    whose = "Your installation: " if page.snapshot.is_sample else ""
    title = f"{whose}{count_silent(channels, health)}: no figure includes them"
    return Figure(
        name="silent",
        title=title,
        subtitle="Planned channels that never delivered anything usable, by source, with the reason of the last visit.",
        chart=None,
        rows=lines,
        metric="",
        source=SOURCE,
        alt=title,
        shown=lines,
        counted="channels",
    )


def count_silent(channels: Sequence[SilentChannel], health: Health) -> str:
    """Counts silent channels, of all families or of the chosen ones."""
    if len(channels) == len(health.unanswered):
        return describe_silence(health)
    return f"{len(channels)} {pluralize(len(channels), 'channel has', 'channels have')} never answered"
