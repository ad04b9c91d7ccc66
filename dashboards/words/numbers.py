"""The forms of numbers, times and families: two digits, natural units, no false precision."""

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dashboards.metric_row import Row
from warehouse.freshness import format_age as format_age
from warehouse.freshness import format_instant as format_instant
from warehouse.freshness import format_with_age as format_with_age
from warehouse.wording import GAP

WINDOWS = {"30d": "30 days", "90d": "90 days", "365d": "12 months", "all": "all time"}
WITHIN = {"within_24h": "24 hours", "within_7d": "7 days", "within_30d": "30 days"}
STATISTICS = {
    "p25": "a quarter", "p75": "three quarters", "p90": "nine in ten",
    "as_others_count": "as others count", "weighted": "as counted here",
}  # fmt: skip
ROLES = {
    "all": "all channels", "model": "model", "examples": "examples", "runtime": "runtime", "sdk": "SDK",
    "cli": "command line",
}  # fmt: skip
KINDS = {
    "tracker": "issue trackers", "forum": "forums and discussions", "subreddit": "subreddits",
    "tag": "questions by tag",
}  # fmt: skip
"""Kinds of channel where people ask; only the same kinds are compared."""
TYPES = {
    "": "anything", "getting it to run": "getting it to run", "using it": "using it",
    "something broke": "something that broke", "account and money": "account and money", "other": "other things",
}  # fmt: skip
"""What askers mainly want, as read in their questions."""
LANGUAGES = {
    "": "any language", "en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "fr": "French",
    "de": "German", "es": "Spanish",
    "pt": "Portuguese", "ru": "Russian",
}  # fmt: skip
BOTS = {"": "usual", "strict": "strict", "lenient": "lenient"}
"""Rules that tell bots from people: marks and behaviour; also excluding agents and instant answers; only accounts that
a mark names."""
SOURCES = {
    "changelog": "changelogs", "deprecations": "ends of models", "discourse": "forums", "github": "GitHub",
    "huggingface": "the Hub",
    "packages": "packages", "prices": "prices", "reddit": "Reddit", "stackexchange": "tags", "status": "status pages",
}  # fmt: skip
STATES = {
    "suspect": ("!", "a warning about its channel, or a text rule below its gate, casts doubt on it"),
    "not enough data": ("≈", "too few cases for a number"),
    "not collected": ("○", "it exists, but we have not read it"),
    "not applicable": ("—", "there is no such thing for this family"),
    "closed by policy": ("⊘", "the vendor does not offer it"),
    "not observable": ("?", "not visible from outside"),
}
"""The mark and the meaning of each state but `measured`."""
NUMBERED = ("measured", "suspect")
"""States of figures that have a number or a range; only what is measured is ranked and compared."""
WORST = (
    "suspect", "cannot be read", "not observable", "cannot be observed", "not collected", "not enough data",
    "too few data",
)  # fmt: skip
"""States of figures, and verdicts that are none, the worst first."""

ALMOST_ALL = 0.985
"""From here on whole percents would be "99 %" and "over 99 %", which are no range to a reader."""
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PARTS = {"type": "type of question", "language": "language", "bots": "rules for bots"}
"""Breakdowns of questions, one at a time."""


# Every sentence of a page names the same few families.
@lru_cache(maxsize=1024)
def escape_markdown(text: object) -> str:
    """Escapes text from elsewhere for Markdown: shown as written, never as a link, image, directive or formula."""
    flat = re.sub(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", str(text))
    marked = re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&\"'])", r"\\\1", flat)
    # Browsers link bare addresses even after escaping; an invisible word joiner keeps them text.
    return re.sub(r"(\\:(?=//)|\\:(?=\w)|@|www(?=\\\.))", "\\1\u2060", marked)


def format_window(window: str) -> str:
    """Formats a window: `last 12 months`, or `all time`."""
    words = WINDOWS.get(window, window)
    return words if window == "all" else f"last {words}"


def describe_statistic(statistic: str) -> str:
    """Describes a statistic that a text names beside its measure: `within 7 days`."""
    if statistic in WITHIN:
        return f"within {WITHIN[statistic]}"
    return STATISTICS.get(statistic, statistic.replace("_", " "))


def describe_part(kind: str, value: str) -> str:
    """Describes in words which part of the questions a figure covers."""
    words = {
        "type": f"only questions about {TYPES.get(value, value)}",
        "language": f"only questions in {LANGUAGES.get(value, value)}",
        "bots": f"bots identified by {BOTS.get(value, value)} rules",
    }
    return words.get(kind, "")


def strip_markdown(markdown: str) -> str:
    """Converts our Markdown to plain text, for pictures, alternative texts and files."""
    escaped = r"\\([\\`*_{}\[\]()<>#+\-.!|~$:^=&\"'])"
    text = re.sub(escaped, lambda match: chr(0xE000 + ord(match[1])), markdown.replace("\u2060", ""))
    text = re.sub(r"[*`]+", "", text)
    return re.sub("[\ue000-\ue0ff]", lambda match: chr(ord(match[0]) - 0xE000), text).replace("  \n", "\n")


