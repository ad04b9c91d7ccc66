"""What visits to commits bring, what they cost, and that neither a late merge nor a rewritten branch escapes them."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Fatal
from pipelines.passed_over import UNNAMED
from pipelines.sources.github.commit_rows import make_commit_row
from tests.paths import RECORDINGS
from tests.pipelines.collecting.replays import exchanges
from tests.pipelines.sources.github.visits import CHANNEL, TOKENS, collect, keys, last, passed
from tests.upstream import NOW, Upstream, faults
from tests.upstream.world.history import History
from tests.worlds.visits import make_visit

VISIT = make_visit(CHANNEL.model_copy(update={"staff": ("boss",)}))
PEOPLE = VISIT.people


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository with some five hundred commits: six pages of them."""
    with Upstream([CHANNEL], seed=5, threads=2000, now=NOW) as upstream:
        yield upstream


def history_of(up: Upstream) -> History:
    return up.world.repository("acme/kit").history


def held(*visits: list[Page]) -> set[str]:
    """Hashes that a warehouse would hold as part of the branch; the later row wins."""
    rows = {row.key: row.body["is_dropped"] for pages in visits for page in pages for row in page.rows}
    return {sha for sha, is_dropped in rows.items() if not is_dropped}


def truth(history: History) -> set[str]:
    """Hashes on the branch now."""
    return {one.sha for one in history.log(history.head or "")}


def test_a_first_visit_brings_every_commit_once(up: Upstream) -> None:
    """A hundred a request, one for the newest, and no point of GraphQL's."""
    pages = collect(up, "commits")
    assert held(pages) == truth(history_of(up))
    assert len(keys(pages)) == len(set(keys(pages))) == pages[0].total
    assert len(up.requests) == 1 + -(-len(keys(pages)) // 100)
    assert up.points == 0


def test_nothing_changed_costs_one_request_that_is_free(up: Upstream) -> None:
    """A 304 to the address of the newest commit."""
    first = collect(up, "commits")
    up.forget()
    again = collect(up, "commits", last(first))
    assert [(page.rows, page.is_unchanged) for page in again] == [([], True)]
    assert [record.status for record in up.requests] == [304]
    assert again[0].cursor == last(first)


def test_new_commits_cost_two_requests_and_nothing_old_is_read_again(up: Upstream) -> None:
    """The newest commit, and what it has that the one known had not."""
    first = collect(up, "commits")
    up.world.advance(24 * 3)
    up.forget()
    again = collect(up, "commits", last(first))
    assert len(up.requests) == 2
    assert 0 < len(keys(again)) == again[0].expected
    assert not set(keys(again)) & set(keys(first))
    assert held(first, again) == truth(history_of(up))


def test_a_branch_merged_long_after_its_commits_is_read(up: Upstream) -> None:
    """Dated a year ago, merged today: whoever asks by date misses them."""
    first = collect(up, "commits")
    up.world.advance(1)
    made = history_of(up).merge_old(days=365)
    again = collect(up, "commits", last(first))
    assert set(keys(again)) == {one.sha for one in made}
    assert [row.body["is_merge"] for page in again for row in page.rows] == [False, False, False, True]
    assert held(first, again) == truth(history_of(up))


def test_a_rewritten_branch_drops_what_it_lost(up: Upstream) -> None:
    """A force-push: the old commits are no longer counted, the new ones are, and the next visit goes on from there."""
    history, first = history_of(up), collect(up, "commits")
    up.world.advance(1)
    history.rewrite(drop=4)
    again = collect(up, "commits", last(first))
    assert {row.body["is_dropped"] for page in again for row in page.rows} == {False, True}
    assert held(first, again) == truth(history)
    assert collect(up, "commits", last(again))[-1].is_unchanged


def test_a_known_commit_that_github_has_forgotten_does_not_stop_us(up: Upstream) -> None:
    """No comparison with what is gone: the last thirty days are read again by date."""
    history, first = history_of(up), collect(up, "commits")
    up.world.advance(1)
    history.rewrite(drop=4, forget=True)
    again = collect(up, "commits", last(first))
    assert truth(history) <= held(first, again)
    assert len(keys(again)) < len(keys(first)) / 2
    assert last(again)["head"] == history.head


def test_a_comparison_that_is_too_much_for_github_is_done_without(up: Upstream) -> None:
    """Its server gives up on large differences with a 500."""
    first = collect(up, "commits")
    up.world.advance(24 * 3)
    up.fail("github", "/compare/", faults.status(500, "Sorry, this diff is taking too long to generate."))
    again = collect(up, "commits", last(first))
    assert held(first, again) == truth(history_of(up)) and len(truth(history_of(up))) > len(keys(first))


def test_a_comparison_told_in_part_is_done_without(up: Upstream) -> None:
    """Fewer commits than it counts, and no next page: by date then."""
    first = collect(up, "commits")
    up.world.advance(24 * 5)

    def part(_: Any, real: Any) -> Any:
        told = json.loads((answered := real()).body)
        return answered.but(body=json.dumps(told | {"commits": told["commits"][:1]}).encode())

    up.fail("github", "/compare/", part)
    again = collect(up, "commits", last(first))
    assert held(first, again) == truth(history_of(up))
    assert "since=" in up.requests[-1].path


def test_a_kept_page_of_a_hash_that_is_gone_starts_again(up: Upstream) -> None:
    """Cut short, then rewritten and forgotten: all is read anew."""
    history, pages = history_of(up), collect(up, "commits")
    history.rewrite(drop=2, forget=True)
    assert truth(history) == held(collect(up, "commits", last(pages[:2])))


def test_a_row_of_small_budgets_comes_to_the_end(up: Upstream) -> None:
    """Three requests a run."""
    kept: list[Page] = []
    for _ in range(20):
        channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
        visit = make_visit(channel, last(kept) if kept else None, tokens=TOKENS, budget=Budget(3), now=up.world.now)
        try:
            kept.extend(sources.collect_stream("github", "commits", visit))
            break
        except BudgetSpent:
            assert visit.budget.requests == 3
    assert held(kept) == truth(history_of(up))
    assert kept[-1].cursor["etag"]


Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from(["push", "merge", "rewrite"]), st.integers(1, 5)), max_size=3)


