"""Names that identify families in texts, as rules for the text reader and as rows for the warehouse."""

from collections.abc import Iterable, Sequence

from pipelines.catalog.entries import Family
from pipelines.text.mentions import MentionRule, PhraseKind, split_words


def list_mention_rules(families: Iterable[Family]) -> list[MentionRule]:
    """Lists the phrases of all model families, each once; hosts are excluded, since they run others' models."""
    rules: dict[MentionRule, None] = {}
    for family in families:
        if family.side == "host":
            continue
        kinds: dict[PhraseKind, Sequence[str]] = {
            "sure": family.mentions, "weak": family.weak_mentions,
            "companion": family.companions, "masked": family.not_mentions,
        }  # fmt: skip
        for kind, phrases in kinds.items():
            for phrase in phrases:
                rules[MentionRule(family.id, kind, tuple(split_words(phrase)))] = None
    return [rule for rule in rules if rule.words]


def make_mention_rows(families: Iterable[Family]) -> list[dict[str, object]]:
    """Returns the phrases as rows of `raw.catalog__mentions`."""
    return [
        {"family_id": rule.family_id, "kind": rule.kind, "words": list(rule.words)}
        for rule in list_mention_rules(families)
    ]
