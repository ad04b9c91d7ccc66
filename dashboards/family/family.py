"""The page "Families": everything about one family: how soon it answers, what it posts and ends, and what is unseen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from dashboards.choose import ask, sentences_ask
from dashboards.compare import differences
from dashboards.family import sentences_family, trend
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.dots import draw_dots, load_dots
from dashboards.frame.story import Figure, Part, Story, drop_blank, list_figures
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow, Row
from dashboards.openness import openness
from dashboards.reliability import changes, record, reliability
from dashboards.support import curves, support, waits
from dashboards.words import numbers, sentences
from warehouse.ends import states
from warehouse.news.items import format_day, select_news
from warehouse.wording import count_things

QUESTION = "How well are one family's users supported?"
YEAR, LATELY = timedelta(days=365), timedelta(days=28)
MOST = 5
"""Places, ends and news in one figure."""
HERO = 360
"""Height of the curve in pixels."""
UNSEEN = """
select *, coverage_state as state, coverage_note as note from metrics.channel_coverage
where coverage_state <> 'measured' and channel_role = 'all'
    and (coverage_state <> 'not applicable' or (subject = 'threads' and channel_kind = ?))
order by subject, channel_kind
"""
"""What is not read; what does not exist hides nothing, but for the questions that the page is about."""
FACTS = (
    "select * from staging.facts where fact_kind in ('licence', 'fine-tuning') order by fact_kind desc, from_on, url"
)
TERMS = {"licence": "Licence", "fine-tuning": "Fine-tuning"}
PRIVATE = "Account and billing", "only the vendor's own support sees these questions; no public place shows an answer"


def story(page: View) -> Story:
    """Shows how soon a family's users are answered, what it posts and ends, its record, and what cannot be seen."""
    family = page.chosen[0] if page.chosen else snapshot_reader.find_fullest_family(page.snapshot)
    own = replace(page, chosen=(family,))
    side = page.sides[family]
    peers = replace(page, chosen=tuple(name for name, its in page.sides.items() if its == side))
    year = list_ends(own)
    pairs = [row for row in differences.load_pairs_with(peers, family) if row["second_id"] in peers.wanted]
    waiting = draw_waiting(own, peers)
    answer = sentences.join_answer(
        sentences_family.judge_page(waiting.rows, year, page.titles[family]),
        sentences_family.answer_page(pairs, family, side),
    )
    drawn: list[Figure | tuple[Figure | list[Figure], ...]] = [
        (waiting, [draw_helped(own)]),
        reliability.draw_strip(own, reliability.load_uptimes(own)),
        (draw_ends(own, year), trend.draw_work(own)),
        tuple(trend.draw_family(own)),
    ]
    cards = (draw_record(own, year), draw_terms(own)), (draw_asking(own), draw_news(own))
    return Story(QUESTION, answer, [*drop_blank([*drawn, *cards]), draw_unseen(own, drawn)])


def draw_waiting(own: View, peers: View) -> Figure:
    """Draws the curve of a family's askers before those of the others on its side."""
    medians = waits.load_medians(peers)
    counted = {row["family_id"] for row in medians if row["state"] == "measured"}
    rows = waits.load_points(peers, list(counted))
    mine = [row for row in medians if row["family_id"] in own.wanted]
    others = len({row["family_id"] for row in rows} - own.wanted)
    is_drawn = any(row["family_id"] in own.wanted for row in rows)
    colours = dict.fromkeys(own.wanted, own.theme.side(own.families[0]["side"]))
    return Figure(
        name="waiting",
        title=waits.word_halves(mine, own.titles),
        subtitle="Share of askers who have an answer by a person; those still waiting count. Grey: "
        f"{others} other {own.families[0]['side']} families; {own.describe_scope(mine)}.",
        how="The mark shows when half are answered. Lines and bands are 95 % intervals.",
        chart=curves.draw_curves(rows, colours, mine, own.titles, own.theme) | {"height": HERO} if is_drawn else None,
        rows=mine,
        metric="first_response_hours",
        source=own.source,
        alt=sentences.describe_points(mine, "hours", own.titles, "time until half are answered"),
    )


def draw_helped(own: View) -> Figure:
    """Draws for the same threads the share closed and the share helped after 30 days."""
    settled = replace(own, window="90d") if own.window == "30d" else own
    rows = load_dots(settled, support.GAP)
    return draw_dots(own, support.GAP, rows=rows, title=sentences_family.describe_help(rows))


def list_ends(own: View) -> list[DictRow]:
    """Lists the ends of a family's models within a year, soonest first."""
    today = own.now.date()
    ahead = [row for row in own.load_notices() if states.judge_state(row, today) == states.AHEAD]
    return [row for row in ahead if row["shutdown_on"] <= today + YEAR]


def draw_ends(own: View, year: Sequence[DictRow]) -> Figure:
    if not year:
        return Figure(name="ends", title="", subtitle="", rows=[], metric="model_notices", source=changes.SOURCE)
    return replace(
        changes.draw_next_ends(own, year[: MOST + 1]),
        title=sentences_family.describe_ends(year),
        subtitle="Known day (filled), or month or earliest day (hollow).",
        rows=year,
    )


