"""The worlds in which each kind of published interval is tried, and how often it held the truth before clusters, runs,
reader errors and missing replies were in it."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import NormalDist

from tests.coverage import draws, product
from tests.coverage.case import Case
from tests.coverage.counts import list_counts
from tests.coverage.differences import list_differences
from tests.coverage.draws import Rng
from tests.coverage.product import Interval
from tests.coverage.sides import list_sides

CLUSTERED = ((40, 4, 0.2, "88.8"), (20, 8, 0.1, "88.1"), (12, 20, 0.05, "83.0"), (5, 20, 0.05, ""))
"""Clusters, their size, how alike their items are, and the coverage in the review of 2026-11-26."""

READ_IN_ANSWERS = (("code", 0.25, (0.86, 0.97)), ("source", 0.15, (0.97, 0.97)), ("depth", 0.05, (0.84, 0.98)))
"""What rules read in a thread's answers, how often, and how well by labels of whole threads of trackers."""
FEWEST = 5
FEW_WEEKS = "of five weeks nobody can tell how alike they are: an assumption stands in, and Student's quantile is wide"
THREE_MONTHS = (
    "three months hardly tell a calm rate from one that varies by half: at 6 a month none of 160 variants held at most "
    "98 of the one and at least 93 of the other (98 and 92, or 99 and 94)"
)


def list_cases() -> list[Case]:
    """Lists all cases, in the order of the table."""
    return [*list_shares(), *list_waits(), *list_rates(), *list_medians(), *list_counts(),
            *list_differences(), *list_sides()]  # fmt: skip


def _draw(count: int, draw: Callable[[], list[draws.Row]]) -> list[list[draws.Row]]:
    return [draw() for _ in range(count)]


