"""A thread and its comments as they are now: read from the arrays only when a page shows them."""

from dataclasses import dataclass
from functools import cached_property

from tests.upstream.world.draws import mixed
from tests.upstream.world.history import Commit
from tests.upstream.world.lives import REASONS
from tests.upstream.world.people import STALE, Association, Person
from tests.upstream.world.repositories import Repository
from tests.upstream.world.tracker import TURNS, Act

LABELS = ("bug", "question", "enhancement", "documentation", "stale", "good first issue", "p1", "needs reproduction")
FIRST_ISSUE_ID = 2_200_000_000
ISSUE_IDS_EACH = 10_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """One comment."""

    repository: Repository
    thread: "Thread"
    id: int
    author: Person | None
    association: Association
    created: int
    updated: int

    @property
    def body(self) -> str:
        """Its text."""
        repo = self.repository
        by_hand = repo.tracker.bodies.get(self.id)
        draw, asker = mixed(repo.seed, self.id), self.thread.author
        is_asker = self.author is not None and asker is not None and self.author.code == asker.code
        return by_hand or repo.manner.write_answer(
            draw, repo.name, self.thread.number, repo.family, is_asker=is_asker, code_share=0.25
        )


class Thread:
    """An issue or a pull request."""

    def __init__(self, repository: Repository, index: int) -> None:
        self.repository, self.index = repository, index
        self._columns = repository.tracker.threads

    def _at(self, name: str) -> int:
        return int(self._columns[name][self.index])

    @property
    def number(self) -> int:
        """Its number within the repository."""
        return self.index + 1

    @property
    def id(self) -> int:
        """Its number within the forge."""
        return FIRST_ISSUE_ID + self.repository.place * ISSUE_IDS_EACH + self.number

    @property
    def is_pull(self) -> bool:
        """Whether it is a pull request."""
        return bool(self._columns["is_pull"][self.index])

    @property
    def is_draft(self) -> bool:
        """Whether it is a draft."""
        return bool(self._columns["is_draft"][self.index]) and self.is_open

    @property
    def created(self) -> int:
        """When it was opened."""
        return self._at("created")

    @property
    def updated(self) -> int:
        """When it last changed."""
        return int(self.repository.tracker.updated()[self.index])

    @property
    def author(self) -> Person | None:
        """Who opened it; None for an account that is gone."""
        return self.repository.people.person(self._at("author"))

    @property
    def association(self) -> Association:
        """What the author is to the repository."""
        repo = self.repository
        return repo.people.association(self._at("author"), repo.is_official, repo.id, self.is_pull)

    @cached_property
    def _state(self) -> tuple[bool, Act | None]:
        return self.repository.tracker.state(self.index)

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self._state[0]

    @property
    def last_turn(self) -> Act | None:
        """The newest closing or reopening."""
        return self._state[1]

    @property
    def closed(self) -> int | None:
        """When it was closed, if it is."""
        turn = self.last_turn
        return turn.at if turn and not self.is_open else None

    @property
    def turns(self) -> list[Act]:
        """All closings and re-openings until now, oldest first."""
        now, by, reason = self.repository.clock.now, self._at("closer"), str(self._at("reason"))
        turns = [Act(self._at(name), what, by, reason) for name, what in TURNS]
        turns += [act for act in self._acts if act.what in ("close", "reopen")]
        return sorted([act for act in turns if act.at <= now], key=lambda act: act.at)

    @property
    def _acts(self) -> list[Act]:
        return self.repository.tracker.acts.get(self.index, [])

    def closed_by(self, closing: Act) -> "Thread | Commit | None":
        """The merged pull request or the commit that closed the issue, if not a hand did, and while it is there."""
        change = closing.change if closing in self._acts else self._drawn_change(closing)
        return None if isinstance(change, Thread) and change.index in change.repository.tracker.deleted else change

    def _drawn_change(self, closing: Act) -> "Thread | Commit | None":
        if self.repository.manner.decides_fixes:
            return self.repository.manner.find_fix(self, closing)
        draw = mixed(self._at("draw"), 13, closing.at) % 100
        if closing.code in (STALE, self._at("author")) or closing.reason != "0" or draw >= 50:
            return None
        if draw < 8:
            return self.repository.history.at(closing.at)
        index = self.repository.tracker.last_merge(closing.at)
        return None if index is None else Thread(self.repository, index)

    @property
    def reason(self) -> str | None:
        """COMPLETED, NOT_PLANNED, DUPLICATE, or REOPENED; None while it was never closed."""
        turn = self.last_turn
        return None if turn is None else "REOPENED" if self.is_open else REASONS[int(turn.reason or 0)]

    @property
    def merged(self) -> int | None:
        """When it was merged, if it was."""
        return self._at("closed") if bool(self._columns["merged"][self.index]) and not self.is_open else None

    @property
    def is_locked(self) -> bool:
        """Whether the conversation is locked."""
        return self.index in self.repository.tracker.locked or mixed(self._at("draw"), 8) % 200 == 0

    @property
    def labels(self) -> list[str]:
        """Names of its labels."""
        draw = mixed(self._at("draw"), 9)
        return sorted({LABELS[draw >> shift & 7] for shift in (3, 9)}) if draw % 3 else []

    @property
    def title(self) -> str:
        """Its title."""
        repo = self.repository
        return repo.tracker.titles.get(self.index) or repo.manner.write_title(
            self._at("draw"), repo.mentions, repo.mention_share, repo.family
        )

    @property
    def body(self) -> str:
        """The opening text."""
        repo = self.repository
        mentions = repo.mentions if repo.mention_share > 0.2 else ()
        return repo.manner.write_question(mixed(self._at("draw"), 10), repo.name, self.number, mentions, repo.family)

    @property
    def comments_count(self) -> int:
        """How many comments the forge counts: some of them may be shown to nobody."""
        return len(self.comments) + self.repository.manner.count_hidden(self)

    @cached_property
    def comments(self) -> list[tuple[int, int]]:
        """When each comment was written, and its id, in order of time."""
        return self.repository.tracker.comments(self.index)

    def reply(self, at: int, comment_id: int) -> Reply:
        """One of its comments."""
        repo, tracker = self.repository, self.repository.tracker
        place = comment_id - tracker.first_comment_id
        code = int(tracker.codes[tracker.places[place]]) if place < len(tracker.places) else 0
        updated = at
        for act in self._acts:
            if act.comment_id == comment_id and act.at <= repo.clock.now:
                code, updated = (act.code, updated) if act.what == "comment" else (code, max(updated, act.at))
        association = repo.people.association(code, repo.is_official, repo.id, False)
        return Reply(repo, self, comment_id, repo.people.person(code), association, at, updated)

    def replies(self) -> list[Reply]:
        """All comments in order of time."""
        return [self.reply(at, one) for at, one in self.comments]
