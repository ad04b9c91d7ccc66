"""The hub's discussions as its interface shows them: a list by page, and one talk with all its events."""

from dataclasses import dataclass
from typing import Any

from tests.upstream.messages import Request, Response, conditional, json_answer
from tests.upstream.sites.hub_boards import Act, Board, Post, Talk
from tests.upstream.world.clock import iso_millis
from tests.upstream.world.draws import number
from tests.upstream.world.manner import Manner
from tests.upstream.world.people import BOTS, MAINTAINERS, STAFF, People


@dataclass(frozen=True, slots=True)
class Talks:
    """One model's discussions, as they are now."""

    board: Board
    people: People
    repo: str
    manner: Manner

    def listing(self, request: Request) -> Response:
        """A page of the list, the pinned ones first, then the newest-created first."""
        found = sorted(self.board.talks(), key=lambda talk: (talk.is_pinned, talk.created, talk.num), reverse=True)
        start = int(request.query.get("p", "0")) * self.board.page
        shown = [self._listed(talk) for talk in found[start : start + self.board.page]]
        return _told(request, {"discussions": shown, "count": len(found), "start": start})

    def single(self, request: Request, num: int) -> Response:
        """One talk with its events in the order of time."""
        talk = self.board.talk(num)
        if talk is None:
            return json_answer({"error": "Discussion not found"}, 404)
        now = self.board.clock.now
        stated: list[Post | Act] = [*talk.posts, *talk.acts]
        events = sorted([one for one in stated if one.at <= now], key=lambda one: one.at)
        body = {
            "num": num, "title": self._title(talk), "status": talk.status(now),
            "createdAt": iso_millis(talk.created), "repo": {"name": self.repo, "type": "model"},
            "isPullRequest": talk.is_pull,
            "pinned": talk.is_pinned, "locked": talk.is_locked, "isReport": talk.is_report,
            "events": [self._event(talk, one) for one in events], **self._author(talk.who, is_event=False),
        }  # fmt: skip
        return _told(request, body)

    def _listed(self, talk: Talk) -> dict[str, Any]:
        owner, now = self.repo.partition("/")[0], self.board.clock.now
        posts = [post for post in talk.posts if post.at <= now]
        inside = [post for post in posts if STAFF <= post.who < MAINTAINERS]
        return {
            "num": talk.num, "title": self._title(talk), "status": talk.status(now),
            "createdAt": iso_millis(talk.created),
            "isPullRequest": talk.is_pull, "numComments": len(posts) - (not self.board.is_opening_counted),
            "pinned": talk.is_pinned,
            "repo": {"name": self.repo, "type": "model"},
            "repoOwner": {"name": owner, "type": "org", "isParticipating": bool(inside)},
            **self._author(talk.who, is_event=False),
        }  # fmt: skip

    def _title(self, talk: Talk) -> str:
        return talk.title or self.manner.write_title(talk.draw, (), 0)

    def _event(self, talk: Talk, one: Post | Act) -> dict[str, Any]:
        stated = {"id": one.id, "createdAt": iso_millis(one.at), **self._author(one.who, is_event=True)}
        if isinstance(one, Post):
            return {**stated, "type": "comment", "data": self._comment(talk, one)}
        if one.word in ("open", "closed", "merged", "draft"):
            return {**stated, "type": "status-change", "data": {"status": one.word}}
        return {**stated, "type": one.word, "data": {}}

    def _comment(self, talk: Talk, post: Post) -> dict[str, Any]:
        is_hidden = bool(post.hidden_reason)
        words = "This comment has been hidden" if is_hidden else post.text or self._write(talk, post)
        latest = {"raw": words, "updatedAt": iso_millis(post.edited_at or post.at)}
        why = {"hiddenReason": post.hidden_reason} if is_hidden else {}
        return {"edited": bool(post.edited_at), "hidden": is_hidden, **why, "latest": latest}

    def _write(self, talk: Talk, post: Post) -> str:
        if post is talk.posts[0]:
            return self.manner.write_question(post.draw, self.repo, talk.num)
        return self.manner.write_answer(post.draw, self.repo, talk.num, is_asker=post.who == talk.who)

    def _author(self, who: int, *, is_event: bool) -> dict[str, Any]:
        """A deleted account has no author at all; only events say who belongs to the organisation."""
        person = self.people.person(who)
        if person is None:
            return {}
        is_hf = MAINTAINERS <= who < BOTS
        account = {
            "name": person.login, "type": "user", "isHf": is_hf, "isHfAdmin": False, "isMod": is_hf,
        }  # fmt: skip
        return {"author": account | ({"isOwner": False, "isOrgMember": STAFF <= who < MAINTAINERS} if is_event else {})}


def _told(request: Request, body: dict[str, Any]) -> Response:
    response = json_answer(body)
    return conditional(request, response, f"{number(response.body):x}")
