"""Whom or what somebody means, in every form in which a user of a source may write it."""

import re

import pytest

from pipelines.catalog.entries import Channel
from pipelines.commands.forgetting.subjects import read_subject
from pipelines.people import People
from tests.upstream.catalogs import families_of
from warehouse.settings import SettingsError

PEOPLE = People(b"a key of sixteen bytes")
CHANNELS = (
    Channel(source="github", target="acme/sdk", role="sdk", family="gpt"),
    Channel(source="discourse", target="forum.acme.example", role="forum", family="gpt"),
    Channel(source="discourse", target="talk.other.example", role="forum", family="gpt"),
    Channel(source="huggingface", target="own-name", role="hub", family="gpt"),
    Channel(source="stackexchange", target="ai", role="tag", family="gpt"),
    Channel(source="stackexchange", target="stackoverflow", role="tag", family="gpt"),
)
CATALOG = families_of(CHANNELS)
FORUM, TALK = "discourse/forum.acme.example", "discourse/talk.other.example"


@pytest.mark.parametrize(
    ("words", "realms", "name"),
    [
        (("github:Jane-Doe", "GitHub:@jane-doe"), ("github",), "jane-doe"),
        (("github:jane[bot]",), ("github",), "jane"),
        (("huggingface:Jane.Doe",), ("huggingface",), "jane.doe"),
        (("reddit:u/Jane_1", "reddit:/u/jane_1", "reddit:jane_1"), ("reddit",), "jane_1"),
        (("discourse:jane", "discourse:@Jane"), (FORUM, TALK), "jane"),
        (("discourse:forum.acme.example/jane",), (FORUM,), "jane"),
        (("stackexchange:stackoverflow/12",), ("stackexchange/stackoverflow",), "12"),
    ],
)
def test_an_account_is_known_by_its_pseudonym_however_it_is_written(
    words: tuple[str, ...], realms: tuple[str, ...], name: str
) -> None:
    """The pseudonym is the one under which it was landed, in each place where the name may be an account."""
    made = {PEOPLE.make_pseudonym(realm, name) for realm in realms}
    for word in words:
        found = read_subject(word, CATALOG, PEOPLE, marked_only=False)
        assert {one for one in found if re.fullmatch("[0-9a-f]{16}", one)} == made, word


def test_a_name_is_looked_for_in_texts_unless_it_is_an_ordinary_word() -> None:
    """One that the catalog uses, or that the user calls one, only if it is marked."""

    def list_names(word: str, marked_only: bool = False) -> set[str]:
        found = read_subject(word, CATALOG, PEOPLE, marked_only)
        return {one for one in found if not re.fullmatch("[0-9a-f]{16}", one)}

    assert list_names("github:jane") == {"@jane", "jane", "github.com/jane"}
    assert list_names("reddit:jane") == {"@jane", "jane"}
    assert list_names("github:acme") == {"@acme"} and list_names("github:own-name") == {"@own-name"}
    assert list_names("github:error", marked_only=True) == {"@error"}
    assert list_names("stackexchange:ai/12") == set()


def test_a_link_is_a_page_in_its_one_form_and_an_account_s_address_is_refused() -> None:
    """The posts of an account lie elsewhere, so that its address would leave them."""
    link = "github.com/acme/sdk/issues/3"
    assert link in read_subject("https://github.com/acme/sdk/pull/3/files", CATALOG, PEOPLE, marked_only=False)
    for page in ("github.com/Jane", "hf.co/jane", "old.reddit.com/user/j/comments", "forum.acme.example/u/J/summary",
                 "stackoverflow.com/users/12/jane"):  # fmt: skip
        with pytest.raises(SettingsError, match="write SOURCE:ACCOUNT"):
            read_subject(f"https://{page}", CATALOG, PEOPLE, marked_only=False)