def list_shares() -> Iterator[Case]:
    """Lists shares of items: alone, in weeks, by answerer, and partly unseen."""

    def run(rng: Rng, count: int, sizes: Sequence[float], share: float, name: str = "cluster_id") -> list[Interval]:
        clusters, size, likeness = int(sizes[0]), int(sizes[1]), sizes[2]
        worlds = _draw(count, lambda: draws.draw_shares(rng, clusters, size, likeness, share, name))
        return product.read_items("share", worlds, "answerer" if name == "answerer_id" else "")

    def run_unseen(rng: Rng, count: int) -> list[Interval]:
        return product.read_items("share", _draw(count, lambda: draws.draw_unseen(rng, 200, 0.3, 0.03)))

    def run_read(rng: Rng, count: int, items: int) -> list[Interval]:
        return product.read_rectified([draws.draw_readings(rng, items, 132, 0.2, 0.7, 0.86) for _ in range(count)])

    def run_answers(rng: Rng, count: int, share: float, rule: tuple[float, float]) -> list[Interval]:
        worlds = (draws.draw_shares(rng, 12, 20, 0.05, share, "answerer_id") for _ in range(count))
        return product.read_rectified([draws.read_by_rule(rng, rows, 75, share, rule) for rows in worlds], "answerer")

    for items in (20, 60, 200):
        for share in (0.1, 0.5):
            name = f"{items} independent, {share:.0%} yes"
            yield Case("share", name, share, partial(run, sizes=(items, 1, 0), share=share), "92.5 to 97.5")
    for clusters, size, likeness, before in CLUSTERED:
        for share in (0.1, 0.3):
            name = f"{clusters} weeks of {size}, likeness {likeness:g}, {share:.0%} yes"
            runner = partial(run, sizes=(clusters, size, likeness), share=share)
            yield Case("share", name, share, runner, before, 2, FEW_WEEKS if clusters == FEWEST else "")
    yield Case(
        "share of answers", "12 answerers of 20, likeness 0.05, 30% yes", 0.3,
        partial(run, sizes=(12, 20, 0.05), share=0.3, name="answerer_id"), "83.0", 2,
    )  # fmt: skip
    for items, before in ((60, "83"), (200, "59"), (1000, "4")):
        words = f"{items} read by a rule (sensitivity 0.70, specificity 0.86), 132 labels, 20% yes"
        yield Case("share put right by labels", words, 0.2, partial(run_read, items=items), before, 1 + items // 100)
    for what, share, rule in READ_IN_ANSWERS:
        words = f"12 answerers of 20, likeness 0.05, {what} (sensitivity {rule[0]:.2f}, specificity {rule[1]:.2f}), "
        runner = partial(run_answers, share=share, rule=rule)
        yield Case("share of answers put right by labels", f"{words}75 labels, {share:.0%} yes", share, runner, "", 2)
    yield Case("share", "200, of which 3% unseen, all of them yes", 0.3, run_unseen, "", 2)


def list_waits() -> Iterator[Case]:
    """Lists waits: share by a week, median and mean; and ways of ending."""

    def run(rng: Rng, count: int, sizes: tuple[int, int, float], never: float, statistic: str) -> list[Interval]:
        return product.read_waits([draws.draw_waits(rng, *sizes, never) for _ in range(count)], statistic)

    def run_ends(
        rng: Rng, count: int, sizes: tuple[int, int, float], share: float, statistic: str = "720"
    ) -> list[Interval]:
        return product.read_endings([draws.draw_endings(rng, *sizes, share) for _ in range(count)], statistic)

    alone = (("93.9 to 96.1", "168"), ("94.5 to 96.9", "median"), ("92.1 to 93.2", "rmst_7d"))
    titles = {"168": "share answered in a week", "median": "median wait", "rmst_7d": "mean wait within a week"}
    for sizes, is_alone in (
        ((25, 1, 0.0), True),
        ((100, 1, 0.0), True),
        ((12, 20, 0.05), False),
        ((20, 8, 0.1), False),
    ):
        for before, statistic in alone:
            never = 0.25
            words = f"{sizes[0]} independent" if is_alone else f"{sizes[0]} weeks of {sizes[1]}, likeness {sizes[2]:g}"
            yield Case(
                titles[statistic], f"{words}, {never:.0%} never", draws.find_wait_truth(never, statistic),
                partial(run, sizes=sizes, never=never, statistic=statistic),
                before if is_alone and (sizes[0] < 100 or statistic != "rmst_7d") else "", 2 if is_alone else 4,
            )  # fmt: skip
    yield from list_young_waits()
    for sizes, is_alone in (((100, 1, 0.0), True), ((12, 20, 0.05), False)):
        words = f"{sizes[0]} independent" if is_alone else f"{sizes[0]} weeks of {sizes[1]}, likeness {sizes[2]:g}"
        yield Case(
            "wait of the slowest fifth", f"{words}, 5% never", draws.find_wait_truth(0.05, "p80"),
            partial(run, sizes=sizes, never=0.05, statistic="p80"), "", 4,
        )  # fmt: skip
    for sizes in ((60, 1, 0.0), (12, 20, 0.05), (20, 8, 0.1)):
        words = f"{sizes[0]} independent" if sizes[1] == 1 else f"{sizes[0]} weeks of {sizes[1]}, likeness {sizes[2]:g}"
        truth = 0.4 * (1 - math.exp(-720 / 200))
        yield Case("share ended in one way in a month", words, truth, partial(run_ends, sizes=sizes, share=0.4), "", 4)
        if sizes[0] < 20 or sizes[1] == 1:
            quarter = -200 * math.log(1 - 0.25 / 0.4)
            runner = partial(run_ends, sizes=sizes, share=0.4, statistic="p25")
            yield Case("time until a quarter ended in one way", words, quarter, runner, "", 4)


def list_young_waits() -> Iterator[Case]:
    """Lists shares by a month where few are watched for so long, so that the last of them may be answered by then."""

    def run(rng: Rng, count: int, items: int) -> list[Interval]:
        return product.read_waits([draws.draw_young_waits(rng, items) for _ in range(count)], "720")

    truth = NormalDist(math.log(draws.SLOW_HOURS), draws.SLOW_SPREAD).cdf(math.log(720))
    for items, before in ((30, ""), (100, "77")):
        words = f"{items} independent, watched for up to 37 days, 5% wait longer"
        yield Case("share answered in a month", words, truth, partial(run, items=items), before, 4)


def list_rates() -> Iterator[Case]:
    """Lists rates of incidents: one by one, in runs, and at a rate that varies by month."""

    def run(rng: Rng, count: int, months: int, a_month: float, size: float, variation: float) -> list[Interval]:
        worlds = [[*draws.draw_incidents(rng, months, a_month, size, variation)] for _ in range(count)]
        return product.read_rates([[day for day in world if day < 30 * months] for world in worlds], 30.0 * months)

    for months, a_month, size, variation, before in (
        (12, 0.5, 1.0, 0.0, "96.3"), (12, 20 / 12, 1.0, 0.0, "95.6"), (3, 2.0, 1.0, 0.0, "96.3"),
        (3, 6.0, 1.0, 0.0, ""), (3, 2.0, 1.0, 0.5, ""),
        (12, 2.0, 1.5, 0.0, "86 to 88"), (12, 2.0, 2.5, 0.0, "74"), (3, 6.0, 2.5, 0.0, "74"),
        (3, 6.0, 1.0, 0.5, "78.8"), (12, 6.0, 1.0, 0.5, ""),
    ):  # fmt: skip
        words = [f"{months} months, {a_month:.2g} a month"]
        words += [f"in runs of {size:g}"] if size > 1 else []
        words += [f"the rate varies by {variation:.0%}"] if variation else []
        runner = partial(run, months=months, a_month=a_month, size=size, variation=variation)
        why = THREE_MONTHS if months < FEWEST and size == 1 else ""
        yield Case("rate of incidents", ", ".join(words), a_month, runner, before, 4, why)


def list_medians() -> Iterator[Case]:
    """Lists medians of notice, of models that announcements end together."""

    def run(rng: Rng, count: int, batches: int, size: int) -> list[Interval]:
        return product.read_items("median", _draw(count, lambda: draws.draw_batches(rng, batches, size)))

    for batches, size, before in ((24, 1, "97.8"), (20, 2, ""), (40, 3, ""), (6, 4, "78"), (3, 8, "75")):
        words = f"{batches * size} models in {batches} announcements"
        yield Case("median notice", words, 120.0, partial(run, batches=batches, size=size), before)
