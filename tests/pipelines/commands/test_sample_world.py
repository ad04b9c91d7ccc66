"""The sample world is worth looking at: the board recovers what is planted, and its rows have what real ones have."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.claims import judging
from analytics.claims.reader import read_claims
from tests.dashboards.test_pages import figures
from tests.upstream.planted import families
from tests.upstream.planted.truths import TRUTHS
from tests.upstream.ready import NOW
from warehouse.database import warehouse_path
from warehouse.snapshot import SAMPLE, query, read_current

Rows = list[dict[str, Any]]
UNREAD = """
select distinct claim_id from metrics.claim_tests
where left_out = 'none' and verdict = 'cannot be read'
"""
"""The claims of which a test rests on a reader below its gate."""
ANSWERED = """
select * from metrics.family_ranks
where metric = 'answered_share' and segment = 'anyone' and statistic = 'within_7d' and channel_kind = 'tracker'
    and "window" = '365d'
"""
UNREADABLE = """
select distinct family_id, state, value from metrics.uptime_share where family_id in ('mistral-api', 'sonar')
"""
EDITED = """
select family_id, value from metrics.disclosure_share
where statistic = 'edited_start' and segment = 'all' and channel_role = 'all' and "window" = '365d'
    and state = 'measured'
"""
PROMPT = f"""
select segment, value from metrics.answered_share
where family_id = '{families.PROMPT}' and channel_kind = 'tracker' and channel_role = 'all' and "window" = '365d'
    and statistic = 'within_24h'
"""


@pytest.fixture(scope="module")
def ask(sample_home: Path) -> Any:
    """Gives the rows of a query on the sample world."""
    snapshot = read_current(sample_home)
    assert snapshot is not None and snapshot.is_sample

    def rows(sql: str) -> Rows:
        found: Rows = query(snapshot, sql).to_pylist()
        return found

    return rows


def test_the_board_recovers_what_is_planted(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on the board knows the truths: the same estimators judge rows that the same collectors landed. Readers of
    texts are taken at their word here, since the labels say how well they read real texts."""
    monkeypatch.setattr(judging, "find_failed_readers", lambda connection, test: ())
    with duckdb.connect(str(warehouse_path(sample_home / SAMPLE)), read_only=True) as connection:
        claims = read_claims()
        tests = [(one.claim.id, one.outcome) for one in judging.judge_tests(connection, claims)]
    decisions = judging.decide_claims({claim.id: claim.rule for claim in claims}, tests)
    verdicts = {claim: decision.verdict for claim, decision in decisions.items()}

    assert verdicts == {truth.claim: truth.verdict for truth in TRUTHS}
    assert {"holds", "refuted", "mixed", "cannot be observed"} == set(verdicts.values())


def test_what_readers_cannot_tell_is_not_judged(ask: Any) -> None:
    """The board as published: what is planted, unless a test rests on a reader below its gate on either side. Whether
    those who ask were helped is such a reading, and so is whether answers hold code."""
    verdicts = {row["claim_id"]: row["verdict"] for row in ask("select claim_id, verdict from metrics.claim_verdicts")}
    touched = {row["claim_id"] for row in ask(UNREAD)}

    assert touched == {"h2", "h6", "h7"}
    assert [truth for truth in TRUTHS if verdicts[truth.claim] != truth.verdict and truth.claim not in touched] == []
    assert verdicts["h2"] == verdicts["h7"] == "cannot be read"


def test_what_is_planted_hangs_on_no_single_family(ask: Any) -> None:
    """A truth about sides is not one about a family; one that lost a test to its reader may come to be."""
    turned = ask(
        "select claim_id, sensitivity_note from metrics.claim_verdicts where sensitivity_note like '%changes:%'"
    )
    touched = {row["claim_id"] for row in ask(UNREAD)}

    assert [row for row in turned if row["claim_id"] not in touched] == []


