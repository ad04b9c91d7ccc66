"""The list of published metrics, and what the header of one of them says."""

import streamlit as st

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot


def load_metrics(snapshot: Snapshot) -> list[DictRow]:
    """Loads every published metric with its header, by name; empty if the snapshot lacks them."""
    return snapshot_reader.load_rows(snapshot, "select * from meta.metrics where is_public order by name")


def draw_look_up(page: View) -> None:
    """Draws a look-up of one metric, chosen by name and kept in the address, with everything its own file says."""
    named = {row["name"]: row for row in load_metrics(page.snapshot)}
    if not named:
        return
    with st.container(key="figure-look-up"):
        chosen = st.selectbox(
            f"Look up one of {len(named)} metrics", list(named), index=None, key="metric", bind="query-params",
            placeholder="For example answered",
        )  # fmt: skip
        if chosen:
            row = named[chosen]
            st.markdown(f"**{numbers.escape_markdown(row['name'])}**: {numbers.escape_markdown(row['question'])}")
            st.markdown(describe_definition(row))


def describe_definition(metric: DictRow) -> str:
    """Formats what a metric counts, which standard it follows, its limits and its proof, in Markdown."""
    parts = [(label, metric.get(label.lower())) for label in ("Unit", "Standard", "Version", "Grain")]
    short = [
        f"*{label}:* {numbers.escape_markdown(value)}" for label, value in parts if value not in (None, "", "none")
    ]
    proofs = [proof.strip().partition("::") for proof in (metric.get("proof") or "").split(",") if proof.strip()]
    # The names of tests are sentences.
    named = [f"{test.removeprefix('test_').replace('_', ' ')} ({file})" for file, _, test in proofs]
    rest = [("Keep in mind", metric.get("caveats")), ("Would fail if it were wrong", "; ".join(named))]
    long = [f"*{label}:* {numbers.escape_markdown(value)}" for label, value in rest if value]
    return "  \n".join([" · ".join(short), *long]).strip()
