"""Needs in the words of those who have them: buttons that ask for several at once, and one that asks for none again."""

from dataclasses import asdict

import streamlit as st

from dashboards.choose.needs import Needs
from dashboards.menu import NEEDS

EXAMPLES = {
    "An open model to tune on a 24 GB card": Needs(side="open", gpu="24", use="QLoRA", tuning="yes"),
    "An open model that runs on a 16 GB card": Needs(side="open", gpu="16"),
    "A model under $0.50, licensed for commerce": Needs(licence="commercial", price="0.5"),
    "A hosted model that stays for a year": Needs(side="proprietary", ends="12m"),
    "A model whose users mostly hear back in a day": Needs(daily="50"),
}
"""What readers come with, and the needs that say so."""
CLEAR = "Clear all needs"


def draw_examples(needs: Needs) -> None:
    """Draws the examples as long as nothing is asked for, and then a button that clears the needs."""
    with st.container(horizontal=True, vertical_alignment="center", key="examples"):
        if needs == Needs():
            st.caption("For example", width="content")
        for words, asked in EXAMPLES.items() if needs == Needs() else [(CLEAR, Needs())]:
            # Streamlit's link to the page that is open leaves the address as it was; a button writes it.
            st.button(words, key=f"example-{words}", type="tertiary", on_click=write_needs, args=(asked,))


def write_needs(needs: Needs) -> None:
    """Writes these needs and no others into the address, and leaves the filters and weights there."""
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in NEEDS}
    st.query_params.from_dict(kept | {name: value for name, value in asdict(needs).items() if value})