def test_what_once_misled_is_planted_and_is_seen_through(ask: Any, sample_home: Path) -> None:
    """A family that answers nobody, a feed that stopped, a page that edits its starts, and a bot with a human name."""
    (silent, *_) = sorted(ask(ANSWERED), key=lambda row: row["adjusted_value"])
    assert silent["family_id"] == families.SILENT and silent["rank"] == silent["families_count"] > 20
    assert silent["adjusted_value"] < 0.05

    (stopped,) = ask(
        "select family_id from staging.warnings join staging.channels using (channel_id)"
        " where warning_kind = 'posting stopped'"
    )
    posted = {row["family_id"]: row for row in _get_rows(sample_home)}
    assert posted[stopped["family_id"]]["state"] == "not observable" and posted[stopped["family_id"]]["value"] is None
    unread = ask(UNREADABLE)
    assert [(row["state"], row["value"]) for row in unread] == [("not observable", None)] * 2, "as the catalog says"

    edited = {row["family_id"]: row["value"] for row in ask(EDITED)}
    assert edited.pop("kimi") > 0.2 and set(edited.values()) == {0}
    assert ask("select count(*) as n from metrics.incident_windows where started_at > posted_at") == [{"n": 0}]

    answered = {row["segment"]: row["value"] for row in ask(PROMPT)}
    assert answered["bots:lenient"] == 1 and answered["anyone"] == answered["bots:strict"] < 0.6


def _get_rows(home: Path) -> Rows:
    (uptime,) = [figure for figure in figures(home, "reliability/reliability.py") if figure.name == "uptime"]
    return [dict(row) for row in uptime.rows]


def test_cookbooks_and_runtimes_have_figures_of_their_own(ask: Any, sample_home: Path) -> None:
    """Cookbooks are compared with cookbooks; threads of runtimes count for the families that they name."""
    roles = ask("select distinct channel_role as role, side from metrics.answered_share where state = 'measured'")
    with duckdb.connect(str(warehouse_path(sample_home / SAMPLE)), read_only=True) as connection:
        named = connection.execute("select distinct family_id from staging.attributions").fetchall()

    assert {row["side"] for row in roles if row["role"] == "examples"} == {"open", "proprietary"}
    assert {"role": "model", "side": "proprietary"} not in roles
    assert len(named) > 20


def test_a_fix_comes_after_its_question(ask: Any) -> None:
    """Otherwise nobody could say what a repair is worth."""
    ((fixes, early),) = [
        (row["fixes"], row["early"])
        for row in ask(
            "select count(fixed_at) as fixes, count(*) filter (where fixed_at <= opened_at) as early"
            " from staging.threads"
        )
    ]

    assert fixes > 300 and early == 0


def test_most_status_pages_give_ends_and_severities(ask: Any) -> None:
    """A range as wide as the scale tells nothing; some pages do tell nothing more."""
    rows = ask(
        "select value, high - low as width from metrics.uptime_share where statistic = 'weighted' and segment = 'api'"
        " and \"window\" = '90d' and channel_role = 'all' and state = 'measured'"
    )
    ends = ask(
        "select avg(cast(is_end_unknown as integer)) as share from metrics.incident_windows where is_disturbance"
    )

    assert len(rows) > 10 and sum(row["value"] is not None for row in rows) > 0.6 * len(rows)
    assert ends[0]["share"] < 0.15


def test_what_was_read_by_hand_was_read_lately(ask: Any) -> None:
    """Offers and licences that were read a year before make a page look dead."""
    days = [row["as_of_on"] for row in ask("select as_of_on from staging.facts")]
    late = [day for day in days if day < NOW.date() - timedelta(days=60)]

    assert max(days) <= NOW.date() and 0 < len(late) < len(days) / 2, "an old reading shows how pages mark it"


@pytest.mark.parametrize("table", ["staging.threads", "staging.replies", "metrics.incident_windows", "staging.notices"])
def test_links_lead_to_nobody(ask: Any, table: str) -> None:
    """What is made up may not lead to somebody's real words, nor to a port of the reader's own machine."""
    hosts = ask(f"select distinct regexp_extract(url, '^https?://([^/]+)', 1) as host from {table} where url <> ''")

    assert hosts and all(row["host"].endswith(".example") for row in hosts)