def draw_record(own: View, year: Sequence[Row]) -> Figure:
    """Lists the vendor's record on one card: promises and notice, moved dates, lifetimes, successors and incidents."""
    made = next(iter(record.make_record(own)), None)
    cells = [*made.shown[0].items()][1:-1] if made else []
    posted = load_dots(own, replace(reliability.CAUSES, statistics=("with_postmortem",)))
    cells += [("posted uptime", numbers.format_value(row, "uptime")) for row in reliability.load_uptimes(own)]
    cells += [("incidents with a post-mortem", numbers.format_value(row, "share")) for row in posted]
    unknown = [name for name, value in cells if value in record.UNKNOWN]
    facts = [
        (
            "Ends within a year",
            sentences_family.count_ends(year) if year else "no known end" if made else "no page of ends is read",
        ),
        *((name.capitalize(), value) for name, value in cells if value not in record.UNKNOWN),
        *([("Not known", numbers.join_words(unknown))] if unknown else []),
    ]
    return Figure(
        name="record",
        title=sentences_family.judge_record(made.rows if made and "promised" not in unknown else []),
        subtitle="In the window, or of all time if it has too few ends; 95 % intervals.",
        how=made.how if made else "",
        rows=made.rows if made else [],
        metric="promise_kept_share",
        source=record.SOURCE if made else "",
        shown=list_facts(facts),
        is_list=True,
    )


def draw_terms(own: View) -> Figure:
    """Lists what may be done with the models."""
    weights = load_dots(own, openness.WEIGHTS)
    known = [row for row in sentences.select_measured(weights) if row["statistic"] == "median"]
    facts = [("Points of its median model", f"{numbers.format_value(row, 'count')} of 5") for row in known]
    read = own.load_rows(FACTS)
    for kind, name in TERMS.items():
        of_kind = [row for row in read if row["fact_kind"] == kind]
        facts += [(name, words) for words in sentences_family.join_facts(of_kind)]
    return Figure(
        name="terms",
        title=sentences_family.judge_terms(weights),
        subtitle=f"{openness.WEIGHTS.measure}. No legal advice.",
        rows=weights,
        metric=openness.WEIGHTS.metric,
        source=openness.TERMS if facts else "",
        shown=list_facts(facts),
        # What is not known of it is below.
        is_list=bool(facts),
    )


def draw_news(own: View) -> Figure:
    """Lists what changed in the last four weeks."""
    items = snapshot_reader.load_news(own.snapshot) or []
    changed = select_news(items, families=own.chosen, since=own.now - LATELY)
    is_made_up = own.snapshot.is_sample
    # What is made up has no source.
    facts = [
        (format_day(item.as_of_at.date()), item.headline, "" if is_made_up else item.url) for item in changed[:MOST]
    ]
    return list_card(
        "changed",
        f"{count_things(len(changed), 'change')} in four weeks" if changed else "Nothing changed lately",
        "Newest first." if facts else "Nothing that we watch changed in four weeks.",
        facts,
    )


def draw_asking(own: View) -> Figure:
    """Lists where to ask, with links."""
    channels = ask.load_channels(own)
    rows = [row for row in ask.load_channel_rows(own, own.type or "all") if row["statistic"] != sentences_ask.ASKED]
    facts = []
    for row in sorted(rows, key=lambda row: -(row["n"] or 0))[:MOST]:
        channel = channels.get(row["channel_id"])
        words = f"{sentences_ask.name_runner(channel)}, {count_things(row['n'] or 0, 'thread')}"
        if row["state"] in numbers.NUMBERED:
            words += f", helped within a day: {numbers.format_value(row, 'share')}"
        facts.append((sentences_family.name_place(row, channels), words, channel["url"] if channel else ""))
    title = "Where to ask" if facts else "No public place to ask is known"
    subtitle = "Those with most threads; help is a lower bound." if facts else "Nobody asked where we read."
    return list_card("asking", title, subtitle, facts)


def draw_unseen(own: View, drawn: Sequence[Part]) -> Figure:
    """Lists what cannot be seen of a family and why, each reason once."""
    reasons: dict[str, list[str]] = {}
    for figure in (figure for part in drawn for figure in list_figures(part)):
        # Without ends the record says so.
        if figure.chart is None and figure.rows:
            why = sentences_family.explain(figure.rows[0])
            reasons.setdefault(why, []).append(sentences_family.LABELS[figure.name])
    for row in own.load_rows(UNSEEN, own.kind):
        reasons.setdefault(sentences_family.explain(row), []).append(sentences_family.name_subject(row))
    facts = [(numbers.join_few(list(dict.fromkeys(names))).capitalize(), why) for why, names in reasons.items()]
    return list_card("unseen", "What we cannot see, and why", "Each reason once.", [*facts, PRIVATE])


def list_card(name: str, title: str, subtitle: str, facts: Sequence[tuple[str, ...]]) -> Figure:
    """Lists facts that rest on no published rows."""
    listed = list_facts(facts)
    return Figure(name=name, title=title, subtitle=subtitle, rows=[], metric="", source="", shown=listed, is_list=True)


def list_facts(facts: Sequence[tuple[str, ...]]) -> list[Row]:
    """Lists names and their words, each with its link if it has one, as rows."""
    return [dict(zip(("what", "is", "link"), fact, strict=False)) for fact in facts]


if __name__ == "__main__":
    layout.draw_story(current_view(), story)
