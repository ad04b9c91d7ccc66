"""Which line of the table of coverage stands for the interval of each published statistic, or why none does."""

from collections.abc import Iterator

from analytics.engine.models import Model

COUNTED = "counted in full: low and high are the value"
BOUNDED = "bounds of what is not known; nothing is left to chance"
REASONS = {COUNTED, BOUNDED}
RATE, WAIT = "rate of incidents", "median wait"
SHARE, ENDED = "share answered in a week", "share ended in one way in a month"
KINDS = {
    "answerer_absence_factor": COUNTED,
    **dict.fromkeys(
        (f"{name}_absence_factor half_of_100" for name in ("answerer", "contributor")),
        "people behind half of 100 answers",
    ),
    "change_closure_ratio": "changes closed by changes proposed",
    "closure_gap_share": "closed minus helped",
    "disclosure_points": "points of disclosure",
    "newcomer_penalty_share": "newcomers answered minus others",
    "answered_share within_30d": "share answered in a month",
    "first_response_hours": WAIT,
    "first_response_hours p80": "wait of the slowest fifth",
    "first_response_hours rmst_7d": "mean wait within a week",
    **dict.fromkeys(("uptime_share", "naive_uptime_share", "uptime_days_share"), BOUNDED),
    **dict.fromkeys(("incident_rate", "new_people_rate"), RATE),
    "answered_share": SHARE,
    **dict.fromkeys(("naive_answer_hours", "recovery_hours", "release_gap_days", "supported_lifetime_days"), WAIT),
    **dict.fromkeys(("first_response_by_share", "outsider_merge_share", "resolved_share"), ENDED),
    "resolution_hours": "time until a quarter ended in one way",
    **dict.fromkeys(
        (
            "changed_derivative_share", "contributor_absence_factor", "control_surface_count",
            "derivative_rate", "gated_share", "hosts_count", "incident_severity_count",
            "licence_class", "like_price_ratio", "likes_count", "model_derivatives", "model_downloads",
            "moved_dates_count", "package_downloads", "price_usd", "relative_adoption_ratio",
            "release_regularity_ratio", "smallest_memory_gib", "stars_count", "tuning_offers_count",
            "weight_freedom_points",
        ),
        COUNTED,
    ),
}  # fmt: skip
"""By metric, or by metric and statistic where one differs from the others."""


def list_kinds(model: Model) -> Iterator[tuple[str, str]]:
    """Lists the statistics of a public metric with the line, or the reason, for each."""
    name, header = model.path.stem, model.header
    for statistic in header.statistics:
        if header.shape == "median":
            kind = "median notice"
        elif header.shape == "share":
            by_answerer = "share of answers" if header.cluster else "share"
            kind = f"{by_answerer} put right by labels" if statistic in header.readings else by_answerer
        else:
            kind = KINDS.get(f"{name} {statistic}") or KINDS.get(name, "")
        yield f"{name} {statistic}", kind
