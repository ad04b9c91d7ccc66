"""The cases behind a claim: of each of its tests those of the figure with most of them, folded until asked for."""

import streamlit as st

from dashboards.evidence import board
from dashboards.frame import drill_down, receipts
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers

PARTS = ("segment", "statistic", "window")
"""What a test names of a figure; its kind and family are those with most cases."""


def draw_evidence(claim: DictRow, page: View) -> None:
    """Draws the commands that trace the figures behind a claim, and folds of their cases, which are read when one is
    opened."""
    st.caption(
        "The evidence of a figure that a test rests on, here the one with the most cases; other families have their "
        "own:"
    )
    keys = list_keys(claim, page)
    st.code(
        "\n".join(receipts.format_command(test["metric"], key) for test, key in keys), language=None, wrap_lines=True
    )
    for place, (test, key) in enumerate(keys):
        if not key:
            continue
        name = numbers.escape_markdown(page.titles.get(key["family"], key["family"]))
        state = f"cases-{claim['claim_id']}-{place}"
        fold = st.expander(f"Show the cases: {board.name_test(test)}, {name}", key=state, on_change="rerun")
        if fold.open:
            with fold:
                drill_down.draw_cases(page, test["metric"], key)


def list_keys(claim: DictRow, page: View) -> list[tuple[DictRow, dict[str, str]]]:
    """Lists the tests of a claim with the key of their figure with most cases, each figure once; a key is empty where
    none is measured."""
    keys: dict[str, tuple[DictRow, dict[str, str]]] = {}
    for test in claim["tests"]:
        key = receipts.find_key(page.snapshot, test["metric"], **{name: test[name] for name in PARTS})
        keys.setdefault(receipts.format_command(test["metric"], key), (test, key))
    return list(keys.values())
