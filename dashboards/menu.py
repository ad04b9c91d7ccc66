"""The pages, each with its question, its filters and the file that answers it."""

from pathlib import Path
from typing import NamedTuple


class Page(NamedTuple):
    """A page of the menu."""

    name: str
    """What the menu calls it."""
    question: str
    filters: tuple[str, ...] = ()
    """The filters that change something on it; it shows no others."""


PEOPLE = ("family", "window", "kind", "type", "role", "language", "bots")
MENU = {
    "overview/overview": Page("Overview", "Who helps you when a model breaks?", ("family", "window")),
    "family/family": Page("Families", "How well are one family's users supported?", ("family", "window", "kind")),
    "compare/compare": Page("Compare", "Who supports you better?", ("family", "window", "kind")),
    "support/support": Page("Waiting", "How soon are you helped, and by whom?", PEOPLE),
    "reliability/reliability": Page("Outages", "Does it stay up, and do they tell you?", ("family", "window")),
    "reliability/changes": Page("Model ends", "Which retirements are ahead, and what changes?", ("family",)),
    "openness/openness": Page("Openness", "Can you get in, and make it yours?", ("family",)),
    "choose/fit": Page("Find a model", "Which model meets your needs?", ("family", "window", "kind", "type")),
    "choose/ask": Page("Where to ask", "Where should I ask?", ("family", "window", "type")),
    "evidence/claims": Page("Claims", "Does the essay hold?"),
    "evidence/data": Page("Method", "Is the data good, and how is it measured?", ("family",)),
}
"""The pages in the order of the menu, by their files in this folder."""
ADDRESSES = {file: file.rpartition("/")[2] for file in MENU}
"""The address of each page: the name of its file."""
PATHS = {file: str(Path(__file__).parent / f"{file}.py") for file in MENU}
"""The path of each page; Streamlit looks for a relative one beside the script that it was started with."""
SINGLE = "family/family"
"""The page of one family: the first of those chosen or, without any, the one with most data."""
FURTHER = ("choose/ask", "evidence/claims", "evidence/data")
"""Pages that the menu lists behind a button, since one line has no room for all."""
OLD_ADDRESSES = {
    "news": "overview", "waiting": "support", "helped": "support", "carriers": "support", "depth": "support",
    "use": "openness", "freedom": "openness", "access": "openness", "method": "data",
}  # fmt: skip
"""Addresses of former pages, each with that of the page that has their figures now."""
COMPARED = ("365d", "all")
"""The windows over which families are compared in like cases."""
WINDOWS = dict.fromkeys(("overview/overview", "compare/compare"), COMPARED)
"""The windows of pages that do not offer all."""
PAIR = "compare/compare"
"""The page that compares two families, with a picker for each."""
NEEDS = ("side", "gpu", "use", "tuning", "licence", "price", "ends", "daily")
"""The needs that *Find a model* asks for, by their names in the address."""
WEIGHT = "weight-"
"""What the name of a weight begins with in the address."""


def page_module(file: str) -> str:
    return f"dashboards.{file.replace('/', '.')}"
