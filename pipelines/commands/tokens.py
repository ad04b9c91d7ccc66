"""The channels that a missing token leaves out, counted from the catalog and from the streams' declarations."""

from collections.abc import Collection, Iterable, Mapping

from pipelines import sources
from pipelines.catalog.reader import Catalog
from pipelines.collecting.queues import TOKEN
from pipelines.collecting.run import list_streams

COMMANDS = {TOKEN: "GITHUB_TOKEN=$(gh auth token) make up"}
"""The one line that sets a token and collects with it."""
Missing = tuple[str, str, bool]
"""The source and the stream that lacked a token, and whether its newest items were read all the same."""


def list_gains(catalog: Catalog, tokens: Collection[str]) -> dict[str, list[Missing]]:
    """Lists what each missing token would add, by the token's name."""
    gains: dict[str, list[Missing]] = {}
    for channel in catalog.channels:
        for name, stream in list_streams(channel) if channel.enabled else ():
            for need in stream.list_missing(tokens):
                is_sampled = stream.is_sample(tokens, channel.id in catalog.flagships)
                gains.setdefault(need, []).append((channel.source, name, is_sampled))
    return gains


def group_by_token(missing: Iterable[Missing]) -> dict[str, list[Missing]]:
    """Groups what a run or a snapshot lacked by the tokens that it needs; what needs none ran out of free requests."""
    by_token: dict[str, list[Missing]] = {}
    for source, name, is_sampled in missing:
        stream = sources.get_streams(source).get(name)
        for need in (stream.needs if stream else ()) or (TOKEN,):
            by_token.setdefault(need, []).append((source, name, is_sampled))
    return by_token


def describe_missing(missing: Iterable[Missing]) -> str:
    """Describes streams with their channels: `issues of 64 channels (instead of the newest of 25), pulls of 64`."""
    counts: dict[str, list[bool]] = {}
    for _, name, is_sampled in missing:
        counts.setdefault(name.replace("_", " "), []).append(is_sampled)
    return _join_counts(counts)


def _join_counts(counts: Mapping[str, list[bool]]) -> str:
    by_size = sorted(counts.items(), key=lambda entry: (not any(entry[1]), -len(entry[1]), entry[0]))
    parts: list[str] = []
    for name, sampled in by_size:
        noun = (" channel" if len(sampled) == 1 else " channels") if not parts else ""
        read = f" (instead of the newest of {sum(sampled)})" if any(sampled) else ""
        parts.append(f"{name} of {len(sampled)}{noun}{read}")
    return ", ".join(parts)


def describe_gain(name: str, missing: Iterable[Missing]) -> str:
    """Describes what a token would add, and the line that sets it; empty if nothing waits for it."""
    added = describe_missing(missing)
    command = f"; set it with `{COMMANDS[name]}`" if name in COMMANDS else ""
    return f"would add {added}{command}" if added else ""
