"""The seven places and their pages, each with its question and the file that answers it."""

MENU = {
    "Overview": {"overview/overview": "Who helps you when a model breaks?"},
    "Compare": {"compare/compare": "Who supports you best?"},
    "Support": {"support/support": "How soon are you helped, and by whom?"},
    "Reliability": {
        "reliability/reliability": "Does it stay up, and do they tell you?",
        "reliability/changes": "Which retirements are ahead, and what changes?",
    },
    "Openness": {"openness/openness": "Can you get in, and make it yours?"},
    "Choose": {"choose/fit": "Which model meets your needs?", "choose/ask": "Where should I ask?"},
    "Evidence": {
        "evidence/claims": "Does the essay hold?",
        "evidence/data": "Is the data good, and how is it measured?",
    },
}
"""Places, and the pages of each: its file in this folder, whose name is also its address, and its question."""
TABS = {
    "reliability/reliability": "Outages",
    "reliability/changes": "Retirements and releases",
    "choose/fit": "Find my model",
    "choose/ask": "Where to ask",
    "evidence/claims": "Seven claims, tested",
    "evidence/data": "Data and method",
}
"""The short name of each page of a place that has several."""
OLD_ADDRESSES = {
    "news": "overview", "waiting": "support", "helped": "support", "carriers": "support", "depth": "support",
    "use": "openness", "freedom": "openness", "access": "openness", "method": "data",
}  # fmt: skip
"""Addresses of former pages, each with that of the page that has their figures now."""
FILTERS: dict[str, tuple[str, ...]] = {
    "overview/overview": ("family", "window"),
    "compare/compare": ("family", "window", "kind"),
    "support/support": ("family", "window", "kind", "type", "role", "language", "bots"),
    "reliability/reliability": ("family", "window"),
    "reliability/changes": ("family",),
    "openness/openness": ("family",),
    "choose/fit": ("family", "window", "kind", "type"),
    "choose/ask": ("family", "window", "type"),
    "evidence/data": ("family",),
}
"""The filters that change something on each page; a page shows no others."""
WINDOWS = dict.fromkeys(("overview/overview", "compare/compare"), ("365d", "all"))
"""The windows of pages that do not offer all: those over which families are compared."""


NEEDS = ("side", "gpu", "use", "tuning", "licence", "price", "ends", "daily")
"""The needs that *Find my model* asks for, by their names in the address."""
WEIGHT = "weight-"
"""What the name of a weight begins with in the address."""


def list_filters(file: str, families_count: int = 0) -> tuple[str, ...]:
    """Returns the filters that act on a page; two families are compared over all kinds of channels."""
    acting = FILTERS.get(file, ())
    is_pair = file == "compare/compare" and families_count == 2
    return tuple(name for name in acting if name != "kind") if is_pair else acting


def page_address(file: str) -> str:
    """Returns the address of a page: the name of its file."""
    return file.rpartition("/")[2]


def page_module(file: str) -> str:
    """Returns the module of a page."""
    return f"dashboards.{file.replace('/', '.')}"


def find_place(file: str) -> str:
    """Returns the place that a page belongs to."""
    return next(place for place, files in MENU.items() if file in files)


def name_page(file: str) -> str:
    """Returns the short name of a page: its own, or its place's if there is no other page in it."""
    return TABS.get(file) or find_place(file)
