"""The page "Retirements": whether your models end, what ends next and when, and how vendors keep their promises."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboards.frame import filters, layout
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.tables import draw_table
from dashboards.frame.view import View, current_view
from dashboards.metric_row import Row
from dashboards.reliability import charts_ends, pasted_ids, record, sentences_ends
from dashboards.reliability.pasted_ids import YEAR
from dashboards.words import numbers, sentences
from warehouse import notices
from warehouse.ends import model_ids, states
from warehouse.ends.fates import judge_id
from warehouse.wording import count_things, pluralize

QUESTION = "Which retirements are ahead, and what changes?"
MOST = 25
"""Lines of the chart; the table below lists all of the next 12 months."""
SOURCE = "the makers' and hosts' deprecation pages"
EXAMPLE = "gpt-4o, anthropic.claude-3-opus-20240229-v1:0, models/gemini-1.5-pro"
ASK = "Check my model ids"
NOTHING = (
    "The data give no answer: no deprecation page is read for these families. Weights that were downloaded cannot be "
    "switched off; for their hosts, choose a host or check your model ids."
)
WRITTEN = "models-written"
"""Where a run leaves the ids that it wrote into the address: others there are those of a link."""


def story(page: View) -> Story:
    """Says what ends next, everything in the next twelve months, and the vendors' record."""
    rows = page.load_notices()
    today = page.now.date()
    ahead = [row for row in rows if states.judge_state(row, today) == states.AHEAD]
    year = [row for row in ahead if row["shutdown_on"] <= today + YEAR]
    seen = [row["as_of_at"] for row in rows if row["as_of_at"] is not None]
    pages = len({row["channel_id"] for row in rows})
    as_of = numbers.format_instant(min(seen)) if seen else "an unknown day"
    if pages:
        verdict = sentences_ends.judge_page(year, today)
        rest = sentences_ends.answer_page(year, pages, as_of)
    else:
        verdict, rest = "", NOTHING
    parts: list[Part] = [draw_next_ends(page, ahead)] if ahead else []
    # What may end any day is no less urgent than what has a day.
    parts += [Words(describe_overdue(rows, today), is_small=True)] if rows else []
    parts += [draw_next_year(page, year)] if year else []
    parts += record.make_record(page)
    return Story(QUESTION, sentences.join_answer(verdict, rest), parts)


def draw_next_ends(page: View, ahead: Sequence[Row]) -> Figure:
    """Draws the soonest ends as lines over time."""
    today, soonest = page.now.date(), ahead[:MOST]
    later = len(ahead) - len(soonest)
    rest = f" The other {pluralize(later, 'known end is', f'{later:,} known ends are')} later." if later else ""
    first = next((row for row in soonest if row["shutdown_kind"] == "exact"), soonest[0])
    return Figure(
        name="ends",
        title=f"Next to end: {sentences_ends.name_model(first)}, {sentences_ends.shorten_end(first)}",
        subtitle=f"The {'' if len(soonest) == 1 else f'{len(soonest)} '}soonest "
        f"{pluralize(len(soonest), 'shutdown')} after {sentences_ends.format_day(today)}. A filled bar ends on a "
        "known day; a hollow one with an arrow in a known month, or not before a known day.",
        how="A bar runs from today to the last day; the thin line before it starts at the announcement, where its date "
        "is known (from the left edge: announced earlier). ● open, □ proprietary, △ hosts, ◇ pages of several "
        f"families.{rest}",
        chart=charts_ends.draw_gantt([_to_bar(row, today) for row in soonest], today, page.theme),
        rows=soonest,
        metric="model_notices",
        source=SOURCE,
        alt="Next to end: "
        + "; ".join(f"{row['model']} of {row['title']}, {sentences_ends.describe_end(row)}" for row in soonest),
    )


def _to_bar(row: Row, today: date) -> dict[str, Any]:
    left = sentences_ends.describe_time_left(row, today)
    shared_columns = ("model", "title", "side", "announced_on", "shutdown_on")
    return {name: row[name] for name in shared_columns} | {
        "today": today,
        "is_day": row["shutdown_kind"] == "exact", "said": sentences_ends.describe_end(row), "left": left,
        "short": sentences_ends.shorten_end(row),
        "beside": f"{sentences_ends.describe_end(row)} · {row['title']}",
        "announced": sentences_ends.format_day(row["announced_on"]) or "date not known",
        "notice": sentences_ends.describe_notice(row), "instead": sentences_ends.name_replacement(row) or "none named",
    }  # fmt: skip


def draw_next_year(page: View, year: Sequence[Row]) -> Figure:
    """Draws everything that ends within twelve months as a table."""
    today = page.now.date()
    lacking = sum(not row["replacement"] for row in year)
    has_floors = any(row["shutdown_kind"] == "not_before" for row in year)
    ending = "end or may end" if has_floors else pluralize(len(year), "ends", "end")
    return Figure(
        name="year",
        title=f"{len(year):,} {ending}, {lacking:,} without a replacement",
        subtitle="Within 12 months as announced, soonest first.",
        how="Notice runs from the first dated announcement.",
        rows=year,
        metric="model_notices",
        source=SOURCE,
        shown=[_to_table_row(row, today) for row in year],
    )


