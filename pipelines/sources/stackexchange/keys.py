"""The keys that Stack Exchange's questions and answers carry, of those that are asked for."""

from pipelines.http.keys import ItemKeys

ACCOUNT = {"owner.user_id": int, "owner.user_type": str}
PAGES = ItemKeys(
    "pages", "", {"has_more": bool}, {"total": int, "backoff": int | float, "quota_max": int, "quota_remaining": int}
)
QUESTIONS = ItemKeys(
    "questions", "items", {"title": str, "link": str, "tags": list, "body_markdown": str},
    {
        **ACCOUNT, "owner": dict, "accepted_answer_id": int, "closed_date": int, "closed_reason": str, "answers": list,
    },
)  # fmt: skip
OWN_ANSWERS = ItemKeys(
    "answers", "items.answers", {"is_accepted": bool, "body_markdown": str}, {**ACCOUNT, "owner": dict}
)
ANSWERS = ItemKeys("answers", "items", OWN_ANSWERS.carried, OWN_ANSWERS.optional)
