"""The page "How deep do answers go?": the points of depth, what they consist of, and how far the rules that read them
can be trusted."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.evidence import accuracy
from dashboards.frame import layout, matched, snapshot_reader, trials
from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import MetricRow
from dashboards.support import cells
from dashboards.support.cells import Column
from dashboards.support.charts import depth as charts_depth
from dashboards.support.sentences import depth as sentences_depth
from dashboards.words import numbers, sentences
from warehouse.wording import GAP

DeepAnswer = Mapping[str, Any]
"""An answer with the points that it earned."""
RuleAccuracy = Mapping[str, Any]
"""The accuracy of a rule: a row of `metrics.feature_accuracy`."""
QUESTION = "How deep do answers go?"
MOST = 50
"""Number of deep answers listed."""
TABLES = ("metrics.answer_depth", "metrics.thread_answers", "staging.threads")
"""Tables that the list of deep answers needs."""
METER = (
    "## How is depth read?\n\nAn answer earns a point each for **code** (lines set out as code, a patch or a command), "
    "for pointing to **source** (a file, a change or a commit), for a concrete **version** or setting, and for being "
    "**verified** within 30 days (accepted, or confirmed by the asker in the next reply). Rules award points for what "
    "is written, whether or not it is right. Below: how often the rules are right, and answers to check them against."
)
SOURCES = {
    "own_source": (
        "The model's own source",
        "the source of the model's or runtime's own repository (closed weights have none)",
    ),
    "sdk_source": (
        "The library's source",
        "the source of the vendor's library or tool, asked about in its own repository",
    ),
    "any_source": ("Source of any kind", "the source of any repository"),
    "docs": ("The documentation", "documentation anywhere"),
}
ASKED = {"code": "got code", "source": "were shown source code", "deep": "got an answer of at least 3 of 4 points"}
MATCHED = ("deep_answer_share", charts_depth.HEADLINE, "all")
"""What is compared like with like."""
CONTEXT = (
    Column("answer_depth_points", "deepest", "all"),
    Column("answer_words_count", "first", "all"),
    Column("answer_words_count", "all", "all"),
    Column("answer_turns_count", "to_help", "all"),
    Column("docs_only_share", "pointed", "all"),
)


def story(page: View) -> Story:
    """Tells the meter of each family, then code, deflection and source, how depth is read, and the context in
    numbers."""
    deep = page.load_asked("deep_answer_share", charts_depth.POINTS)
    headline = [row for row in deep if row["statistic"] == charts_depth.HEADLINE]
    order = page.order_families(headline)
    rules = sentences_depth.select_of_answers(accuracy.load_accuracy(page.snapshot))
    parts: list[Part] = [
        draw_depth(page, deep, headline, order),
        (draw_code(page, order), draw_deflection(page, order)),
        Words("## Are you shown the source?"),
        draw_sources(page, order),
        Words("## Of all who asked, answered or not"),
        draw_asked(page, order),
        Words(METER),
        draw_rules(page, rules),
        draw_answers(page),
        Words("## In numbers"),
        draw_context(page, order),
    ]
    sides = matched.describe_sides(page, *MATCHED, "get a deep answer")
    is_trial = "deep_answer_share" in trials.load_trials(page)
    lead = ""
    if not is_trial and matched.is_compared(page):
        lead = matched.judge_sides(page, *MATCHED, "answer more deeply", "get a deep answer")
    verdict = lead or sentences_depth.judge_page(headline, page.titles, is_trial)
    scope = page.describe_scope(headline)
    answer = sentences_depth.answer_page(headline, rules, page.titles, sides, scope, is_trial)
    return Story(QUESTION, sentences.tell_in_steps(verdict, answer), parts)


def draw_depth(page: View, deep: Sequence[MetricRow], headline: Sequence[MetricRow], order: Sequence[str]) -> Figure:
    """Draws the distribution of points over those who are answered; a trial ranks nobody."""
    is_trial = "deep_answer_share" in trials.load_trials(page)
    known = {row["family_id"] for row in sentences.select_shown(headline)}
    drawn = [row for row in deep if row["family_id"] in known]
    return Figure(
        name="depth",
        title="Deep answers, as far as rules can read them"
        if is_trial
        else cells.name_most(headline, page.titles, "Most deep answers"),
        subtitle="Share of answered questions whose deepest answer earns at least 3 of 4 points; "
        f"{page.describe_scope(deep)}.",
        how="Strips: at least 1 (palest) to 4 points (darkest); the mark and the number are for at least 3, with the "
        "95 % interval.",
        chart=charts_depth.draw_strips(drawn, order, page.titles, page.theme) if drawn else None,
        rows=deep,
        metric="deep_answer_share",
        source=page.source,
        alt=sentences.describe_points(headline, "share", page.titles, "share with an answer of at least 3 of 4 points"),
        absent=sentences.name_absent(headline, page.titles),
    )


def draw_code(page: View, order: Sequence[str]) -> Figure:
    """Draws the share of askers who get code."""
    rows = page.load_asked("code_answer_share", ("any",))
    return draw_dot_figure(
        page,
        rows,
        name="code",
        metric="code_answer_share",
        title=cells.name_most(rows, page.titles, "Most answers with code"),
        measure="Share of answered questions with code, a patch or a command in an answer",
        alt="answered with code",
        order=order,
    )


def draw_deflection(page: View, order: Sequence[str]) -> Figure:
    """Draws the share of askers who are only sent elsewhere."""
    rows = page.load_asked("deflection_share", ("every",))
    return draw_dot_figure(
        page,
        rows,
        name="deflection",
        metric="deflection_share",
        title=cells.name_most(rows, page.titles, "Most often only sent elsewhere"),
        measure="Share of answered questions in which every answer says no more than to update, to ask elsewhere, that "
        "it is a duplicate or closed",
        alt="only sent elsewhere",
        order=order,
        note="Half of what the rule finds is wrong, see below.",
    )


def draw_sources(page: View, order: Sequence[str]) -> tuple[Figure, ...]:
    """Draws small multiples of what answers point to. Only in trackers is the owner of a source known."""
    names = ("own_source", "sdk_source", "docs") if page.kind == "tracker" else ("any_source", "docs")
    return tuple(_draw_source(page, name, order) for name in names)


def _draw_source(page: View, statistic: str, order: Sequence[str]) -> Figure:
    title, meaning = SOURCES[statistic]
    rows = page.load_asked("source_answer_share", (statistic,))
    return draw_dot_figure(
        page,
        rows,
        name=statistic.replace("_", "-"),
        metric="source_answer_share",
        title=cells.name_most(rows, page.titles, title),
        measure=f"Share of answered questions with a link to {meaning}",
        alt=f"answered with a link to {meaning}",
        order=order,
    )


def draw_asked(page: View, order: Sequence[str]) -> tuple[Figure, ...]:
    """Draws small multiples of what all who ask get: who answers only the easy questions does not look deeper here."""
    return tuple(_draw_asked(page, name, order) for name in ASKED)


def _draw_asked(page: View, statistic: str, order: Sequence[str]) -> Figure:
    rows = page.load_asked("asked_depth_share", (statistic,))
    return draw_dot_figure(
        page,
        rows,
        name=f"asked-{statistic}",
        metric="asked_depth_share",
        title=cells.name_most(rows, page.titles, f"Of all who asked, most {ASKED[statistic]}"),
        measure=f"Share of all questions, answered or not, whose askers {ASKED[statistic]} within 30 days",
        alt=f"of all who asked, {ASKED[statistic]}",
        order=order,
    )


def draw_rules(page: View, rules: Sequence[RuleAccuracy]) -> Figure:
    """Draws how often each rule is right when it reads answers."""
    drawn = [
        rule
        | {
            "name": f"{sentences_depth.RULES[row['feature']]} (n{GAP}={GAP}{row['labelled_count']})",
            "brief": sentences_depth.RULES[row["feature"]],
        }
        for row, rule in zip(rules, accuracy.make_groups([dict(row) for row in rules]), strict=True)
    ]
    description = "; ".join(f"{rule['name']}: {rule['said']}" for rule in drawn)
    return Figure(
        name="rules",
        title=sentences_depth.describe_rules(rules) if rules else "How often the rules are right",
        subtitle="● precision: how much of what a rule finds is right; □ recall: how much of what is there it finds; "
        "▲ weak.",
        how="n: labelled answers that contain it; lines are 95 % intervals. Weak: one of the two is below 80 %, or "
        "there were too few to test it on. Tested on answers alone; the Method page shows the results on all texts.",
        chart=accuracy.draw_accuracy(drawn, page.theme) if drawn else None,
        rows=rules,
        metric="feature_accuracy",
        source="labelled answers, held out while the rules were tuned",
        alt=f"Precision and recall of the rules: {description}",
    )


def draw_answers(page: View) -> Figure:
    """Draws the newest deep answers with the points that each earned."""
    rows = load_answers(page)
    return Figure(
        name="answers",
        title=sentences_depth.describe_answers(rows)
        if all(snapshot_reader.has_table(page.snapshot, name) for name in TABLES)
        else "Deep answers, one by one",
        subtitle=f"Answers with at least 3 points in {numbers.KINDS[page.kind]}, the newest first and at most {MOST}, "
        f"whatever the window; {sentences_depth.YES} earned, {sentences_depth.NO} not.",
        counted="answers",
        chart=None,
        rows=rows,
        metric="answer_depth",
        source=page.source,
        shown=[sentences_depth.describe_answer(row, page.titles) for row in rows],
    )


def load_answers(page: View) -> list[DeepAnswer]:
    """Loads deep answers in the threads that count for the figures above."""
    if not all(snapshot_reader.has_table(page.snapshot, name) for name in TABLES):
        return []
    families = [family["family_id"] for family in page.families]
    sql = (
        "select t.family_id, q.title, a.url, a.depth_points, a.has_code_point, a.has_source_point, "
        "a.has_version_point, a.is_verified, a.author_role, a.replied_at, a.words_count from "
        "metrics.answer_depth as a join metrics.thread_answers as t on t.thread_id = a.thread_id join staging.threads "
        "as q on q.thread_id = a.thread_id where a.depth_points >= 3 and t.channel_kind = ? and ? in ('', "
        f"q.question_type) and ? in ('', q.language) and t.family_id in ({', '.join('?' * len(families))}) order by "
        f"a.replied_at desc, a.reply_id limit {MOST}"
    )
    return list(page.load_rows("staging.threads", sql, page.kind, page.type, page.language, *families))


def draw_context(page: View, order: Sequence[str]) -> Figure:
    """Draws points, words, turns and documentation, which help to read the figures above."""
    lines, rows = cells.make_cells(page, CONTEXT, order)
    as_published = [row | {"segment": row["part"]} for row in rows]
    return Figure(
        name="numbers",
        title="Points, words, turns and documentation, one row per family",
        subtitle=f"Medians and shares with their 95 % intervals; {page.describe_scope(as_published)}.",
        how=f"More words are not more help. {cells.SHORT}.",
        chart=None,
        rows=rows,
        metric="answer_depth_points",
        source=page.source,
        shown=lines,
    )


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))
