"""What becomes of an id: whose page decides, what counts as ended, and what is never called safe."""

from datetime import date, datetime
from typing import Any

import pytest

from pipelines.commands.ends.fates import IdFate, judge_id
from pipelines.commands.ends.finder import Occurrence
from pipelines.commands.ends.sentences import describe_fate
from warehouse.ends.model_ids import find_rows, find_versions, index_names

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
    return notice(model, on, family_id=None, title="Azure Foundry", side="", target=target, **given)


def listed(model: str, **given: Any) -> dict[str, Any]:
    """What the price list says of a model of a maker whose page is read."""
    return {
        "model": model, "family_id": "gpt", "title": "GPT", "side": "proprietary", "place": "OpenRouter's list",
        "expires_on": None, "gone_on": None, "as_of_at": READ_AT, "url": "https://a.example/l",
    } | given  # fmt: skip


def judge(asked: str, *rows: dict[str, Any]) -> IdFate:
    """The fate of an id."""
    names = index_names(rows)
    return judge_id(Occurrence(1, 1, asked, find_rows(asked, names), find_versions(asked, names)), TODAY, UNTIL)


SOON, LATER, PAST = date(2026, 12, 1), date(2027, 8, 1), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("row", "urgency", "words"),
    [
        (notice("a-1", SOON), "soon", "ends 2026-12-01 (in 6 days)"),
        (notice("a-1", TODAY), "soon", "ends 2026-11-25 (today)"),
        (notice("a-1", UNTIL), "soon", "ends 2027-05-24 (in 180 days)"),
        (notice("a-1", LATER), "none", "ends 2027-08-01 (in 249 days)"),
        (notice("a-1", PAST), "ended", "ended 2026-03-01 (269 days ago)"),
        (notice("a-1", date(2026, 11, 24)), "ended", "ended 2026-11-24 (1 day ago)"),
        (notice("a-1", date(2026, 11, 1), "month"), "soon", "ends in 2026-11, no day given"),
        (notice("a-1", date(2026, 10, 1), "month"), "ended", "ended in 2026-10, according to GPT"),
        (notice("a-1", SOON, "not_before"), "none", "does not end before 2026-12-01 (in 6 days), no day given"),
        (
            notice("a-1", PAST, "not_before"),
            "undated",
            "may end any day: the earliest announced day, 2026-03-01, has passed",
        ),
        (notice("a-1", stage="retired"), "ended", "ended, no day given"),
        (notice("a-1", stage="legacy"), "undated", "legacy, no day given"),
        (notice("a-1"), "none", "no end announced as of 2026-11-24"),
        (listed("a-1"), "none", "no end announced as of 2026-11-24"),
        (listed("a-1", expires_on=SOON), "soon", "ends 2026-12-01 (in 6 days), according to OpenRouter's list"),
        (listed("a-1", as_of_at=None), "none", (
            "known from OpenRouter's list, but no deprecation page is read for it; not known to be safe"
        )),
    ],
)  # fmt: skip
def test_each_kind_of_end_counts_and_is_worded_in_its_own_way(row: dict[str, Any], urgency: str, words: str) -> None:
    """A month and a day are promises; a floor and a stage are not."""
    fate = judge("a-1", row)
    assert fate.word.urgency == urgency
    assert describe_fate(fate, "a-1").startswith(words)


def test_an_id_that_nobody_knows_is_not_called_safe() -> None:
    """Neither by its state nor in words."""
    fate = judge("a-1", notice("b-2", SOON))
    assert fate.word.urgency == "unknown"
    assert describe_fate(fate, "a-1") == ("unknown: no notice and no listing in the snapshot; not known to be safe")


def test_the_maker_decides_and_a_host_is_named_beside_it() -> None:
    """A host that ends a model early breaks the projects that use that host."""
    fate = judge("a-1", notice("a-1", LATER), host("a-1", PAST))
    assert (fate.word.place, fate.word.urgency) == ("GPT", "none")
    assert describe_fate(fate, "a-1") == (
        "ends 2027-08-01 (in 249 days), according to GPT; use gpt-9 instead; Azure Foundry: ended 2026-03-01 (269 days "
        "ago)"
    )


