"""Hand-made worlds for the board: of two kinds of families, one as the essay says of open ones, one as it says of
proprietary ones."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tests.worlds.rows import NOW, Row, Rows

PRICES = "_shared.prices"
FAMILIES = 4
"""A side: without any one of them three are left, which is just enough."""
ROLES = ("sdk", "sdk")
DEEP = {"has_code": True, "words_count": 90}
SHALLOW = {"has_code": False, "words_count": 9}
SOLVED = {"has_solved": True, "has_thanks": True}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a family is like."""

    licence: str
    usd: float
    parameters: int
    providers: int
    controls: int
    methods: tuple[str, ...]
    setup_of_ten: int
    questions: int
    """Threads of the last month."""
    slow_of_ten: int
    """Threads that are answered slowly, deeply and by strangers; the others quickly, shallowly and by staff."""
    changed_of_ten: int
    """Derived models that are changed and not only packed smaller."""
    downloads: int
    """Of its package, a day."""


OPEN = Kind("apache-2.0", 0.5, 8_000_000_000, 6, 20, ("weights", "supervised", "preference"), 6, 40, 10, 8, 200)
CLOSED = Kind("cc-by-nc-4.0", 5.0, 400_000_000_000, 0, 4, ("supervised",), 4, 10, 0, 2, 1000)


LIKE_OPEN = replace(OPEN, setup_of_ten=5, slow_of_ten=6)
LIKE_CLOSED = replace(CLOSED, setup_of_ten=4, slow_of_ten=5)
"""Alike but for one thread in ten."""


def world(
    opens: tuple[Kind, ...],
    closeds: tuple[Kind, ...],
    families: int = FAMILIES,
    threads: int = 220,
    roles: tuple[str, str] = ROLES,
) -> Rows:
    """So many families a side, whose kinds take turns, and the role of each side's trackers. Of 220 threads enough are
    answered to say how few people answer half."""
    rows = Rows()
    rows.channel("_shared", "prices", "prices")
    rows.tables["channels"][-1]["channel_id"] = rows.tables["collections"][-1]["channel_id"] = PRICES
    for side, kinds, role in (("open", opens, roles[0]), ("proprietary", closeds, roles[1])):
        for number in range(families):
            add_family(rows, f"{side}-{number}", side, kinds[number % len(kinds)], threads, role)
    return rows


def add_family(rows: Rows, family: str, side: str, kind: Kind, threads: int, role: str = "sdk") -> None:
    """A family with its models, prices, offers, packages and threads."""
    rows.family(family, side)
    _add_offers(rows, family, kind)
    tracker = rows.channel(family, role)
    for number in range(threads):
        add_thread(rows, tracker, kind, number, age_hours=1000 + 100 * (number // 10))
    for number in range(kind.questions):
        add_thread(rows, tracker, kind, number, age_hours=200 + 500 * number / kind.questions)


def add_thread(rows: Rows, tracker: str, kind: Kind, number: int, age_hours: float) -> None:
    """One thread; of ten in a row each is of its own fate."""
    fate = number % 10
    about = "getting it to run" if (3 * fate) % 10 < kind.setup_of_ten else "something broke"
    cells: Row = {"question_type": about, "language": "en", "reader_version": 2, "has_all_replies": True}
    opened_at = NOW - timedelta(hours=age_hours)
    if (7 * fate) % 10 >= kind.slow_of_ten:
        closed = _closed(opened_at, 6, "staff", "completed") | _fixed(opened_at, 5, "staff")
        rows.thread(tracker, [(2, "staff", SHALLOW | {"actor_id": "desk"})], age_hours=age_hours, **cells, **closed)
        return
    wait = 100 if age_hours < 720 or fate < 5 else 300
    if fate < 3:
        rows.thread(tracker, [(wait, "outsider", DEEP), (wait + 1, "asker", SOLVED)], age_hours=age_hours, **cells)
    elif fate < 7:
        closed = _closed(opened_at, wait + 6, "maintainer", "completed")
        closed |= _fixed(
            opened_at, wait + 5, "maintainer" if fate == 6 else "outsider", f"stranger-{len(rows.tables['threads'])}"
        )
        rows.thread(tracker, [(wait, "outsider", DEEP)], age_hours=age_hours, **cells, **closed)
    elif fate == 7:
        rows.thread(tracker, [(wait, "outsider", DEEP)], age_hours=age_hours, **cells)
    else:
        rows.thread(tracker, [], age_hours=age_hours, **cells, **_closed(opened_at, 150, "bot", "stale"))


def _closed(opened_at: Any, hours: float, role: str, reason: str) -> Row:
    at = opened_at + timedelta(hours=hours)
    return {"state": "closed", "closed_at": at, "first_closed_at": at, "closed_by_role": role, "close_reason": reason}


def _fixed(opened_at: Any, hours: float, role: str, who: str = "desk") -> Row:
    at = opened_at + timedelta(hours=hours)
    return {
        "fixed_at": at,
        "fixed_by_id": who,
        "fixed_by_role": role,
        "fix_url": f"https://example.org/{who}/{at:%Y%m%d%H}",
    }


def _add_offers(rows: Rows, family: str, kind: Kind) -> None:
    hub, packages = rows.channel(family, "hub", "hub"), rows.channel(family, "packages", "packages")
    rows.add(
        "models_daily", model_id=f"{family}/one", channel_id=hub, family_id=family, day_on=NOW.date(), seen_at=NOW,
        gated="no",
        licence=kind.licence, parameters=kind.parameters, live_providers_count=kind.providers, downloads_30d=10_000,
        finetunes=10 * kind.changed_of_ten, adapters=0, merges=0, quantized=100 - 10 * kind.changed_of_ten,
    )  # fmt: skip
    for day in range(30):
        rows.add(
            "packages_daily", channel_id=packages, family_id=family, package_name=family,
            downloads_count=kind.downloads, downloaded_on=NOW.date() - timedelta(days=day),
        )  # fmt: skip
    names = [f"parameter-{number}" for number in range(kind.controls)]
    rows.add(
        "listed_models", listed_id=f"{family}/one", channel_id=PRICES, family_id=family, canonical_id=f"{family}/one",
        supported_names=names, context_tokens=131_072, input_kinds=["text"], hub_id=f"{family}/one",
        priced_on=NOW.date(), input_usd=kind.usd, output_usd=3 * kind.usd,
    )  # fmt: skip
    for method in kind.methods:
        rows.add(
            "facts", family_id=family, fact_kind="fine-tuning", fact_words="Offered", tuning_method=method,
            url="https://example.org/",
            as_of_on=date(2026, 11, 1), is_stale=False,
        )  # fmt: skip
