"""Describes in words what happens to a model, for the command and the page alike."""

from collections.abc import Callable
from datetime import date

from warehouse.ends.fates import IdFate, PageWord
from warehouse.wording import count_things

NOT_SAFE = "not known to be safe"
FormatDay = Callable[[date], str]


def describe_word(word: PageWord, format_day: FormatDay = date.isoformat) -> str:
    """Describes when a model ends, as surely as its page states it."""
    sentence = _describe_state(word, format_day)
    if word.is_snapshot:
        on = f" on {format_day(word.ends_on)}" if word.ends_on else ""
        last = f"may end any day: its last known snapshot {word.name} ended{on}"
        sentence = last if word.state == "any_day" else f"its snapshot {word.name} {sentence}"
    if word.closed_to_new_on and word.state != "ended":
        closed_on = format_day(word.closed_to_new_on)
        if word.state == "closed_to_new":
            return f"closed to new accounts since {closed_on}; {sentence}"
        return f"{sentence}; closed to new accounts from {closed_on}"
    return sentence


def describe_replacement_ends(fate: IdFate, format_day: FormatDay = date.isoformat) -> list[str]:
    """Describes when replacements end themselves, one sentence each."""
    return [
        f"{name} itself: {describe_word(word, format_day)}, according to {word.place}"
        for name, word in fate.replacement_ends
    ]


def describe_record(word: PageWord) -> str:
    """Describes how sure the day is and what the first replacement costs; empty if nothing is known."""
    times = {0: "", 1: "moved once", 2: "moved twice"}
    parts = [times.get(word.moved_count, f"moved {word.moved_count} times")]
    if word.judged_count:
        promise = count_things(word.promised_days, "day") if word.promised_days else "promised notice"
        parts.append(f"its maker kept its {promise} in {word.kept_count} of {word.judged_count} ends")
    return "; ".join(filter(None, [*parts, _describe_successor(word)]))


def _describe_successor(word: PageWord) -> str:
    if not (word.replacement and word.price_ratio and word.context_ratio):
        return ""
    price = "the same price" if abs(word.price_ratio - 1) < 0.005 else f"{word.price_ratio:.2g} × the price"
    context = "the same context" if word.context_ratio == 1 else f"{word.context_ratio:.2g} × the context"
    lacks = [name for name in word.lacks if name not in ("tools", "tool_choice")]
    tools = ", tools kept" if word.is_tools_kept else ", no tools" if "tools" in word.lacks else ""
    refused = f", refuses {', '.join(lacks)}" if lacks else ""
    return f"{word.replacement[0]} has {price}, {context}{tools}{refused}"


def _describe_state(word: PageWord, format_day: FormatDay) -> str:
    on = format_day(word.ends_on) if word.ends_on else ""
    if word.ends_kind == "month" and word.ends_on:
        month = f"{word.ends_on:%Y-%m}"
        return f"ended in {month}" if word.state == "ended" else f"ends in {month}, no day given"
    if word.state == "closed_to_new":
        return f"ends {on} ({_count_ahead(word)})" if on else "no end announced"
    return {
        "ended": f"ended {on} ({_count_days(word)} ago)" if on else "ended, no day given",
        "ends": f"ends {on} ({_count_ahead(word)})",
        "not_before": f"does not end before {on} ({_count_ahead(word)}), no day given",
        "any_day": f"may end any day: the earliest announced day, {on}, has passed",
        "undated": f"is {word.stage or 'announced to end'}, no day given",
        "host_unknown": f"{word.place}'s own date is not known here",
        "no_end_announced": "no end announced" + (f" as of {format_day(word.as_of_on)}" if word.as_of_on else ""),
        "unread": f"no deprecation page is read for it; {NOT_SAFE}",
        "unknown": f"unknown: {_explain_unknown(word, format_day)}; {NOT_SAFE}",
    }[word.state]


def _explain_unknown(word: PageWord, format_day: FormatDay) -> str:
    if word.place and not word.as_of_on:
        return f"no deprecation page of {word.place} is read"
    read_on = format_day(word.as_of_on) if word.as_of_on else ""
    if word.is_replacement:
        return f"the deprecation page of {word.place}, read {read_on}, names it only as a replacement"
    return "no maker's page that is read names it" + (f"; {word.place}'s was read {read_on}" if read_on else "")


def _count_ahead(word: PageWord) -> str:
    return "today" if word.days_left == 0 else f"in {_count_days(word)}"


def _count_days(word: PageWord) -> str:
    return count_things(abs(word.days_left or 0), "day")