@pytest.mark.slow
@given(STEPS, STEPS, STEPS)
@settings(max_examples=15)
def test_whatever_is_pushed_between_two_pages_is_not_lost(
    first: list[Step], second: list[Step], third: list[Step]
) -> None:
    """Pushes, late merges and force-pushes between any two requests; one quiet visit later the branch is known as it
    is."""
    with Upstream([CHANNEL], seed=8, threads=900, now=NOW) as up:
        history, plan = history_of(up), iter([first, second, third])
        moves: dict[str, Callable[[int], object]] = {
            "push": lambda _: history.push(),
            "merge": lambda n: history.merge_old(n * 40),
            "rewrite": lambda n: history.rewrite(n),
        }

        def drift() -> None:
            up.world.advance(1 / 3600)
            for what, count in next(plan, []):
                moves[what](count)

        rule = up.fail("github", "/repos/", faults.meanwhile(drift))
        pages = collect(up, "commits")
        rule.stop()
        assert held(pages, collect(up, "commits", last(pages))) == truth(history)


@pytest.mark.parametrize("cursor", [
    {"v": 1, "updated_at": "2031-01-01T00:00:00Z", "head": "0" * 40}, {"v": 99, "head": "0" * 40},
    {"anything": ["else"]},
    {"v": 1, "updated_at": "2026-11-24T00:00:00Z", "since": "2026-11-20T00:00:00Z", "head": "0" * 40},
])  # fmt: skip
def test_a_cursor_that_cannot_be_trusted_starts_the_visit_again(up: Upstream, cursor: dict[str, Any]) -> None:
    """Skewed, of another version, broken, or of somebody who looked less far back."""
    assert held(collect(up, "commits", cursor)) == truth(history_of(up))


def test_a_first_visit_goes_back_as_far_as_it_is_told(up: Upstream) -> None:
    """By the date of the commit."""
    since = up.world.now - timedelta(days=60)
    found = [row for page in collect(up, "commits", since=since) for row in page.rows]
    assert 10 < len(found) < 300 and all(row.source_time and row.source_time >= since for row in found)


