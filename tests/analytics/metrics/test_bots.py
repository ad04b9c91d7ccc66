"""What bots and agents do, and what would change if other rules separated them from people."""

from datetime import timedelta

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, left_out, measure, one, set_apart

DAY = timedelta(days=1)
EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}


def test_what_bots_and_agents_do() -> None:
    """Of 25 threads bots open 5 and agents 1; of 20 first responses 8 and 2 are theirs, of 20 closes 5 and 1, of 20
    changes 3 and 4."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(19):
        replies = (
            [(1, "bot"), (2, "staff")]
            if number < 8
            else [(0.5, "asker"), (1, "agent" if number < 10 else "outsider"), (2, "bot")]
        )
        closer = "bot" if number < 5 else "agent" if number == 5 else "asker"
        rows.thread(channel, replies, state="closed", closed_by_role=closer)
    rows.thread(channel, [(1, "outsider")], author_role="agent", state="closed", closed_by_role="staff")
    for _ in range(5):
        rows.thread(channel, [(1, "outsider")], author_role="bot", state="closed")
    for number in range(20):
        role = "bot" if number < 3 else "agent" if number < 7 else "staff"
        rows.add(
            "changes", change_id=f"c{number}", channel_id=channel, family_id="family", channel_role="sdk",
            author_role=role,
            opened_at=NOW - 9 * DAY, seen_at=NOW,
        )  # fmt: skip
    con = set_apart(measure(rows))
    counts = {row["statistic"]: cut(row, "n", "n_events") for row in found(con, "bot_share", segment="bots", **EVERY)}
    agents = {row["statistic"]: cut(row, "n", "n_events") for row in found(con, "bot_share", segment="agents", **EVERY)}

    # 8 threads have two replies, 11 have three, 6 have one.
    assert counts == {
        "threads": (25, 5),
        "replies": (55, 19),
        "first_responses": (20, 8),
        "closes": (20, 5),
        "changes": (20, 3),
    }
    assert agents == {
        "threads": (25, 1),
        "replies": (55, 2),
        "first_responses": (20, 2),
        "closes": (20, 1),
        "changes": (20, 4),
    }
    closes = one(con, "bot_share", segment="bots", statistic="closes", **EVERY)
    assert cut(closes, "value", "state") == (0.25, "measured")
    assert left_out(closes) == "Excluded: 5 closed by an unknown account."


def test_who_came_before_the_question_did_not_respond_to_it() -> None:
    """Of twenty threads that a bot answers in an hour, and ten moved here with an older answer of a person, each first
    response counted is a bot's."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for hours, role in [(1, "bot")] * 20 + [(-5, "staff")] * 10:
        rows.thread(channel, [(hours, role)])
    figure = one(set_apart(measure(rows)), "bot_share", segment="bots", statistic="first_responses", **EVERY)

    assert cut(figure, "n", "n_events", "value") == (20, 20, 1)
    assert left_out(figure) == "Excluded: 10 answered before they were asked."


def _answered(rows: Rows, channel: str, role: str, actor: str, stated: str | None = None, hours: float = 1) -> None:
    """A thread with one answer; `stated` is what the source's own rules made of its author, `role` what we make of
    them."""
    age_hours = 720 + 168 * len(rows.tables["threads"])
    replies = [(hours, role, {"actor_id": actor, "author_role": stated or role})]
    rows.thread(channel, replies, age_hours=age_hours, source="github")


def _two_answers(rows: Rows, channel: str, first: str, stated: str | None = None) -> None:
    """A thread that `first` answers after an hour and a person of the staff after ten."""
    _answered(rows, channel, first, f"first-{first}", stated)
    rows.reply(rows.tables["threads"][-1], 10, "staff")