def format_two_digits(value: float) -> str:
    """Formats two significant digits, a zero too, with thousands separators, never in scientific notation."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.2g}")
    if abs(rounded) >= 10:
        return f"{rounded:,.0f}"
    return f"{rounded:.1f}" if abs(rounded) >= 1 else f"{Decimal(f'{rounded:#.2g}'):f}"


def format_ratio(logarithm: float) -> str:
    """Formats a ratio that is stored as its logarithm: `× 0.24`; the cap keeps the exponential finite."""
    return f"×{GAP}{format_two_digits(math.exp(min(logarithm, 50)))}"


def format_points(value: float) -> str:
    """Formats percentage points with their sign: `+7.1`."""
    percent = value * 100
    return ("+" if percent > 0 else "\N{MINUS SIGN}" if percent < 0 else "") + format_two_digits(abs(percent))


def format_difference(value: float | None) -> str:
    """Formats a difference of shares: `+7.1 points`."""
    return "no value" if value is None else f"{format_points(value)}{GAP}points"


def format_hours(hours: float | None) -> str:
    """Formats hours in their natural unit: `38 min`, `9.1 h`, `3.2 d`."""
    if hours is None:
        return "not reached"
    if hours < 1:
        return f"{format_two_digits(hours * 60)}{GAP}min"
    return f"{format_two_digits(hours)}{GAP}h" if hours < 48 else f"{format_two_digits(hours / 24)}{GAP}d"


def format_share(value: float | None) -> str:
    """Formats a share: whole percent above 10 %, two digits below; 100 % only for all."""
    if value is None:
        return "no value"
    percent = value * 100
    if 99.5 <= percent < 100:
        return f"over{GAP}99{GAP}%"
    return f"{percent:.0f}{GAP}%" if percent >= 10 else f"{format_two_digits(percent)}{GAP}%"


def format_least(share: float) -> str:
    """Formats the least of several shares, never rounded up to almost all."""
    return format_share(math.floor(share * 100) / 100 if share >= ALMOST_ALL else share)


def format_uptime(value: float | None) -> str:
    """Formats a share of which only the missing part matters: two decimals; 100 % only for all."""
    if value is None:
        return "no value"
    return f"100{GAP}%" if value == 1 else f"{min(value * 100, 99.99):.2f}{GAP}%"


def format_day(on: date | None) -> str:
    """Formats a day: `9 Nov 2026`; empty if there is none."""
    return "" if on is None else f"{on.day} {on:%b %Y}"


def format_count(value: float | None) -> str:
    """Formats a count with thousands separators, from a million on in millions: `1.4 M`."""
    if value is None:
        return "no value"
    for size, unit in ((1e9, "B"), (1e6, "M")):
        if abs(value) >= size:
            return f"{format_two_digits(value / size)}{GAP}{unit}"
    # A median of counts may lie between two, and half of one is not none.
    return f"{value:,.1f}" if value % 1 == 0.5 and abs(value) < 1000 else f"{value:,.0f}"


def spell_count(number: int) -> str:
    """Spells a count below ten: `four`; larger ones stay digits."""
    return SMALL[number] if number < len(SMALL) else f"{number:,}"


def format_rate(value: float | None) -> str:
    return "no value" if value is None else format_two_digits(value)


def format_usd(value: float | None) -> str:
    """Formats a price: dollars and cents, whole dollars from ten on, tenths of a cent below ten cents."""
    if value is None:
        return "no value"
    return f"${value:,.0f}" if value >= 10 else f"${value:.2f}" if value >= 0.095 or value == 0 else f"${value:.2g}"


def format_times(value: float | None) -> str:
    """Formats a ratio: `× 0.20`."""
    return f"×{GAP}{format_rate(value)}"


def escape_dollars(text: str) -> str:
    """Escapes dollar signs for Markdown, which would take two of them for a formula."""
    return text.replace("$", "\\$")


FORMATS = {
    "hours": format_hours,
    "share": format_share,
    "difference": format_difference,
    "uptime": format_uptime,
    "count": format_count,
    "rate": format_rate,
    "usd": format_usd,
    "times": format_times,
}


def format_value(row: Row, unit: str) -> str:
    """Formats a value with its interval, `9.1 h (7.0–12 h)`, and the word for its state unless it is measured."""
    if row["state"] not in NUMBERED:
        return str(row["state"])
    doubt = "" if row["state"] == "measured" else f", {row['state']}"
    spread = format_interval(row["low"], row["high"], unit)
    if row["value"] is None and row["high"] is not None:
        return spread + doubt
    return FORMATS[unit](row["value"]) + (f" ({spread})" if spread else "") + doubt


def mark_suspect(row: Row) -> str:
    """Returns the mark of a suspect figure, to follow it; empty for any other."""
    return f" {STATES['suspect'][0]}" if row["state"] == "suspect" else ""


def format_interval(low: float | None, high: float | None, unit: str) -> str:
    """Formats an interval with its unit once, `7.0–12 h`, or `over 40 h` if the upper end is unknown; empty if
    there is none."""
    form = FORMATS[unit]
    if low == high:
        # Unknown, or a full count, which has no interval.
        return ""
    if low is None:
        return f"up to {form(high)}" if high is not None else ""
    if high is None:
        return f"over {form(low)}"
    first, last = form(low), form(high)
    number, _, name = first.partition(GAP)
    # A dash beside a sign would be read as one.
    dash = " to " if unit == "difference" else "–"
    return f"{number if name and last.endswith(f'{GAP}{name}') else first}{dash}{last}"


def join_words(words: Sequence[str]) -> str:
    """Joins words: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def join_few(words: Sequence[str]) -> str:
    """Joins the first three words, and counts the others: `a, b, c and 4 more`."""
    return join_words(words if len(words) <= 4 else [*words[:3], f"{len(words) - 3} more"])
