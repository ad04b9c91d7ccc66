"""Reads Stack Exchange's lists page by page; one that fails is stepped over, and its stretch left for a later visit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.http.errors import SourceError
from pipelines.passed_over import PassedOver, is_fault_of_item
from pipelines.sources.stackexchange.client import PAGE, Site
from pipelines.sources.stackexchange.items import Item, check_end, get_number, read_total
from pipelines.sources.stackexchange.question_reader import QuestionReader
from pipelines.text import values

AT_ONCE = 3
"""Pages in a row that may fail before the list itself is at fault."""
MOST = 20
"""Maximum number of stretches left for later visits."""
TIMES = {"creation": "creation_date", "activity": "last_activity_date"}
"""By order of a list, the field that it is ordered by."""


@dataclass(frozen=True, slots=True)
class PassedStretch:
    """A stretch of a list still to be read, both ends included (epoch seconds)."""

    sort: str
    low: int
    high: int

    @property
    def key(self) -> str:
        """Its name among what is passed over."""
        low, high = (str(values.format_instant(at))[:19] for at in (self.low, self.high))
        return f"questions by {self.sort} from {low} to {high}"


class SearchReader:
    """Reads the pages of one visit."""

    def __init__(self, site: Site, questions: QuestionReader, cursor: Mapping[str, Any], passed: PassedOver) -> None:
        self._site, self._questions, self._passed = site, questions, passed
        self.has_answered = False
        """True once a page could be read."""
        stretches = [PassedStretch(str(sort), int(low), int(high)) for sort, low, high in cursor.get("stretches", [])]
        self._stretches = [stretch for stretch in stretches if stretch.key in passed.items]

    def to_cursor(self) -> dict[str, Any]:
        """Returns the part of the cursor that carries what is left for later visits; empty without any."""
        left = [[stretch.sort, stretch.low, stretch.high] for stretch in self._stretches]
        return {"stretches": left} if left else {}

    def search(self, **params: object) -> tuple[dict[str, Any], list[Item]]:
        """Searches for a page of questions; those that cannot be read are passed over."""
        data = self._site.search(**params)
        check_end(data, int(str(params["page"])))
        items = self._questions.select_sound(data["items"])
        self.has_answered = True
        return data, items

    def search_beyond(self, page: int, **params: Any) -> tuple[dict[str, Any], list[Item], int]:
        """Searches for a page, or for the next one that can be read; also returns its number.

        Raises the first error if all of some pages fail, as the list itself is then at fault.
        """
        errors: list[SourceError] = []
        for number in range(page, page + AT_ONCE):
            try:
                data, items = self.search(page=number, **params)
            except SourceError as error:
                errors.append(error)
                if not is_fault_of_item(error) or len(self._stretches) >= MOST:
                    raise
                continue
            # At the list's end the page may be short: no more are missing than the search finds.
            count = len(errors) * PAGE if items else min(len(errors) * PAGE, read_total(data) or 1)
            if not errors or self._leave(params, items, count, errors[0]):
                return data, items, number
            break
        raise errors[0]

    def _leave(self, params: Mapping[str, Any], items: list[Item], count: int, error: SourceError) -> bool:
        """Leaves the stretch above a page for later visits; False if its end is not known."""
        sort, times = params["sort"], [get_number(item, TIMES[params["sort"]]) for item in items]
        if sort == "creation":
            stretch = PassedStretch(sort, max(times, default=params["min"]), params["max"])
        elif times:
            stretch = PassedStretch(sort, params["min"], min(times))
        else:
            return False  # the newest activity is asked for by every visit
        # What an old question gained is missing, not the question itself.
        self._passed.add(stretch.key, error, count if sort == "creation" else 1)
        self._stretches.append(stretch)
        return True

    def read_due(self) -> Iterator[list[Item]]:
        """Yields the questions of the stretches whose pause is over; one that fails again is left once more."""
        due = [stretch for stretch in self._stretches if not self._passed.is_paused(stretch.key)]
        for stretch in due:
            try:
                yield from self._read_stretch(stretch)
            except SourceError as error:
                if not is_fault_of_item(error):
                    raise
                self._passed.add(stretch.key, error)
            else:
                self._passed.forget(stretch.key)
                self._stretches.remove(stretch)

    def _read_stretch(self, stretch: PassedStretch) -> Iterator[list[Item]]:
        page, has_more = 1, True
        while has_more:
            data, items = self.search(sort=stretch.sort, order="desc", min=stretch.low, max=stretch.high, page=page)
            yield items
            page, has_more = page + 1, bool(data.get("has_more") and items)
