"""Pseudonyms and roles."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.people import CURATED, People, determine_role

PEOPLE = People(b"a key of sixteen bytes or more")


def test_one_account_is_one_pseudonym_whatever_its_case() -> None:
    """Logins are the same in any case, and an app is named with and without its mark by GitHub's two interfaces."""
    assert PEOPLE.make_pseudonym("github", "Octocat") == PEOPLE.make_pseudonym("github", " octocat")
    assert PEOPLE.make_pseudonym("github", "dependabot[bot]") == PEOPLE.make_pseudonym("github", "dependabot")


def test_the_same_name_in_two_sources_is_two_pseudonyms() -> None:
    assert PEOPLE.make_pseudonym("github", "octocat") != PEOPLE.make_pseudonym("reddit", "octocat")


def test_without_the_key_a_pseudonym_cannot_be_made() -> None:
    """With the warehouse alone nobody can test a name against it."""
    assert People(b"another key of sixteen bytes").make_pseudonym("github", "octocat") != PEOPLE.make_pseudonym(
        "github", "octocat"
    )
    with pytest.raises(ValueError, match="16 bytes"):
        People(b"short")


@given(st.one_of(st.text(min_size=1), st.integers(0)))
def test_a_pseudonym_is_sixteen_digits_and_holds_nothing_of_the_name(user: str | int) -> None:
    """Any name, also one of half characters, gives a pseudonym or nobody."""
    found = PEOPLE.make_pseudonym("github", user)
    assert found is None or (len(found) == 16 and int(found, 16) >= 0)


@pytest.mark.parametrize("user", [None, "ghost", "", "[deleted]", "GHOST"])
def test_a_deleted_account_is_nobody_in_particular(user: str | None) -> None:
    """All deleted accounts share a name; counting them as one person would make a giant."""
    assert PEOPLE.make_pseudonym("github", user) is None
    assert determine_role(user, association="NONE", asker=user) == "unknown"


@pytest.mark.parametrize(
    ("association", "official", "community"),
    [
        ("OWNER", "staff", "maintainer"),
        ("MEMBER", "staff", "maintainer"),
        ("COLLABORATOR", "maintainer", "maintainer"),
        ("CONTRIBUTOR", "outsider", "outsider"),
        ("FIRST_TIME_CONTRIBUTOR", "outsider", "outsider"),
        ("FIRST_TIMER", "outsider", "outsider"),
        ("NONE", "outsider", "outsider"),
        ("none", "outsider", "outsider"),
        ("SOMETHING_NEW", "unknown", "unknown"),
        (None, "unknown", "unknown"),
    ],
)
def test_the_association_gives_the_role_and_only_a_vendor_has_staff(
    association: str | None, official: str, community: str
) -> None:
    """A member of a community project is a maintainer: nobody there is the vendor's staff."""
    assert determine_role("somebody", association=association) == official
    assert determine_role("somebody", association=association, is_official=False) == community


def test_what_is_declared_comes_before_what_is_inferred() -> None:
    """Agent before bot, bot before asker, asker before staff, the catalog's staff before the association."""
    assert determine_role("Copilot", typename="Bot", association="MEMBER", asker="copilot") == "agent"
    assert determine_role("some-app[bot]", association="MEMBER") == "bot"
    assert determine_role("some-app", typename="Bot", association="NONE") == "bot"
    assert determine_role("codecov-commenter", typename="User", association="NONE") == "bot"
    assert determine_role("Ann", association="MEMBER", asker="ann", staff=("ann",)) == "asker"
    assert determine_role("Ann", association="NONE", asker="bob", staff=("ann",)) == "staff"
    assert determine_role("imported", typename="Mannequin", association="NONE") == "unknown"


@pytest.mark.parametrize(
    ("login", "typename", "association", "found"),
    [
        ("Copilot", "Bot", "NONE", "agent"),
        ("continue[bot]", "User", "NONE", "agent"),
        ("continue", "Bot", "NONE", "agent"),
        ("continue", "User", "NONE", "outsider"),
        ("some-app", "Bot", "NONE", "bot"),
        ("some-app[bot]", "User", "NONE", "bot"),
        ("k8s-ci-robot", "User", "NONE", "bot"),
        ("acme-bot", "User", "MEMBER", "bot"),
        ("acme-bot", "User", "COLLABORATOR", "bot"),
        ("acme-bot", "User", "NONE", "outsider"),
        ("acme-bot", "User", "CONTRIBUTOR", "outsider"),
        ("talbot", "User", "MEMBER", "staff"),
        ("i-robot", "User", "MEMBER", "staff"),
        ("ann", "User", "", "unknown"),
        ("ghost", "User", "NONE", "unknown"),
    ],
)
def test_each_sign_of_a_bot_counts_for_what_it_proves(login: str, typename: str, association: str, found: str) -> None:
    """Somebody in doubt is a person: a name that only sounds like a bot is none."""
    assert determine_role(login, typename, association) == found


def test_the_curated_lists_are_clean() -> None:
    """Lower case, sorted, nobody in both, and a mark only for names that a person may have."""
    lists = tomllib.loads(CURATED.read_text(encoding="utf-8"))
    for names in (lists["bots"], lists["agents"]):
        assert names == sorted({name.strip().lower() for name in names})
    assert not any(name.endswith("[bot]") for name in lists["bots"]), "marked bots need no list"
    assert not set(lists["bots"]) & set(lists["agents"])
