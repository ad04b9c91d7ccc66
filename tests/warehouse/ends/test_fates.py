"""What becomes of an id: whose page decides, what counts as ended, and what is never called safe."""

from datetime import date, datetime
from typing import Any, get_args

import pytest

from pipelines.commands.ends.sentences import describe_fate
from warehouse.ends.fates import EndState, IdFate, PageWord, judge_id
from warehouse.ends.model_ids import index_names
from warehouse.ends.wording import NOT_SAFE, describe_word

TODAY, UNTIL = date(2026, 11, 25), date(2027, 5, 24)
READ_AT = datetime(2026, 11, 24, 6)


def notice(model: str, on: date | None = None, kind: str = "exact", **given: Any) -> dict[str, Any]:
    """What a maker's page says of a model; by default that it is active."""
    return {
        "model": model, "family_id": "gpt", "title": "GPT", "side": "proprietary", "target": "openai-api",
        "shutdown_on": on, "shutdown_kind": kind if on else "unknown", "stage": None if on else "active",
        "region": None, "replacement": ["gpt-9"], "url": "https://a.example/x", "as_of_at": READ_AT,
    } | given  # fmt: skip


def host(model: str, on: date | None, target: str = "azure-foundry", **given: Any) -> dict[str, Any]:
    """What a page says that serves models of many makers."""
    return notice(model, on, target=target, **{"family_id": None, "title": "Azure Foundry", "side": ""} | given)


def listed(model: str, **given: Any) -> dict[str, Any]:
    """What the price list says of a model of a maker whose page is read."""
    return {
        "model": model, "family_id": "gpt", "title": "GPT", "side": "proprietary", "place": "OpenRouter's list",
        "expires_on": None, "gone_on": None, "as_of_at": READ_AT, "url": "https://a.example/l",
    } | given  # fmt: skip


def judge(asked: str, *rows: dict[str, Any], via: str = "") -> IdFate:
    """Judges an id on the day of these tests."""
    return judge_id(asked, index_names(rows), TODAY, UNTIL, via)


SOON, LATER, PAST = date(2026, 12, 1), date(2027, 8, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("row", "urgency", "words"),
    [
        (notice("a-1", TODAY), "soon", "ends 2026-11-25 (today)"),
        (notice("a-1", UNTIL), "soon", "ends 2027-05-24 (in 180 days)"),
        (notice("a-1", LATER), "none", "ends 2027-08-01 (in 249 days)"),
        (notice("a-1", date(2026, 11, 24)), "ended", "ended 2026-11-24 (1 day ago)"),
        (notice("a-1", date(2026, 11, 1), "month"), "soon", "ends in 2026-11, no day given"),
        (notice("a-1", date(2026, 10, 1), "month"), "ended", "ended in 2026-10, according to GPT"),
        (notice("a-1", SOON, "not_before"), "none", "does not end before 2026-12-01 (in 6 days), no day given"),
        (notice("a-1", PAST, "not_before"), "undated", (
            "may end any day: the earliest announced day, 2026-03-01, has passed"
        )),
        (notice("a-1", stage="retired"), "ended", "ended, no day given"),
        (notice("a-1", stage="legacy"), "undated", "is legacy, no day given"),
        (notice("a-1", LATER, closed_to_new_on=PAST), "undated", (
            "closed to new accounts since 2026-03-01; ends 2027-08-01 (in 249 days), according to GPT"
        )),
        (notice("a-1", LATER, closed_to_new_on=SOON), "none", (
            "ends 2027-08-01 (in 249 days); closed to new accounts from 2026-12-01"
        )),
        (notice("a-1"), "none", "no end announced as of 2026-11-24"),
        (listed("a-1"), "unknown", (
            "unknown: no maker's page that is read names it; GPT's was read 2026-11-24; not known to be safe"
        )),
        (notice("b-2", SOON), "unknown", "unknown: no maker's page that is read names it; not known to be safe"),
        (listed("a-1", as_of_at=None), "unknown", "unknown: no deprecation page of GPT is read; not known to be safe"),
        (listed("a-1", as_of_at=None, side="open"), "unknown", (
            "no deprecation page is read for it; not known to be safe"
        )),
    ],
)  # fmt: skip
def test_each_kind_of_end_counts_and_is_worded_in_its_own_way(row: dict[str, Any], urgency: str, words: str) -> None:
    """A month and a day are promises; a floor and a stage are not."""
    fate = judge("a-1", row)
    assert fate.word.urgency == urgency
    assert describe_fate(fate, "a-1").startswith(words)