def test_an_empty_repository_and_a_changed_shape_are_errors_in_words(up: Upstream) -> None:
    """GitHub answers 409 where nothing was ever pushed."""
    history, moves = history_of(up), history_of(up).moves
    history.moves = []
    with pytest.raises(Fatal, match="409"):
        collect(up, "commits")
    history.moves = moves
    first = collect(up, "commits")
    up.world.advance(24 * 3)
    up.fail("github", "/compare/", faults.status(200, "nothing to compare"))
    with pytest.raises(Fatal, match="not a comparison"):
        collect(up, "commits", last(first))


def test_pages_that_lead_back_are_not_followed_for_ever(up: Upstream) -> None:
    """A `next` that names its own page."""
    up.fail("github", faults.When(path="per_page=100"), faults.next_to_itself())
    with pytest.raises(Exception, match="points back"):
        collect(up, "commits")
    assert len(up.requests) <= 3


def _node(
    login: str | None = "carol", email: str = "carol@example.org", message: str = "Fix", **changes: Any
) -> dict[str, Any]:
    at = {"name": "Carol Example", "email": email, "date": "2026-05-01T10:00:00Z"}
    account = {"login": login, "type": "User"} if login else None
    commit = {"author": at, "committer": at | {"date": "2026-05-02T10:00:00+02:00"}, "message": message}
    return {"sha": "a" * 40, "html_url": "https://x/c", "commit": commit, "author": account, "parents": [{}], **changes}


def test_an_author_is_an_account_or_else_an_address_and_never_readable() -> None:
    """By login where there is one, also in GitHub's own no-reply addresses; else by the address in small letters."""
    known = make_commit_row(VISIT, _node()).body
    assert known["actor"] == PEOPLE.make_pseudonym("github", "carol") and known["is_linked"]
    for address in ("123+Carol@users.noreply.github.com", "carol@users.noreply.github.com"):
        body = make_commit_row(VISIT, _node(None, address)).body
        assert (body["actor"], body["is_linked"]) == (known["actor"], False)
    one, other = (
        make_commit_row(VISIT, _node(None, address)).body for address in ("Someone@Example.ORG", "someone@example.org")
    )
    assert one["actor"] == other["actor"] != known["actor"]
    assert make_commit_row(VISIT, _node(None, "")).body["actor"] is None
    assert "example" not in json.dumps(one).lower() and "Carol" not in json.dumps(known)


@pytest.mark.parametrize(("login", "address", "role"), [
    ("boss", "", "staff"), ("carol", "", "unknown"), ("dependabot[bot]", "", "bot"), ("Copilot", "", "agent"),
    ("web-flow", "", "bot"),
    (None, "49699333+dependabot[bot]@users.noreply.github.com", "bot"),
    (None, "198982749+Copilot@users.noreply.github.com", "agent"),
    (None, "noreply@anthropic.com", "agent"), (None, "noreply@github.com", "bot"),
    (None, "noreply@openai.com", "agent"), (None, "genai-sdk-bot@google.com", "bot"),
    (None, "bot@speakeasyapi.dev", "bot"), (None, "actions@github.com", "bot"), ("gemini-cli-robot", "", "bot"),
    ("groq-github-bot", "", "bot"), ("qwen-code-ci-bot", "", "bot"),
    (None, "somebody@anthropic.com", "unknown"),
])  # fmt: skip
def test_programs_are_told_from_people_and_nobody_else_is_guessed(login: str | None, address: str, role: str) -> None:
    """Commits bear no association, so who is neither a program nor named staff is unknown."""
    assert make_commit_row(VISIT, _node(login, address)).body["role"] == role


def test_coauthors_are_people_and_agents_only_a_mark() -> None:
    """Trailers of a squashed change: each person once, the author not again, programs left out."""
    lines = (
        "Co-authored-by: Dave <1+dave@users.noreply.github.com>",
        "co-authored-by: Dave <dave@users.noreply.github.com>",
        "Co-Authored-By: Claude <noreply@anthropic.com>", "Co-authored-by: carol <carol@users.noreply.github.com>",
        "  CO-AUTHORED-BY: Erin <Erin@example.org>", "Co-authored-by: broken",
        "Signed-off-by: Frank <frank@example.org>",
    )  # fmt: skip
    body = make_commit_row(VISIT, _node(message="Fix it (#12)\n\n* one\n" + "\n".join(lines))).body
    assert body["coauthors"] == sorted(
        str(PEOPLE.make_pseudonym(*one)) for one in (("github", "dave"), ("github e-mail", "erin@example.org"))
    )
    assert body["has_agent"] is True
    plain = make_commit_row(VISIT, _node()).body
    assert (plain["coauthors"], plain["has_agent"], plain["is_merge"]) == ([], False, False)
    assert (plain["authored_at"], plain["committed_at"]) == (
        "2026-05-01T10:00:00.000000Z",
        "2026-05-02T08:00:00.000000Z",
    )


