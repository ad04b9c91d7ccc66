"""The pages in their order: what is asked, and where it is answered."""

MENU = {
    "Verdict": {"claims": "Does the essay hold?", "compare": "Who supports you best?"},
    "Support": {
        "waiting": "How long do you wait, and who answers?",
        "helped": "Are you helped or just closed?",
        "depth": "How deep do answers go?",
        "carriers": "Who carries it?",
    },
    "Reliability": {
        "reliability": "Does it stay up, and do they tell you?",
        "changes": "What changes under you?",
    },
    "Freedom": {
        "use": "Is it used?",
        "freedom": "Can you make it yours?",
        "access": "Can you get in?",
    },
    "Choose": {"fit": "Find your fit", "ask": "Where should I ask?"},
    "Data": {"data": "Is the data good?", "method": "Method"},
}
"""Groups of pages; the name of each file and address, and its question."""
