"""Figures recomputed from the conformed tables: items, windows, roles, clusters and estimators in other code."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from tests.tools.reckonings import rate_limits, weigh_variation
from tests.tools.recomputation.estimators import (
    DAYS,
    Limits,
    Line,
    fit_curve,
    median,
    quantile,
    read_off,
    select,
    share,
    split_unseen,
)
from tests.tools.recomputation.staged import Staged, measure_hours

RUN_HOURS, RULE_DAYS = 6.0, 7.0


def recompute(staged: Staged) -> Iterator[Line]:
    """Recomputes all metrics that can be made from the conformed tables here."""
    yield _compare(staged, "open_age_days", "median", staged.list_open().assign(is_unseen=False), median)
    yield _compare(staged, "staff_answer_share", "first", staged.list_staff(), share)
    yield _compare(staged, "staff_answer_share", "all", staged.list_answers_by_staff(), share)
    for statistic in ("threads", "replies", "first_responses"):
        for role in ("bot", "agent"):
            items = staged.list_bots(statistic, role)
            yield _compare(staged, "bot_share", statistic, items, share, f"{role}s")
    yield from _compare_waits(staged)
    yield from _compare_gaps(staged)
    yield from _compare_counts(staged)
    yield _compare_rates(staged)
    yield _compare_ratios(staged)


def _read_figures(staged: Staged, metric: str, statistic: str, segment: str = "all") -> Iterator[Any]:
    """Reads published figures with a value, but for times that some unseen items widen."""
    rows = staged.con.execute(
        f"select * from metrics.{metric} where state = 'measured' and statistic = ? and segment = ?"
        " and (unit = 'share' or not regexp_matches(coalesce(note, ''), '(was|were) not seen|it is not known'))",
        [statistic, segment],
    ).df()
    yield from rows.itertuples()


def _compare(
    staged: Staged,
    metric: str,
    statistic: str,
    items: pd.DataFrame,
    compute: Callable[[pd.DataFrame, list[str]], Limits],
    segment: str = "all",
) -> Line:
    line = Line(f"{metric} {statistic}" + (f" {segment}" if segment != "all" else ""))
    groups = dict(tuple(items.groupby(["family_id", "channel_kind"])))
    for row in _read_figures(staged, metric, statistic, segment):
        line.take(row, compute(select(groups[row.family_id, row.channel_kind], row), ["cluster"]))
    return line


def _compare_waits(staged: Staged) -> Iterator[Line]:
    statistics = {
        "answered_share": ("within_24h", "within_7d", "within_30d"),
        "first_response_hours": ("median", "p80", "rmst_7d"),
    }
    for segment in ("anyone", "staff", "outsider"):
        groups = dict(tuple(staged.list_waits(segment).groupby(["family_id", "channel_kind"])))
        for metric, names in statistics.items():
            for statistic in names:
                line = Line(f"{metric} {statistic} {segment}")
                for row in _read_figures(staged, metric, statistic, segment):
                    chosen, part = split_unseen(select(groups[row.family_id, row.channel_kind], row))
                    line.take(row, read_off(fit_curve(chosen), statistic, part))
                yield line


def _compare_gaps(staged: Staged) -> Iterator[Line]:
    groups = dict(tuple(staged.list_gaps().groupby(["family_id", "channel_kind", "segment"])))
    for statistic, level in (("p25", 0.25), ("median", 0.5), ("p75", 0.75)):
        line = Line(f"release_gap_days {statistic}")
        for segment in ("stable", "pre-release"):
            for row in _read_figures(staged, "release_gap_days", statistic, segment):
                chosen = select(groups[row.family_id, row.channel_kind, segment], row)
                hours = quantile(fit_curve(chosen), level)
                line.take(row, tuple(None if end is None else end / 24 for end in hours))  # type: ignore[arg-type]
        yield line
    line = Line("release_regularity_ratio variation")
    for segment in ("stable", "pre-release"):
        for row in _read_figures(staged, "release_regularity_ratio", "variation", segment):
            chosen = select(groups[row.family_id, row.channel_kind, segment], row)
            gaps = chosen.duration_hours[chosen.is_event].to_numpy(float)
            line.take(row, (float(gaps.std() / gaps.mean()),) * 3)
    yield line


def _compare_counts(staged: Staged) -> Iterator[Line]:
    """Stars and likes: the newest count of each repository and model."""
    stars = staged.read("repositories_daily")
    stars = stars[stars.family_id.notna() & stars.stars.notna()].sort_values("day_on").groupby("channel_id").tail(1)
    line = Line("stars_count level")
    for row in _read_figures(staged, "stars_count", "level"):
        of_family = stars[stars.family_id.eq(row.family_id)]
        of_role = of_family[of_family.channel_role.eq(row.channel_role) | (row.channel_role == "all")]
        line.take(row, (float(of_role.stars.sum()),) * 3)
    yield line
    models = staged.read("models_daily")
    models = models[models.family_id.notna()].sort_values("day_on")
    newest = models.groupby("channel_id").day_on.transform("max")
    models = models.assign(newest_on=newest).groupby(["channel_id", "model_id"]).tail(1)
    models = models[(pd.to_datetime(models.newest_on) - pd.to_datetime(models.day_on)).dt.days <= RULE_DAYS]
    line = Line("likes_count level")
    for row in _read_figures(staged, "likes_count", "level"):
        line.take(row, (float(models.likes[models.family_id.eq(row.family_id)].sum()),) * 3)
    yield line


def list_incidents(staged: Staged) -> pd.DataFrame:
    """Lists disturbances within the observed time of their page, with the run that each is of."""
    pages = staged.read("status_pages").set_index("channel_id")
    rows = staged.read("incidents")
    rows = rows.assign(
        began_at=rows.started_at.fillna(rows.posted_at), from_at=rows.channel_id.map(pages.observed_from_at),
        until_at=rows.channel_id.map(pages.observed_until_at),
    ).sort_values(["channel_id", "began_at", "incident_id"])  # fmt: skip
    is_first = ~measure_hours(rows.groupby("channel_id").began_at.shift(), rows.began_at).le(RUN_HOURS)
    rows["cluster"] = rows.channel_id + is_first.groupby(rows.channel_id).cumsum().astype(str)
    until = rows[["until_at", "seen_at"]].max(axis=1)
    rows["age_days"] = measure_hours(rows.began_at, until) / 24
    rows["page_days"] = measure_hours(rows.from_at, rows.until_at) / 24
    is_bad = rows.kind.isin(["outage", "degraded", "third-party"]) & ~rows.is_brief.fillna(False).astype(bool)
    is_observed = rows.posted_at.gt(rows.from_at) & rows.age_days.between(0, rows.page_days) & rows.page_days.gt(0)
    counted: pd.DataFrame = rows[is_bad & is_observed]
    return counted


def _compare_rates(staged: Staged) -> Line:
    """Incidents in 30 days on all pages of a family, with the dispersion of months and runs."""
    # Student's quantile is in the dispersion twice, so that its approximation counts double.
    line, incidents, pages = (
        Line("incident_rate all", (1e-9, 3e-3)),
        list_incidents(staged),
        staged.read("status_pages"),
    )
    pages = pages.assign(days=measure_hours(pages.observed_from_at, pages.observed_until_at) / 24)
    for row in _read_figures(staged, "incident_rate", "per_30d"):
        own, watched = incidents[incidents.family_id.eq(row.family_id)], pages[pages.family_id.eq(row.family_id)].days
        days = float(watched[watched > 0].clip(upper=DAYS[row.window]).sum())
        count, longest = int((own.age_days <= DAYS[row.window]).sum()), float(watched.max())
        low, high = _limit(own, count, longest)
        line.take(row, tuple(number / days * 30 for number in (count, low, high)))  # type: ignore[arg-type]
    return line


def _limit(events: pd.DataFrame, count: int, longest: float) -> tuple[float, float]:
    months = int(min(12, max(1, longest // 30)))
    sizes = [int((events.age_days // 30 == month).sum()) for month in range(months)]
    runs = events.groupby("cluster").size().to_numpy(float)
    burst = float((runs**2).sum() / runs.sum()) if len(runs) else 1.0
    if not len(events):
        return rate_limits(0, [0], 1.0, longest)
    by_chance = 2 * np.exp(0.25 * len(events) / longest) - 1
    # That function takes chance from the months alone; older events count for it too.
    burst *= (2 * np.exp(0.25 * sum(sizes) / longest) - 1) / by_chance
    return rate_limits(count, sizes, burst, longest)


def _compare_ratios(staged: Staged) -> Line:
    """Changes closed by changes proposed."""
    line, rows = Line("change_closure_ratio closed_by_opened"), staged.read("changes")
    pulls = staged.visits[staged.visits.thing.eq("pulls")].groupby("channel_id")
    seen = rows.channel_id.map(pulls.visited_at.max()).fillna(rows.seen_at)
    read = (pulls.visited_at.max() - pulls.reach_at.max()).dt.total_seconds() / 86_400
    rows = rows.assign(read=rows.channel_id.map(read).fillna(1e6))
    rows = rows.assign(opened=measure_hours(rows.opened_at, seen) / 24, closed=measure_hours(rows.closed_at, seen) / 24)
    for segment in ("all", "people"):
        of_segment = rows if segment == "all" else rows[~rows.author_role.isin(["bot", "agent"])]
        for row in _read_figures(staged, "change_closure_ratio", "closed_by_opened", segment):
            own = of_segment[of_segment.family_id.eq(row.family_id)]
            own = own[own.channel_role.eq(row.channel_role) | (row.channel_role == "all")]
            is_in, is_out = own.opened.le(DAYS[row.window]), own.closed.le(DAYS[row.window])
            ratio, closed = is_out.sum() / is_in.sum(), float(is_out.sum())
            squares = float(((is_out.astype(float) - ratio * is_in.astype(float)) ** 2).sum())
            across = float((is_out & ~is_in).sum())
            reach = 1.959963984540054 * np.sqrt(squares + 1 + 2 * _vary_by_month(own) * across**2) / closed
            line.take(row, (float(ratio), float(ratio * np.exp(-reach)), float(ratio * np.exp(reach))))
    return line


def _vary_by_month(changes: pd.DataFrame) -> float:
    """Squared coefficient of variation of the proposals of a month, without what chance adds, with four months more of
    30 %, as far as that is likely."""
    months = int(min(12, changes.opened.max() // 30, (changes.read.min() + 1) // 30))
    sizes = np.array([(changes.opened // 30 == month).sum() for month in range(months)], float)
    if months < 6 or not sizes.any():
        return 0.3**2
    mean, deviance = sizes.mean(), (months - 1) * sizes.var(ddof=1) / sizes.mean()
    likely = 0.3**2 * weigh_variation(1 + 0.3**2 * mean, deviance, months - 1)
    return float(max(0, ((deviance - months + 1) / mean + 4 * likely) / (months + 3)))
