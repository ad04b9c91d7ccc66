"""A person planted into a world: who asked and answered, whom a title names, and beside them a thread of another."""

import pytest

from pipelines.people import People
from tests.upstream.emulator import Upstream
from tests.upstream.world.people import Person
from tests.upstream.world.threads import Thread

LOGIN, WORD = "Zyxa-Canary-77", "Quxyzzy"


def plant_person(world: Upstream, patch: pytest.MonkeyPatch, key: bytes) -> dict[str, str]:
    """Plants a person into the repository `o/r`; gives all that tells them, and the thread."""
    repo, people = world.world.repository("o/r"), world.world.people
    world.world.ready(repo)
    threads = [Thread(repo, index) for index in range(repo.tracker.size)]
    answering = {reply.author.code for thread in threads for reply in thread.replies() if reply.author}
    code = next(one.author.code for one in threads if not one.is_pull and one.author and one.author.code in answering)
    real = people.person
    patch.setattr(people, "person", lambda one: Person(one, LOGIN, "User") if one == code else real(one))
    asked = [one.number for one in threads if one.author and one.author.login == LOGIN]
    others = [one for one in threads if not one.is_pull and one.number not in asked and len(one.comments) > 1]
    other, naming = others[:2]
    repo.tracker.titles |= {
        naming.index: f"Broken since @{LOGIN.lower()} changed it, and {LOGIN}'s fork, too",
        other.index: f"{WORD} fails",
    }
    return {
        "name": LOGIN, "pseudonym": People(key).make_pseudonym("github", LOGIN) or "", "title": WORD,
        "link": f"github.com/o/r/issues/{other.number}", **{f"thread {n}": f"github.com/o/r/issues/{n}" for n in asked},
        "id": f"gpt.github.o-r#{other.number}",
    }  # fmt: skip