@pytest.mark.parametrize(
    ("asked", "urgency"),
    [
        ("lamp-3-8b", "ended"), ("lamp-9-max", "undated"), ("Lamp/Lamp-3-8B", "unknown"), ("lamp/lamp-3-8b", "unknown"),
        ("lamp-3:8b", "unknown"), ("ollama/lamp-3-8b", "unknown"), ("Lamp-3-8B", "unknown"),
    ],
)  # fmt: skip
def test_the_page_of_a_hosted_api_ends_no_weights(asked: str, urgency: str) -> None:
    """A maker of open weights ends them in its own API, under the names of that API: copies elsewhere go on."""
    of = {"family_id": "lamp", "title": "Lamp", "side": "open", "target": "lamp-studio"}
    rows = [
        notice("lamp-3-8b", PAST, **of), notice("lamp-9-max-2026-01-23", PAST, **of),
        *(listed(name, **of) for name in ("lamp/lamp-3-8b", "Lamp/Lamp-3-8B", "lamp/lamp-9-max")),
    ]  # fmt: skip
    fate = judge(asked, *rows)
    assert fate.word.urgency == urgency
    assert urgency != "unknown" or "not known to be safe" in describe_fate(fate, asked)
    assert asked == "lamp-9-max" or "ended 2026-03-01" in describe_fate(fate, asked)


@pytest.mark.parametrize(
    ("asked", "urgency"),
    [
        ("azure/a-1", "ended"), ("azure_ai/a-1", "ended"), ("openrouter/a-1", "unknown"), ("ollama/a-1", "unknown"),
        ("a-1", "unknown"), ("b-2", "ended"), ("azure/b-2", "ended"), ("ollama/b-2", "unknown"),
    ],
)  # fmt: skip
def test_a_host_decides_for_ids_that_name_it_or_that_nobody_else_has(asked: str, urgency: str) -> None:
    """Open weights live on if one host drops them."""
    rows = [host("a-1", PAST), listed("vendor/a-1", as_of_at=None, family_id="qwen", side="open"), host("b-2", PAST)]
    fate = judge(asked, *rows)
    assert fate.word.urgency == urgency
    assert "ended 2026-03-01" in describe_fate(fate, asked)
    assert urgency == "ended" or "not known to be safe" in describe_fate(fate, asked)


def test_an_undated_name_ends_with_the_earliest_snapshot_that_still_runs() -> None:
    """What it resolves to is not known, so the earliest end is shown, and the others beside it."""
    versions = [host("a-1 (2024-05-13)", PAST), host("a-1 (2024-08-06)", SOON), host("a-1 (2024-11-20)", LATER)]
    fate = judge("azure/a-1", *versions)
    assert (fate.word.ends_on, fate.word.urgency) == (SOON, "soon")
    assert describe_fate(fate, "azure/a-1") == (
        "its snapshot a-1 (2024-08-06) ends 2026-12-01 (in 6 days), according to Azure Foundry; use gpt-9 instead; "
        "Azure Foundry for a-1 (2024-11-20): ends 2027-08-01 (in 249 days)"
    )
    assert judge("azure/a-1", *versions, host("a-1", LATER)).word.ends_on == LATER, "its own notice decides"


