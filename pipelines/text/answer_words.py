"""Detects thanks in a reply.

The rules are tables of phrases that anybody can read and dispute. They apply to the author's own prose as
`phrases.normalize_prose` returns it: without code, addresses and quotations.
"""

from pipelines.text.phrases import Phrases

THANKS = Phrases(
    {
        "thank": r"(?<!no )\bthank(?:s|ful)?\b(?! to (?!you|u\b|all|every|@|the team|both))|\bthankyou\b",
        "thx": r"\bthx\b",
        "tysm": r"\btysm\b",
        "appreciate": (
            r"\b(?<!would )(?<!'d )(?:really |greatly |i |we )appreciate (?:it|your|that|you"
            r"|the (?:help|reply|answer))\b"
            r"|^\W*(?:much|greatly|highly) appreciated\W*$|\bappreciated? it\b"
        ),
        "grateful": r"\bgrateful\b",
        "谢": r"谢谢|感谢|多谢|谢了|谢啦",
        "辛苦": r"辛苦了",
        "ありがとう": r"ありがとう",
        "спасибо": r"спасибо",
        "gracias": r"\bgracias\b",
        "merci": r"\bmerci\b",
        "danke": r"\bdanke\b",
        "obrigad": r"\bobrigad[oa]\b",
    }
)


def has_thanks(prose: str) -> bool:
    """True if a text thanks somebody; thanks in advance count, but "thanks to the new kernel" does not."""
    return THANKS.are_in(prose)
