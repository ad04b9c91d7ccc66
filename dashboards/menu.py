"""The pages in menu order, each with its question and the file that answers it."""

MENU = {
    "Overview": {"overview/overview": "Who helps you when a model breaks?"},
    "Verdict": {"evidence/claims": "Does the essay hold?", "compare/compare": "Who supports you best?"},
    "Support": {
        "support/waiting": "How long do you wait, and who answers?",
        "support/helped": "Are you helped or just closed?",
        "support/depth": "How deep do answers go?",
        "support/carriers": "Who carries it?",
    },
    "Reliability": {
        "reliability/reliability": "Does it stay up, and do they tell you?",
        "reliability/changes": "What changes under you?",
    },
    "Freedom": {
        "openness/use": "Is it used?",
        "openness/freedom": "Can you make it yours?",
        "openness/access": "Can you get in?",
    },
    "Choose": {"choose/fit": "Find your fit", "choose/ask": "Where should I ask?"},
    "Data": {"evidence/data": "Is the data good?", "evidence/method": "Method"},
}
"""Groups of pages: each page's file in this folder, whose name is also its address, and its question."""


def page_address(file: str) -> str:
    """Returns the address of a page: the name of its file."""
    return file.rpartition("/")[2]


def page_module(file: str) -> str:
    """Returns the module of a page."""
    return f"dashboards.{file.replace('/', '.')}"
