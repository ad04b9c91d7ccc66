"""The pages in their order: what is asked, and where it is answered."""

MENU = {
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
"""Groups of pages; the file of each in this folder, whose name is also its address, and its question."""


def page_address(file: str) -> str:
    """The address of a page: the name of its file."""
    return file.rpartition("/")[2]


def page_module(file: str) -> str:
    """The module of a page."""
    return f"dashboards.{file.replace('/', '.')}"
