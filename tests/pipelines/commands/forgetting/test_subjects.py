"""Whom or what somebody means, in every form in which a user of a source may write it."""

import pytest

from pipelines.catalog.entries import Channel
from pipelines.commands.forgetting.subjects import read_subject, read_subjects
from pipelines.people import People
from tests.upstream.catalogs import families_of
from warehouse.forgetting.register import Trace
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
        (("github:Jane-Doe", " GitHub:@jane-doe "), ("github",), "jane-doe"),
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
        (subject,) = read_subjects([word], CATALOG, PEOPLE, marked_only=False)
        assert {value for trace, value in subject.traces if trace is Trace.PERSON} == made, word
        assert made <= subject.needles


def test_a_name_is_looked_for_in_texts_unless_it_is_an_ordinary_word() -> None:
    """One that the catalog uses, or that the user calls one, only if it is marked."""

    def list_traces(word: str, marked_only: bool = False) -> set[Trace]:
        return {trace for trace, _ in read_subject(word, CATALOG, PEOPLE, marked_only).traces}

    assert list_traces("github:jane") == {Trace.PERSON, Trace.MENTION, Trace.NAME, Trace.LINK}
    assert list_traces("reddit:jane") == {Trace.PERSON, Trace.MENTION, Trace.NAME}
    assert list_traces("github:acme") == list_traces("github:own-name") == {Trace.PERSON, Trace.MENTION}
    assert list_traces("github:acme") == list_traces("github:error", marked_only=True) == {Trace.PERSON, Trace.MENTION}
    assert list_traces("stackexchange:ai/12") == {Trace.PERSON}


def test_a_link_is_a_page_in_its_one_form_and_an_account_s_address_is_refused() -> None:
    """The posts of an account lie elsewhere, so that its address would leave them."""
    post = read_subject("https://github.com/acme/sdk/pull/3/files", CATALOG, PEOPLE, marked_only=False)
    assert post.traces == {(Trace.LINK, "github.com/acme/sdk/issues/3")}
    for page in ("github.com/Jane", "hf.co/jane", "old.reddit.com/user/j/comments", "forum.acme.example/u/J/summary",
                 "stackoverflow.com/users/12/jane"):  # fmt: skip
        with pytest.raises(SettingsError, match="write SOURCE:ACCOUNT"):
            read_subject(f"https://{page}", CATALOG, PEOPLE, marked_only=False)