def test_other_rules_for_bots_reach_the_waits() -> None:
    """Of 40, 20 wait ten hours by the usual rule; 10 more where who answers at once is nobody, none where agents and
    bots are people."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.tables["channels"][-1]["source"] = "github"
    for _ in range(10):
        _two_answers(rows, channel, "outsider")
        _two_answers(rows, channel, "agent")
        _two_answers(rows, channel, "bot", stated="staff")
        _answered(rows, channel, "staff", "person", hours=3)
    known = {"source": "github", "is_often_prompt": True}
    rows.add("account_roles", actor_id="first-outsider", is_bot_by_behaviour=False, **known)
    rows.add("account_roles", actor_id="first-bot", is_bot_by_behaviour=True, **known)
    con = measure(rows)
    segments = ("anyone", "bots:strict", "bots:lenient")
    median = {name: one(con, "first_response_hours", segment=name, statistic="median", **EVERY) for name in segments}
    only = {
        name: one(con, "first_response_hours", segment=name, statistic="answered_only_median", **EVERY)
        for name in segments
    }
    at_once = {
        name: [
            one(con, "wait_estimates", wait="answer", statistic="share", segment=name, hours=hours, **EVERY)["value"]
            for hours in (2.0, 3.0, 10.0)
        ]
        for name in segments
    }

    # By the usual rule 10 wait an hour, 10 three and 20 ten; strictly 10 wait three and 30 ten; leniently 30 one and 10
    # three.
    assert {name: cut(row, "value", "n", "n_events") for name, row in median.items()} == {
        "anyone": (3, 40, 40), "bots:strict": (10, 40, 40), "bots:lenient": (1, 40, 40),
    }  # fmt: skip
    assert {name: row["value"] for name, row in only.items()} == {"anyone": 6.5, "bots:strict": 10, "bots:lenient": 1}
    assert at_once == {
        "anyone": pytest.approx([0.25, 0.5, 1]), "bots:strict": pytest.approx([0, 0.25, 1]),
        "bots:lenient": pytest.approx([0.75, 1, 1]),
    }  # fmt: skip


def test_who_is_answered_by_bots_alone_waits_by_the_strict_rule_and_not_by_the_lenient() -> None:
    """Of 41, 21 by people, 10 by an agent alone, 10 by one who answers at once; by an agent before it was asked is left
    out leniently."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.tables["channels"][-1]["source"] = "github"
    for number in range(20):
        _answered(rows, channel, "staff", f"person-{number}")
        _answered(rows, channel, *(("agent", "helper") if number < 10 else ("outsider", "prompt")))
    _answered(rows, channel, "agent", "helper", hours=-1)
    rows.thread(channel, [(1, "staff")], has_all_replies=False)
    rows.thread(channel, [(1, "staff")], author_role="bot")
    rows.add("account_roles", source="github", actor_id="prompt", is_bot_by_behaviour=False, is_often_prompt=True)
    con = measure(rows)
    answered = {
        name: one(con, "answered_share", segment=name, statistic="within_24h", **EVERY)
        for name in ("anyone", "bots:strict", "bots:lenient")
    }

    assert {name: cut(row, "n", "n_events", "value") for name, row in answered.items()} == {
        "anyone": (42, 31, pytest.approx(31 / 42)),
        "bots:strict": (42, 21, pytest.approx(21 / 42)),
        "bots:lenient": (41, 41, 1),
    }
    notes = {name: row["note"] for name, row in answered.items()}
    assert notes["bots:strict"] == notes["anyone"] == "Excluded: 1 opened by bots."
    assert notes["bots:lenient"] == f"Excluded: 1 answered before they were asked (clocks disagree). {notes['anyone']}"


def test_other_rules_for_bots_and_what_is_asked_are_for_own_channels_of_all_parts_together() -> None:
    """One part alone has no row of them, not even an empty one or for what was excluded; a family without channels has
    a hole."""
    rows = Rows()
    rows.family("bare")
    channel = rows.channel(rows.family("family"))
    shared = rows.channel("_shared", "runtime")
    for place in (channel, shared):
        rows.thread(place, [(1, "staff")], family_id="family", question_type="using it", language="en")
        rows.thread(place, family_id="family", has_all_replies=False, question_type="using it", language="en")
        rows.thread(place, family_id="family", author_role="bot")
    con = measure(rows)

    for metric, further in (
        ("answered_share", {"newcomer", "known", "with_me_too"}),
        ("first_response_hours", {"agent"}),
    ):
        found_ = [
            cut(row, "family_id", "channel_role", "segment") for row in found(con, metric, channel_kind="tracker")
        ]
        usual = {"anyone", "staff", "maintainer", "outsider", *further}
        assert {segment for family, role, segment in found_ if role in ("sdk", "runtime")} == usual
        assert {segment for family, role, segment in found_ if (family, role) == ("family", "all")} == usual | {
            "bots:strict", "bots:lenient", "type:using it", "language:en",
        }  # fmt: skip
        assert {segment for family, _, segment in found_ if family == "bare"} == usual | {"bots:strict", "bots:lenient"}
    assert (
        one(con, "answered_share", segment="bots:strict", statistic="within_7d", family_id="family", **EVERY)["n"] == 1
    )
