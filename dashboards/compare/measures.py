"""What single figures are called in plain words: one statistic of one metric, as boards and comparisons name it."""

from collections.abc import Mapping
from typing import Any

TITLES = {
    ("answered_share", "within_24h"): "answered within 24 hours",
    ("answered_share", "within_7d"): "answered within a week",
    ("never_answered_share", "in_30d"): "not answered within 30 days",
    ("helped_share", "any"): "helped within 30 days",
    ("closed_unhelped_share", "bot_closed_unanswered"): "closed by a bot or as unwanted, unanswered",
    ("code_answer_share", "any"): "answers that hold code",
    ("deep_answer_share", "at_least_3"): "deep answers",
    ("source_answer_share", "docs"): "answers that link documentation",
    ("source_answer_share", "any_source"): "answers that show source code",
    ("source_answer_share", "sdk_source"): "answers that show a library's source",
    ("deflection_share", "first"): "first answer only sends elsewhere",
    ("thread_fix_share", "confirmed"): "an outsider's code is said to work",
    ("stranger_fix_share", "outsider"): "fixes that outsiders made",
    ("setup_question_share", "any"): "questions about set-up and hardware",
    ("setup_help_hours", "median"): "wait for help with set-up",
    ("first_response_by_share", "within_7d"): "staff come first within a week",
    ("answer_depth_points", "deepest"): "points of the deepest answer",
    ("licence_class", "median"): "freedom of the licence",
    ("price_usd", "median"): "price of a million tokens",
    ("smallest_memory_gib", "smallest"): "smallest model's memory",
    ("hosts_count", "most"): "hosts that serve the same model",
    ("weight_freedom_points", "median"): "freedom with the weights",
    ("tuning_offers_count", "methods"): "ways to tune it",
    ("control_surface_count", "median"): "controls of a request",
    ("derivative_rate", "per_1000"): "models made of it per 1,000 downloads",
    ("question_volume_ratio", "per_1000"): "questions per 1,000 downloads",
    ("new_people_rate", "per_30d"): "new people who ask in 30 days",
    ("answerer_absence_factor", "half"): "people who give half of the answers",
    ("contributor_absence_factor", "half"): "people who make half of the changes",
}
"""By metric and statistic."""
LESS_IS_BETTER = frozenset({"never_answered_share", "closed_unhelped_share", "deflection_share"})
"""Metrics of which somebody who asks for help wants little; of all other shares that are compared they want much."""


def name_measure(row: Mapping[str, Any]) -> str:
    """`answered within a week`; the names of metric, statistic and segment where no words are known."""
    words = TITLES.get((row["metric"], row["statistic"]))
    parts = [row["metric"], row["statistic"], *([] if row["segment"] in ("all", "anyone") else [row["segment"]])]
    return words or ", ".join(str(part).replace("_", " ") for part in parts)


def direction_of(row: Mapping[str, Any]) -> int:
    """1 where more is better for somebody who asks, -1 where less is."""
    return -1 if row["metric"] in LESS_IS_BETTER else 1
