"""Makes rows of questions with all their answers, each guarded, and asks again for those skipped."""

from collections.abc import Callable, Mapping
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.errors import Fatal, SourceError
from pipelines.passed_over import PassedOver, is_fault_of_item
from pipelines.sources.stackexchange.client import IDS, Site
from pipelines.sources.stackexchange.items import Item, get_key, get_number, is_sound, list_answers
from pipelines.sources.stackexchange.rows import make_question_rows


class QuestionReader:
    """Reads questions of one visit."""

    def __init__(self, visit: Visit, site: Site, passed: PassedOver) -> None:
        self._visit, self._site, self._passed = visit, site, passed
        self.has_unnamed = False
        """True if the newest answer held a question without a number."""

    def read_passed(self) -> list[Row]:
        """Reads the questions whose pause is over, by number; a deleted one is forgotten."""
        numbers = [int(key) for key in self._passed.list_due() if key.isdecimal()]
        items = self._ask_in_parts(numbers, self._site.get_questions) if numbers else []
        sound = self.select_sound(items)
        rows = self.make_rows(sound)
        for number in set(numbers) - {get_number(item, "question_id") for item in sound}:
            if not self._passed.is_paused(str(number)):
                self._passed.forget(str(number))
        return rows

    def select_sound(self, items: list[Any]) -> list[Item]:
        """Selects the items that have what decides their place. Raises Fatal if none of several has."""
        sound = [item for item in items if is_sound(item, self._visit.now)]
        self.has_unnamed = False
        if len(items) > 1 and not sound:
            raise Fatal("Stack Exchange's list of questions has an unexpected shape: none of them can be read")
        for item in items:
            if item not in sound:
                self._pass_over(item)
        return sound

    def _pass_over(self, item: Any) -> None:
        number = item.get("question_id") if isinstance(item, Mapping) else None
        error = Fatal("a question of Stack Exchange has an unexpected shape")
        if type(number) is not int or number <= 0:
            self._passed.add_unnamed(error)
            self.has_unnamed = True
        elif not self._passed.is_paused(str(number)):
            self._passed.add(str(number), error)

    def make_rows(self, items: list[Item]) -> list[Row]:
        """Makes rows of questions with all their answers, fetching those that the search excluded."""
        items = [item for item in items if not self._passed.is_paused(get_key(item))]
        incomplete = [
            get_number(item, "question_id")
            for item in items
            if len(list_answers(item)) < get_number(item, "answer_count")
        ]
        answers: dict[int, list[Item]] = {}
        for start in range(0, len(incomplete), IDS):
            for answer in self._ask_in_parts(incomplete[start : start + IDS], self._get_answers):
                answers.setdefault(get_number(answer, "question_id"), []).append(answer)
        rows: list[Row] = []
        for item in items:
            key = get_key(item)
            # Its answers could not be fetched a moment ago.
            if not self._passed.is_paused(key):
                with self._passed.attempt(key, is_asked=False):
                    given = answers.get(get_number(item, "question_id")) or list_answers(item)
                    rows += make_question_rows(self._visit, item, given)
        return rows

    def _get_answers(self, ids: list[int]) -> list[Item]:
        found = self._site.get_answers(ids)
        if any(get_number(answer, "question_id") not in ids for answer in found):
            raise Fatal("an answer of Stack Exchange belongs to none of the questions asked for")
        return list(found)

    def _ask_in_parts(self, ids: list[int], ask: Callable[[list[int]], list[Any]]) -> list[Any]:
        """Asks for several questions at once; if that fails, for half of them, down to the one that is at fault."""
        try:
            return ask(ids)
        except SourceError as error:
            if not is_fault_of_item(error):
                raise
            if len(ids) == 1:
                with self._passed.attempt(str(ids[0])):
                    raise
                return []
        middle = len(ids) // 2
        return [*self._ask_in_parts(ids[:middle], ask), *self._ask_in_parts(ids[middle:], ask)]