def _to_table_row(row: Row, today: date) -> dict[str, Any]:
    what = row["model"] + (f" ({row['subject_kind']})" if row["subject_kind"] != "model" else "")
    return {
        "what ends": what + (f", {row['region']}" if row["region"] else ""),
        "of": row["title"],
        "last day": sentences_ends.describe_end(row),
        "from now": sentences_ends.describe_time_left(row, today),
        "use instead": sentences_ends.name_replacement(row) or "none named",
        "notice": sentences_ends.describe_notice(row),
        "page": row["url"],
    }


def describe_overdue(rows: Sequence[Row], today: date) -> str:
    """Describes the models that have no day ahead but are not safe either."""
    found = Counter(states.judge_state(row, today) for row in rows)
    past, undated, any_day = found[states.PAST], found[states.GONE] + found[states.SILENT], found[states.OPEN]
    said = [f"{past:,} {pluralize(past, 'has', 'have')} ended"] if past else []
    said += [f"{undated:,} {pluralize(undated, 'has', 'have')} no date"] if undated else []
    whole = f"Of the {count_things(len(rows), 'name')} on these pages, {numbers.join_words(said)}." if said else ""
    why = pluralize(any_day, "its earliest day has", "their earliest days have")
    return f"{whole} {any_day:,} may end any day, because {why} passed.".strip() if any_day else whole


def draw_page(page: View) -> None:
    """Draws the field for ids below the answer, which is about them once there are some, then what ends for all."""
    page_story = layout.make_once(story, page)
    # The answer stands above the field that it depends on, so its place is reserved first.
    head = st.container()
    answer = draw_id_field(page)
    with head:
        layout.draw_answer(page, page_story.question, answer or page_story.answer)
    layout.draw_parts(page, page_story)


def draw_id_field(page: View) -> str:
    """Draws a field for ids with what happens to them, and returns the answer about them; empty without ids. The link
    carries the ids and nothing else of the pasted text."""
    linked = st.query_params.get("models", "")
    if linked and linked != st.session_state.get(WRITTEN):
        st.session_state["models"] = linked
    with st.container(key="figure-ids"):
        layout.draw_heading("check", ASK)
        text = st.text_area(
            ASK, key="models", height=104, label_visibility="collapsed", placeholder=EXAMPLE,
            on_change=filters.write_choices,
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            # Leaving the field enters its text; the button is what a reader looks for.
            st.button("Check these ids", type="primary", key="check-ids")
            example = {"models": give_example(page)}
            st.button("Try an example", on_click=st.session_state.update, args=(example,), key="try-ids")
            st.caption(
                f"Paste a list or a configuration file with up to {model_ids.MOST_IDS} ids, but no keys. "
                "The page's address then holds the ids, so the link can be shared. For a whole project, run "
                "`heartbeat ends FOLDER`."
            )
        if text and text.strip():
            return _draw_fates(page, text)
        st.query_params.pop("models", None)
        return ""


def give_example(page: View) -> str:
    """Gives ids to paste: well-known ones if the snapshot knows them, else those that end next in it."""
    rows = notices.load_notices(page.snapshot)
    names = model_ids.index_names(rows)
    if all(model_ids.find_rows(model_id, names) for model_id in EXAMPLE.split(", ")):
        return EXAMPLE
    first: dict[str, str] = {}
    for row in rows:
        if states.judge_state(row, page.now.date()) == states.AHEAD:
            first.setdefault(row["channel_id"], row["model"])
    return ", ".join([*first.values()][:3]) or EXAMPLE


def _draw_fates(page: View, text: str) -> str:
    names = model_ids.index_names([*notices.load_notices(page.snapshot), *notices.load_listed(page.snapshot)])
    pasted = pasted_ids.read_pasted(text, names)
    if pasted.refused or not pasted.ids:
        st.warning(pasted.refused or "Paste model ids, for example `gpt-4o`.")
        return ""
    st.session_state[WRITTEN] = st.query_params["models"] = ",".join(pasted.ids)
    today = page.now.date()
    fates = {asked: judge_id(asked, names, today, today + YEAR) for asked in pasted.ids}
    lines = pasted_ids.list_ids(fates)
    draw_table(lines, "What happens to each id, soonest end first")
    made_up = "In this sample world some names and all days are made up. " if page.snapshot.is_sample else ""
    if words := f"{made_up}{_describe_left_out(pasted)}".strip():
        st.caption(words)
    return sentences.join_answer(pasted_ids.judge_ids(fates), pasted_ids.sum_up_ids(fates))


def _describe_left_out(pasted: model_ids.Pasted) -> str:
    """Lists what was excluded, because it could have been an id."""
    secrets = f"Hidden because it looks like a key: {pasted.secrets}. " if pasted.secrets else ""
    if not pasted.passed_over:
        return secrets
    first = ", ".join(numbers.escape_markdown(word[:40]) for word in pasted.passed_over[:20])
    more = f" and {len(pasted.passed_over) - 20} more" if len(pasted.passed_over) > 20 else ""
    return (
        f"{secrets}Not treated as ids, because they are unknown and look like settings, addresses or plain words: "
        f"{first}{more}."
    )


if __name__ == "__main__":
    draw_page(current_view())
