"""`heartbeat catalog facts`: what was read by hand, how long ago and on which page."""

from datetime import date, datetime

from rich.console import Console

from pipelines.catalog.fact_days import DatedFact, list_dated_facts
from pipelines.catalog.reader import Catalog
from pipelines.text.values import clean_line
from warehouse.freshness import FACT_DAYS, format_instant, is_fact_old
from warehouse.wording import count_things

GRADES = {"A": "maker's page", "B": "recorded answer", "C": "another reader"}
"""What a fact rests on, in two words."""


def print_facts(out: Console, catalog: Catalog, now: datetime) -> None:
    """Prints every fact with its day, age, grade, key and page, the oldest first."""
    facts = list_dated_facts(catalog)
    for dated in facts:
        out.print(_describe_fact(dated, now), markup=False, soft_wrap=True)
    old = sum(is_fact_old(dated.fact.as_of_on, now) for dated in facts)
    over = sum(_is_over(dated, now.date()) for dated in facts)
    ended = f"{over} {'has' if over == 1 else 'have'} ended"
    counted = f"{count_things(len(facts), 'fact')}; {old} read more than {FACT_DAYS} days ago (marked !); {ended}"
    out.print(f"{counted}; ages as of {format_instant(now)}", soft_wrap=True)
    if old:
        out.print("Read the page of a marked fact. If it still says so, write today into its `as_of_on`.")
        out.print("If it says something else, edit the fact in the file of its family.")


def _is_over(dated: DatedFact, today: date) -> bool:
    return dated.fact.until_on is not None and dated.fact.until_on < today


def _describe_fact(dated: DatedFact, now: datetime) -> str:
    days = dated.count_days(now.date())
    mark = "!" if is_fact_old(dated.fact.as_of_on, now) else " "
    until = (
        f", {'ended' if _is_over(dated, now.date()) else 'until'} {dated.fact.until_on}" if dated.fact.until_on else ""
    )
    head = f"{mark} {dated.fact.as_of_on} {days:>4} days  {dated.fact.evidence} ({GRADES[dated.fact.evidence]})"
    of = f" ({clean_line(dated.fact.applies_to, 100)})" if dated.fact.applies_to else ""
    return f"{head}  {dated.key}{of}: {clean_line(dated.fact.value, 300)}{until}\n        {dated.fact.url}"
