"""What makers offer and promise: dated facts that no feed tells, each with its page and the day on which somebody read it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards import frame, reading, words
from dashboards.figure import link, table

QUESTION = "What may you do with it, and what does its maker promise?"
STALE_DAYS = 180


def show(page: frame.View) -> None:
    """The answer, then one table: a fact a row, the stale ones marked."""
    rows = facts(page)
    frame.answer(QUESTION, answer(rows, page))
    if not rows:
        st.markdown("No fact is recorded for these families. A family file holds them as `[[fact]]`; `heartbeat build` brings them here.")
        return
    with st.container(key="figure-facts"):
        st.markdown(f"### {title(rows)}", anchors=False)
        st.caption(
            f"Licence, fine-tuning, support and notice as the makers' own pages say. ◆ was read more than {STALE_DAYS} days before "
            "the last collection, and may have changed since."
        )
        st.dataframe(
            [shown(row, page) for row in rows],
            hide_index=True,
            column_config={"page": st.column_config.LinkColumn("page", validate=r"^https?://", display_text="open")},
            alt=title(rows),
        )
        st.caption(f"Source: the family files of the catalog · n{words.GAP}={words.GAP}{len(rows)} facts")
        table("facts", rows)


def facts(page: frame.View) -> list[dict[str, Any]]:
    """Facts of the families shown: open families first, then by kind."""
    if not reading.has(page.snapshot, "staging.facts"):
        return []
    found = reading.rows(page.snapshot, "select * from staging.facts order by family_id, fact_kind, tuning_method, from_on, url")
    places = [family["family_id"] for family in page.families]
    return sorted((row for row in found if row["family_id"] in places), key=lambda row: places.index(row["family_id"]))


def answer(rows: Sequence[dict[str, Any]], page: frame.View) -> str:
    """Who promises notice, who lets weights be tuned, and how many of the facts are stale."""
    if not rows:
        return "Nothing is recorded for these families."
    promised = sorted(
        (row["promised_days"], words.plain(page.titles[row["family_id"]])) for row in rows if row["promised_days"] is not None
    )
    said = [f"{name} {days} days" for days, name in promised]
    notice = (
        f"Notice before a model ends is promised by {words.listed(said)}." if said else "Nobody here promises notice before a model ends."
    )
    free = {row["family_id"] for row in rows if row["tuning_method"] == "weights"}
    hosted = {row["family_id"] for row in rows if row["fact_kind"] == "fine-tuning"} - free
    stale = sum(row["is_stale"] for row in rows)
    age = f" **{stale} of {len(rows)} facts were read more than {STALE_DAYS} days ago** and are marked." if stale else ""
    return (
        f"{notice} The weights of **{len(free)}** families may be tuned by anybody; {len(hosted)} hosted ones offer tuning themselves.{age}"
    )


def title(rows: Sequence[dict[str, Any]]) -> str:
    """How many facts are fresh."""
    fresh = sum(not row["is_stale"] for row in rows)
    return f"{fresh} of {len(rows)} facts were read within {STALE_DAYS} days"


def shown(row: dict[str, Any], page: frame.View) -> dict[str, Any]:
    """A fact as the table has it."""
    until = row["until_on"] or ("still" if row["from_on"] else None)
    return {
        "family": page.titles[row["family_id"]],
        "about": row["fact_kind"] + (f", {row['tuning_method']}" if row["tuning_method"] else ""),
        "what its maker says": row["fact_words"],
        "from": str(row["from_on"] or ""),
        "until": str(until or ""),
        "read on": f"{row['as_of_on']}{' ◆' if row['is_stale'] else ''}",
        "page": link(row["url"]),
    }


show(frame.view())