def test_an_undated_name_all_of_whose_snapshots_ended_has_ended() -> None:
    """An alias runs for as long as there is a version that it may resolve to."""
    ended = [notice("a-1-20240229", PAST), notice("a-1-20240620", date(2026, 4, 1))]
    assert (judge("a-1", *ended).word.name, judge("a-1", *ended).word.urgency) == ("a-1-20240620", "ended")
    said = describe_fate(judge("a-1", listed("vendor/a-1"), *ended), "a-1")
    assert said.startswith(
        "may end any day: its last known snapshot a-1-20240620 ended on 2026-04-01, according to GPT"
    )
    assert judge("a-1", *ended, notice("a-1-2025", PAST, replacement=["a-1"])).word.state == "unknown"
    assert judge("a-1", *ended, notice("a-1-20260101")).word.state == "no_end_announced"
    assert judge("a-1", notice("a-1"), *ended, notice("a-1-20260101", SOON)).word.urgency == "soon"
    assert judge("a-1", notice("a-1"), *ended, notice("a-1-20260101")).word.is_snapshot is False
    assert judge("a-1", *ended, notice("a-1-mini-20260101")).word.urgency == "ended", "of a longer name"
    assert judge("a-1-20250101", *ended).word.state == "unknown"
    assert judge("a-1-20250101", notice("a-1", PAST)).word.urgency == "ended", "a name ends with its snapshots"
    assert judge("mixer-latest", notice("mixer-2508", PAST)).word.urgency == "ended"
    assert judge("mixer-latest", notice("mixer-2508", PAST), notice("mixer-3-5")).word.state == "no_end_announced"


@pytest.mark.parametrize("asked", ["gpt-5", "openai/gpt-5", "openrouter/openai/gpt-5", "gpt-5-2025-08-07"])
def test_being_listed_is_no_evidence_that_nothing_ends(asked: str) -> None:
    """A price list that names the id and its snapshot outvoted the maker's notice, eleven days before the end."""
    rows = [
        notice("gpt-5-2025-08-07", SOON), listed("openai/gpt-5"), listed("openai/gpt-5-2025-08-07"),
        listed("gpt-5-2025-08-07", place="the Hub"),
    ]  # fmt: skip
    assert judge(asked, *rows).word.urgency == "soon"


BEDROCK = {"family_id": "bedrock", "title": "Bedrock", "side": "host"}
OPUS = "anthropic.claude-3-opus-20240229-v1:0"


@pytest.mark.parametrize(
    "asked", [OPUS, f"us.{OPUS}", f"bedrock/{OPUS}", f"arn:aws:bedrock:us-east-1::foundation-model/{OPUS}"]
)
def test_an_id_of_a_host_is_judged_by_the_title_on_its_page(asked: str) -> None:
    """The page of Bedrock gives names such as `Claude 3 Opus`, not ids."""
    maker = notice("claude-3-opus-20240229", PAST, family_id="claude", title="Claude", target="claude-models")
    on_page = host("Claude 3 Opus", SOON, "aws-bedrock", **BEDROCK)
    assert (judge(asked, maker, on_page).word.place, judge(asked, maker, on_page).word.ends_on) == ("Bedrock", SOON)
    unknown = judge(asked, maker)
    assert (unknown.word.state, unknown.word.urgency) == ("host_unknown", "unknown")
    assert (
        describe_fate(unknown, asked) == "Bedrock's own date is not known here; Claude: ended 2026-03-01 (269 days ago)"
    )


def test_versions_of_a_title_are_told_apart() -> None:
    """`v1` and `v2` of one title end on days of their own."""
    express = host("Amazon Titan Text G1 - Express", PAST, "aws-bedrock", **BEDROCK)
    assert judge("amazon.titan-text-express-v1", express).word.urgency == "ended"
    pages = [host(f"Claude 3.5 Sonnet v{n}", on, "aws-bedrock", **BEDROCK) for n, on in ((1, PAST), (2, SOON))]
    assert judge("anthropic.claude-3-5-sonnet-20241022-v2:0", *pages).word.ends_on == SOON
    assert judge("anthropic.claude-3-5-sonnet-20240620-v1:0", *pages).word.ends_on == PAST


