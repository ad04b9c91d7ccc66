"""The kinds of news, as settings and commands name them."""

from enum import StrEnum


class NewsKind(StrEnum):
    """What an item is about."""

    END = "end"
    PROMISE = "promise"
    VERDICT = "verdict"
    PAIR = "pair"
    PRICE = "price"
    FAMILY = "family"
    CHANNEL = "channel"
    METHOD = "method"