@pytest.mark.parametrize(
    "broken", [{"sha": "main"}, {"sha": None}, {"parents": None}, {"commit": None}, {"commit": "x"}]
)
def test_a_commit_of_another_shape_is_an_error_in_words(broken: dict[str, Any]) -> None:
    """Named, not a crash."""
    with pytest.raises(Fatal, match="unexpected shape"):
        make_commit_row(VISIT, _node(**broken))


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/recordings is not here")
def test_recorded_commits_are_read() -> None:
    """Every list of commits and every single commit that PyGithub recorded, and nothing of their texts in the rows."""
    nodes: list[dict[str, Any]] = []
    for path in sorted((RECORDINGS / "github" / "pygithub_replay").glob("*.txt")):
        for one in exchanges(path):
            parts = one.path.strip("/").split("/")
            if one.method == "GET" and one.status == 200 and "commits" in parts[2:4] and "git" not in parts:
                found = json.loads(one.content)
                nodes += found if isinstance(found, list) else [found]
    bodies = [make_commit_row(VISIT, node).body for node in nodes]
    assert len(bodies) == 17 and all(body["committed_at"] and body["actor"] for body in bodies)
    for node, body in zip(nodes, bodies, strict=True):
        author, kept = node["commit"]["author"], json.dumps({**body, "url": ""})
        assert author["email"] not in kept and author["name"] not in kept


def test_an_empty_list_is_asked_again_and_its_tag_is_not_kept(up: Upstream) -> None:
    """Were it wrong, every later visit would be told that nothing has changed."""
    rule = up.fail("github", faults.When(path="/commits", nth={1}), faults.edited(lambda _: []))
    first = collect(up, "commits")
    rule.stop()
    assert keys(first) == [] and keys(collect(up, "commits", last(first)))


@pytest.mark.parametrize("probed", [lambda _: _, lambda told: [told[0] | {"commit": {}}]])
def test_a_list_without_the_commit_it_begins_with_is_refused(up: Upstream, probed: Callable[[Any], Any]) -> None:
    """Taken at its word, it would move the cursor to the newest commit, and the whole branch would never be read."""
    rules = [
        up.fail("github", faults.When(path="per_page=1$"), faults.edited(probed)),
        up.fail("github", faults.When(path="since="), faults.edited(lambda _: [])),
    ]
    with pytest.raises(Fatal, match="not even the newest"):
        collect(up, "commits")
    for rule in rules:
        rule.stop()
    assert held(collect(up, "commits")) == truth(history_of(up))


@pytest.mark.parametrize("is_cut_short", [False, True])
def test_a_further_page_that_is_empty_is_read_again(up: Upstream, is_cut_short: bool) -> None:
    """A page behind another has commits, be it read in one visit or resumed by the next."""
    before = collect(up, "commits")[:2] if is_cut_short else []
    rule = up.fail("github", "[?&]page=3", faults.edited(lambda _: []))
    first = collect(up, "commits", last(before) if before else None)
    assert truth(history_of(up)) - held(before, first) and passed(first) == [UNNAMED]
    rule.stop()
    up.world.advance(1)
    again = collect(up, "commits", last(first))
    assert held(before, first, again) == truth(history_of(up)) and passed(again) == []


def test_a_branch_older_than_what_is_asked_for_brings_nothing_and_is_no_error(up: Upstream) -> None:
    """Its newest commit says so, and the next visit is told that nothing has changed."""
    kept = collect(up, "commits", since=up.world.now + timedelta(days=1))
    assert keys(kept) == [] and last(kept)["head"] == history_of(up).head