def test_regions_are_never_collapsed() -> None:
    """The earliest decides, the others are shown; a profile of one geography leaves the others out."""
    days = {"us-east-1": LATER, "us-west-2": SOON, "eu-west-1": PAST}
    rows = [host("Claude 3 Opus", on, "aws-bedrock", region=region, **BEDROCK) for region, on in days.items()]
    fate = judge(f"us.{OPUS}", *rows)
    assert (fate.word.place, fate.word.urgency) == ("Bedrock (us-west-2)", "soon")
    assert [word.place for word in fate.elsewhere] == ["Bedrock (us-east-1)"]
    assert judge(f"global.{OPUS}", *rows).word.urgency == "ended"
    arn = "arn:aws:bedrock:us-east-1"
    for one in (f"bedrock/{arn}::foundation-model/{OPUS}", f"bedrock/us-east-1/{OPUS}"):
        assert judge(one, *rows).word.place == "Bedrock (us-east-1)"
    assert judge(f"{arn}:1:inference-profile/us.{OPUS}", *rows).word.place == "Bedrock (us-west-2)"


def test_a_statement_that_the_page_took_off_gives_way_to_what_it_lists() -> None:
    """Bedrock replaced one day for all by a day for each region."""
    old = host("Claude 3 Opus", PAST, "aws-bedrock", is_listed=False, last_seen_at=READ_AT, **BEDROCK)
    new = host("Claude 3 Opus", LATER, "aws-bedrock", region="us-east-1", **BEDROCK)
    assert judge(OPUS, old, new).word.ends_on == LATER
    assert judge(OPUS, old).word.urgency == "ended"


@pytest.mark.parametrize("asked", ["openrouter/openai/a-1", "openrouter/openai/a-1-20250807"])
def test_what_the_maker_ends_ends_at_a_relay(asked: str) -> None:
    """A later day in OpenRouter's list hid the maker's, and its own day counts for ids that name it only."""
    rows = [
        notice("a-1-20250807", SOON),
        *(listed(f"openai/a-1{date}", expires_on=LATER) for date in ("", "-20250807")),
    ]
    assert (judge(asked, *rows).word.ends_on, judge(asked, *rows).word.urgency) == (SOON, "soon")
    assert judge("openai/a-1", *rows).word.ends_on == SOON
    dropped = listed("x/b-1", expires_on=SOON)
    assert judge("openrouter/x/b-1", dropped).word.urgency == "soon"
    assert judge("x/b-1", dropped).word.urgency == "unknown"


def test_a_host_neither_hides_nor_replaces_the_maker() -> None:
    """Bedrock's title decided for the maker's own alias, and Azure's silence hid the maker's day."""
    maker = notice("claude-3-opus-20240229", SOON, family_id="claude", title="Claude", target="claude-models")
    bedrock = host("Claude 3 Opus", PAST, "aws-bedrock", **BEDROCK)
    assert judge("claude-3-opus", maker, bedrock).word.place == "Claude"
    assert [word.ends_on for word in judge("azure/claude-3-opus", maker).elsewhere] == [SOON]
    assert judge("claude-4-opus", host("Claude 4 Opus", PAST, "aws-bedrock", **BEDROCK)).word.urgency == "unknown"


def test_a_page_that_only_closes_a_model_adds_its_day() -> None:
    """Gemini's release notes close what its page of ends gives a day."""
    closing = notice("a-1", closed_to_new_on=PAST, stage=None)
    fate = judge("a-1", notice("a-1", SOON), closing)
    assert (fate.word.state, fate.word.ends_on, fate.word.urgency) == ("closed_to_new", SOON, "soon")


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        ("ft:a-1:acme::9", "a-1"), ("openai/ft:a-1:acme::9", "a-1"), ("anthropic.a-v2:1:200k", "A v2.1"),
        ("claude-sonnet-4-0", "claude-sonnet-4-20250514"), ("a-1-latest", "a-1"),
    ],
)  # fmt: skip
def test_an_id_with_an_addition_ends_with_what_it_adds_to(asked: str, model: str) -> None:
    """Tuned models, lengths of contexts, first versions and aliases."""
    row = host(model, PAST, "aws-bedrock", **BEDROCK) if " " in model else notice(model, PAST)
    assert judge(asked, row).word.ends_on == PAST


