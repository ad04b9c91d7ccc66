"""Sentences about where to ask: channels by name, the one where most people are helped, and those that cannot be known
apart."""

from collections.abc import Mapping, Sequence

from dashboards.metric_row import Row
from dashboards.words import gaps, numbers
from dashboards.words.sentences import select_measured
from warehouse.wording import GAP

Key = tuple[str, str, str]
"""Family, channel and kind of channel: families may share a channel, and its issues and discussions are counted
separately."""
PLACES = {
    ("github", "tracker"): "GitHub issues",
    ("github", "forum"): "GitHub discussions",
    ("huggingface", "forum"): "discussions on the Hub",
    ("discourse", "forum"): "forum",
    ("reddit", "subreddit"): "subreddit",
    ("stackexchange", "tag"): "questions by tag",
}
ASKED = "within_7d"


def key_of(row: Row) -> Key:
    """Returns the family, channel and kind of channel of a row."""
    return str(row["family_id"]), str(row["channel_id"]), str(row["channel_kind"])


def name_channel(row: Row, channels: Mapping[str, Row]) -> str:
    """Names a channel in plain text, `QwenLM/qwen-code (GitHub issues)`, and says if families share it; the id where
    the channel is unknown."""
    channel = channels.get(row["channel_id"])
    if channel is None:
        return str(row["channel_id"])
    kind = PLACES.get(
        (channel["source"], row["channel_kind"]), numbers.KINDS.get(row["channel_kind"], row["channel_kind"])
    )
    return f"{channel['target']} ({kind}{'' if channel['family_id'] == row['family_id'] else ', shared by many'})"


def name_runner(channel: Row | None) -> str:
    """Says whether a channel is the vendor's own."""
    if channel is None or channel["is_official"] is None:
        return "not known"
    return "official" if channel["is_official"] else "community"


def rank_channels(rows: Sequence[Row]) -> list[Row]:
    """Ranks channels by the share helped within a week, then lists those with too few cases by their number."""
    week = [row for row in rows if row["statistic"] == ASKED]
    return sorted(
        week, key=lambda row: (row["state"] != "measured", -(row["value"] or 0), -(row["n"] or 0), key_of(row))
    )


def explain_none(rows: Sequence[Row]) -> str:
    """Explains why no channel can be named."""
    if any(row["state"] == "suspect" for row in rows):
        return "every channel with enough threads has a suspect share"
    return (
        "no channel has enough threads.\n\nA longer window or all kinds of questions may have more. `heartbeat status` "
        "shows which channels were read"
    )


def busiest_families(rows: Sequence[Row], most: int) -> list[str]:
    """Returns the families with most cases in channels that have enough of them."""
    cases: dict[str, int] = {}
    for row in select_measured(rows):
        if row["statistic"] == ASKED:
            cases[row["family_id"]] = cases.get(row["family_id"], 0) + row["n"]
    return sorted(cases, key=lambda family: (-cases[family], family))[:most]


def answer_page(
    rows: Sequence[Row], titles: Mapping[str, str], channels: Mapping[str, Row], chosen: Sequence[str]
) -> str:
    """States where people who ask about the chosen families are most often helped; with none chosen, about the one
    with most threads."""
    families = busiest_families(rows, 3 if chosen else 1)
    findings = [
        _describe_where([row for row in rows if row["family_id"] == family], titles[family], channels)
        for family in families
    ]
    if not findings:
        return f"The data give no answer: {explain_none(rows)}."
    return " ".join(findings)


def judge_page(
    rows: Sequence[Row], titles: Mapping[str, str], channels: Mapping[str, Row], chosen: Sequence[str]
) -> str:
    """Words as a verdict where to ask about the first chosen family, unless other channels may be as good; empty if
    nothing is known."""
    families = busiest_families(rows, len(titles))
    if not families:
        return ""
    if not chosen and len(titles) > 1:
        return "**Choose a family** to see where its users are helped most often."
    family = families[0]
    first, *others = select_measured(rank_channels([row for row in rows if row["family_id"] == family]))
    title, name = numbers.escape_markdown(titles[family]), numbers.escape_markdown(name_channel(first, channels))
    if not first["value"]:
        where = (
            " if there are enough threads" if any(row["n_events"] for row in rows if row["family_id"] == family) else ""
        )
        return f"**Nobody is known to have been helped** with {title} within a week{where}."
    if gaps.select_level(first, others):
        return f"**Too close to call** for {title}."
    share = numbers.format_share(first["value"])
    if not others:
        return f"**Only {name} has enough threads** about {title}: {share} are known to be helped within a week."
    if len({row["channel_kind"] for row in (first, *others)}) > 1:
        return f"**Help is visible most often in {name}**: {share} within a week; places differ in what they show."
    return f"**Ask about {title} in {name}**: {share} are helped within a week."


def _describe_where(rows: Sequence[Row], title: str, channels: Mapping[str, Row]) -> str:
    """States the share helped in a family's best channel, and whether others may be as good."""
    first, *others = select_measured(rank_channels(rows))
    about, name = numbers.escape_markdown(title), numbers.escape_markdown(name_channel(first, channels))
    level = gaps.select_level(first, others)
    tie = f"; {len(level) + 1} of {len(others) + 1} channels share first place" if level else ""
    share = f"{numbers.format_value(first, 'share')} helped within 7 days in {name}"
    return f"{about}: {share}, n{GAP}={GAP}{numbers.format_count(first['n'])}{tie}."


def describe_scope(rows: Sequence[Row]) -> str:
    """States which cases the rows cover. The filters for kind of channel and role do not apply, since the kinds are
    being compared."""
    return f"places of every kind, {describe_part(rows)}" if rows else "places of every kind"


def describe_part(rows: Sequence[Row]) -> str:
    """States the window and the type of question of rows; empty if there are none."""
    if not rows:
        return ""
    kind = rows[0]["question_type"]
    topic = f"about {numbers.TYPES.get(kind, kind)}" if kind != "all" else "of any type"
    return f"{numbers.format_window(rows[0]['window'])}; questions {topic}"
