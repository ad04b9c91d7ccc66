"""`heartbeat catalog facts`: what was read by hand, how long ago and on which page."""

from datetime import date, datetime

from rich.console import Console

from pipelines.catalog.entries import Fact
from pipelines.catalog.reader import Catalog
from pipelines.text.values import clean_line
from warehouse.freshness import FACT_DAYS, count_days, format_instant, is_fact_old
from warehouse.wording import count_things

GRADES = {"A": "maker's page", "B": "recorded answer", "C": "another reader"}
"""What a fact rests on, in two words."""


def print_facts(out: Console, catalog: Catalog, now: datetime) -> None:
    """Prints every fact with its day, age, grade, name and page, the oldest first."""
    facts = list_facts(catalog)
    for name, fact in facts:
        out.print(_describe_fact(name, fact, now), markup=False, soft_wrap=True)
    old = sum(is_fact_old(fact.as_of_on, now) for _, fact in facts)
    over = sum(_is_over(fact, now.date()) for _, fact in facts)
    ended = f"{over} {'has' if over == 1 else 'have'} ended"
    counted = f"{count_things(len(facts), 'fact')}; {old} read more than {FACT_DAYS} days ago (marked !); {ended}"
    out.print(f"{counted}; ages as of {format_instant(now)}", soft_wrap=True)
    if old:
        out.print("Read the page of a marked fact, then write the day and what it says into the file of its family.")


def list_facts(catalog: Catalog) -> list[tuple[str, Fact]]:
    """Lists the facts of all families with names such as `gpt.fine-tuning.supervised`, the one read longest ago
    first."""
    facts = [
        (".".join(part for part in (family.id, fact.kind.replace(" ", "-"), fact.method) if part), fact)
        for family in catalog.families
        for fact in family.facts
    ]
    return sorted(facts, key=lambda named: (named[1].as_of_on, named[0]))


def _is_over(fact: Fact, today: date) -> bool:
    return fact.until_on is not None and fact.until_on < today


def _describe_fact(name: str, fact: Fact, now: datetime) -> str:
    days = count_days(fact.as_of_on, now.date())
    mark = "!" if is_fact_old(fact.as_of_on, now) else " "
    until = f", {'ended' if _is_over(fact, now.date()) else 'until'} {fact.until_on}" if fact.until_on else ""
    head = f"{mark} {fact.as_of_on} {days:>4} days  {fact.evidence} ({GRADES[fact.evidence]})"
    of = f" ({clean_line(fact.applies_to, 100)})" if fact.applies_to else ""
    return f"{head}  {name}{of}: {clean_line(fact.value, 300)}{until}\n        {fact.url}"