def test_the_maker_decides_for_ids_that_name_no_host_unless_via_names_one() -> None:
    """A project on Azure writes `gpt-4o`, as the maker does; so the host's end is stated beside the maker's."""
    rows = [notice("a-1", LATER), host("a-1", SOON)]
    assert describe_fate(judge("a-1", *rows), "a-1") == (
        "ends 2027-08-01 (in 249 days), according to GPT; use gpt-9 instead; Azure Foundry: ends 2026-12-01 (in 6 days)"
    )
    assert judge("a-1", *rows, via="azure").word.ends_on == SOON
    assert judge("a-1", *rows, via="vertex").word.state == "host_unknown"
    assert judge("azure/a-1", *rows, via="vertex").word.ends_on == SOON
    assert judge("claude-a@20240229", *rows).word.place == "Vertex AI"


def test_words_of_others_cannot_steer_a_terminal_or_a_browser() -> None:
    """Pages of vendors are not ours."""
    evil = "\x1b[2J\u202ea\n-1"
    fate = judge("a-1", notice(evil[4:], SOON, title=evil, region=evil, replacement=[evil], url="javascript:alert(1)"))
    assert fate.word.url is None and fate.word.name.isprintable()
    assert not {"\x1b", "\u202e", "\n"} & set(describe_fate(fate, "a-1"))


def test_nothing_that_is_not_known_to_be_safe_needs_no_act() -> None:
    """Weights without a deprecation page were listed under "Nothing to do now"."""
    worded = get_args(EndState)
    unsafe = [state for state in worded if NOT_SAFE in describe_word(PageWord(state, date(2027, 1, 1), days_left=1))]
    assert {PageWord(state).urgency for state in unsafe} == {"unknown"} and "unread" in unsafe


def test_an_id_that_a_page_advises_is_named_there_and_its_own_end_is_stated() -> None:
    """No page named `gpt-5`, it was said, though GPT's advised it; and that OpenRouter drops it was only said there."""
    rows = [notice("a-1", SOON, replacement=["gpt-5", "gpt-5-mini"]), listed("openai/gpt-5", expires_on=SOON)]
    assert describe_fate(judge("a-1", *rows), "a-1") == (
        "ends 2026-12-01 (in 6 days), according to GPT; use gpt-5 or gpt-5-mini instead; gpt-5 itself: ends 2026-12-01 "
        "(in 6 days), according to OpenRouter's list"
    )
    named = (
        "unknown: the deprecation page of GPT, read 2026-11-24, names it only as a replacement; not known to be safe"
    )
    assert describe_fate(judge("gpt-5-mini", *rows), "gpt-5-mini") == named
    assert describe_fate(judge("gpt-5", *rows), "gpt-5").startswith(f"{named}; OpenRouter's list: ends 2026-12-01")
    assert judge("azure/gpt-5", *rows).word.state == "host_unknown"


def test_ids_of_one_maker_are_unknown_for_one_reason() -> None:
    """The reason changed if a listing had a last day, or if the id began as one that the maker's page names."""
    rows = [notice("text-1", SOON), listed("whisper-1"), listed("whisper-2", expires_on=LATER)]
    said = [describe_fate(judge(asked, *rows), asked).split("; not known")[0] for asked in ("whisper-1", "whisper-2")]
    assert said == ["unknown: no maker's page that is read names it; GPT's was read 2026-11-24"] * 2
    assert describe_fate(judge("text-9", *rows), "text-9") == describe_fate(judge("whisper-9", *rows), "whisper-9")