@pytest.mark.parametrize(
    ("asked", "urgency"),
    [
        ("lamp-3-8b", "ended"), ("lamp-9-max", "undated"), ("Lamp/Lamp-3-8B", "none"), ("lamp/lamp-3-8b", "none"),
        ("lamp-3:8b", "none"), ("ollama/lamp-3-8b", "none"), ("Lamp-3-8B", "none"),
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
    assert urgency != "none" or "not known to be safe" in describe_fate(fate, asked)
    assert asked == "lamp-9-max" or "ended 2026-03-01" in describe_fate(fate, asked)


@pytest.mark.parametrize(
    ("asked", "urgency"),
    [
        ("azure/a-1", "ended"), ("azure_ai/a-1", "ended"), ("openrouter/a-1", "none"), ("ollama/a-1", "none"),
        ("a-1", "none"), ("b-2", "ended"), ("azure/b-2", "ended"), ("ollama/b-2", "none"),
    ],
)  # fmt: skip
def test_a_host_decides_for_ids_that_name_it_or_that_nobody_else_has(asked: str, urgency: str) -> None:
    """Open weights live on where one host drops them."""
    rows = [host("a-1", PAST), listed("vendor/a-1", as_of_at=None, family_id="qwen"), host("b-2", PAST)]
    fate = judge(asked, *rows)
    assert fate.word.urgency == urgency
    assert "ended 2026-03-01" in describe_fate(fate, asked)
    assert urgency == "ended" or "not known to be safe" in describe_fate(fate, asked)


def test_a_host_decides_for_its_own_way_of_writing_an_id() -> None:
    """Bedrock's page names `anthropic.…`, Together's the Hub's names; the latter are used elsewhere, too."""
    bedrock = host("anthropic.a-1-v1:0", PAST, "aws-bedrock")
    assert judge("anthropic.a-1-v1:0", bedrock, listed("a-1")).word.urgency == "ended"
    together = notice("org/a-1", PAST, family_id="together", title="Together", side="host", target="together-models")
    hub = listed("org/a-1", place="the Hub", as_of_at=None, family_id="qwen")
    assert judge("org/a-1", together).word.urgency == "ended"
    assert judge("org/a-1", together, hub).word.urgency == "none"
    assert judge("together_ai/org/a-1", together, hub).word.urgency == "ended"


def test_a_list_never_hides_a_notice() -> None:
    """A reseller may list a name long after its maker ended it."""
    for asked in ("openai/a-1", "openrouter/openai/a-1", "a-1", "openai:a-1"):
        assert judge(asked, listed("openai/a-1"), notice("a-1", PAST)).word.urgency == "ended", asked


def test_a_name_without_its_version_ends_with_the_last_of_them() -> None:
    """Azure names versions in brackets; the id goes on with the next one."""
    versions = [host("a-1 (2024-05-13)", PAST), host("a-1 (2024-11-20)", LATER)]
    fate = judge("azure/a-1", *versions)
    assert (fate.word.ends_on, fate.word.urgency) == (LATER, "none")
    assert "according to Azure Foundry of a-1 (2024-11-20)" in describe_fate(fate, "azure/a-1")
    assert judge("azure/a-1", *versions, host("a-1", SOON)).word.ends_on == SOON


def test_a_name_all_of_whose_dated_versions_end_is_not_called_safe() -> None:
    """An alias goes on for as long as there is a version that it may stand for."""
    ended = [notice("a-1-20240229", PAST), notice("a-1-20240620", SOON)]
    for rows in ([], [listed("vendor/a-1")]):
        fate = judge("a-1", *rows, *ended)
        assert (fate.word.state, fate.word.urgency) == ("version_ends", "undated")
        assert describe_fate(fate, "a-1").startswith(
            "nothing announced for this name, but its last known version, a-1-20240620, ends 2026-12-01, according to"
        )
    assert judge("a-1", listed("vendor/a-1"), *ended, notice("a-1-20260101")).word.state == "no_end_announced"
    assert judge("a-1", notice("a-1", LATER), *ended).word.state == "ends"
    assert judge("a-1-20250101", *ended).word.state == "unknown"


def test_a_name_that_is_missing_where_it_stood_is_told() -> None:
    """A page drops what is over, a list what nobody serves any more; neither is an announcement."""
    gone = judge("a-1", listed("a-1", gone_on=date(2026, 10, 1)))
    assert describe_fate(gone, "a-1").endswith("; missing from OpenRouter's list since 2026-10-01")
    dropped = judge("a-1", notice("a-1", LATER, is_listed=False, last_seen_at=READ_AT))
    assert "; no longer on the page, last seen 2026-11-24; use gpt-9 instead" in describe_fate(dropped, "a-1")


def test_words_of_others_cannot_steer_a_terminal_or_a_browser() -> None:
    """Pages of vendors are not ours."""
    evil = "\x1b[2J\u202ea-1\nx"
    fate = judge("a-1", notice("a-1", SOON, title=evil, region=evil, replacement=[evil], url="javascript:alert(1)"))
    assert fate.word.url is None
    assert not {"\x1b", "\u202e", "\n"} & set(describe_fate(fate, "a-1"))
