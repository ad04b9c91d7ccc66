"""The published accuracy of the rules that read text, drawn and in words."""

from collections.abc import Sequence

from dashboards.charts.axes import make_scale
from dashboards.charts.colours import Palette
from dashboards.charts.lines import draw_intervals
from dashboards.charts.marks import Spec
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot
from warehouse.wording import is_are

TABLE, GATES = "metrics.feature_accuracy", "metrics.reader_gates"
BELOW = "▲ below its gate"
READERS = f"""
select
    a.*, g.is_passed, g.needed_precision, g.needed_recall, g.labelled_count as sought_count,
    coalesce(s.sides, []) as failed_sides, coalesce(s.has_parts, false) as has_failed_parts
from {TABLE} a join {GATES} g using (feature)
left join (
    select
        split_part(feature, '=', 1) as feature, list(side order by side) filter (not contains(feature, '=')) as sides,
        bool_or(contains(feature, '=')) as has_parts
    from {GATES} where not is_passed and side <> 'all' group by 1
) s using (feature)
where part = 'all' and language = 'all' and g.side = 'all'
    and (class in ('yes', 'stated', 'bot or agent') or starts_with(class, 'any '))
qualify row_number() over (partition by feature order by starts_with(class, 'any ') desc, channel_kind <> 'all') = 1
order by not is_passed or len(failed_sides) > 0 or has_failed_parts, feature
"""
"""The overall result of each reader that has a gate, and on which sides it fails its own or that of a class; those that
pass everywhere first."""
UNKNOWN = {"precision": "unknown, nothing found", "recall": "unknown, nothing to find"}
NAMES = {
    "attribution": "family meant", "has_command": "contains a command", "has_thanks": "says thanks",
    "has_code": "contains code", "has_patch": "contains a patch", "has_solved": "says that it is solved",
    "is_me_too": "has the same problem", "incident window": "stated hours of an incident", "role": "bot or AI agent",
}  # fmt: skip
"""What rules find in a text, if their own names do not say it."""
LABELLED = (
    "Precision (●): the share of what a rule finds that is right. Recall (□): the share of cases that it finds. Bars "
    "are 95 % intervals."
)
LABELLERS = (
    "▲ below its gate: one of the two is lower than needed, or fewer than 10 cases were there to find, over all labels "
    "or on those of a side; a figure that rests on it is suspect there. "
    "AI readers, not people, labelled held-out texts one by one, with written definitions and without the rules' "
    "output; `tests/labels/README.md` says which texts, and how often labellers agree."
)


def load_readers(snapshot: Snapshot) -> list[DictRow]:
    """Loads the overall result of each reader with what it needs; empty where the snapshot lacks them."""
    return snapshot_reader.load_rows(snapshot, READERS)


def name_feature(row: DictRow) -> str:
    return NAMES.get(row["feature"], str(row["feature"]).replace("_", " "))


def format_accuracy(row: DictRow, name: str, has_limits: bool = True) -> str:
    """Formats a result: `72 % (58–82 %)`; no precision where a rule found nothing, no recall if there was nothing to
    find."""
    if row[name] is None:
        return UNKNOWN[name]
    spread = numbers.format_interval(row[f"{name}_low"], row[f"{name}_high"], "share")
    return numbers.format_share(row[name]) + (f" ({spread})" if spread and has_limits else "")


def make_groups(rows: Sequence[DictRow]) -> list[DictRow]:
    """Makes one group per feature, with a line for precision and one for recall."""
    drawn = []
    for row in rows:
        weak = f" · {failed}" if (failed := describe_failure(row)) else ""
        short = " / ".join("–" if row[name] is None else format_accuracy(row, name, False) for name in UNKNOWN)
        lines = [
            {"look": name, "note": f"{name} {format_accuracy(row, name)}", "value": row[name]}
            | {end: row[f"{name}_{end}"] for end in ("low", "high")}
            for name in UNKNOWN
        ]
        group = {
            "name": name_feature(row),
            "said": f"{short}{_describe_gate(row)}{weak}",
            "short": f"{short} · ▲" if weak else short,
        }
        drawn.append(group | {"lines": lines})
    return drawn


def describe_failure(row: DictRow) -> str:
    """Says where a reader is below its gate; empty if it passes everywhere."""
    if not row["is_passed"]:
        return BELOW
    if row["failed_sides"]:
        return f"{BELOW} for {numbers.join_words(row['failed_sides'])} families"
    return "▲ some of its classes below their gate" if row["has_failed_parts"] else ""


def _describe_gate(row: DictRow) -> str:
    """Says what a reader needs, or that too few cases were there to find."""
    if not row["is_passed"] and all((row[name] or 0) >= row[f"needed_{name}"] for name in UNKNOWN):
        return f"; {numbers.format_count(row['sought_count'])} to find, too few"
    needed = [numbers.format_share(row[f"needed_{name}"]) for name in UNKNOWN]
    return f"; needs {needed[0]}" + (f" and {needed[1]}" if needed[0] != needed[1] else "")


def draw_accuracy(drawn: Sequence[DictRow], tone: Palette) -> Spec:
    """Draws precision as a filled circle and recall as a hollow square, each with its interval."""
    looks = {
        "precision": tone.look("circle", tone.ink, is_filled=True),
        "recall": tone.look("square", tone.muted, is_filled=False),
    }
    scale, axis = make_scale("share", [])
    return draw_intervals(drawn, looks, (scale, axis | {"grid": False}), {}, tone)


def draw_readers(page: View) -> Figure | None:
    """Draws the overall accuracy of the rules that have a gate; None if the snapshot has none."""
    whole = load_readers(page.snapshot)
    if not whole:
        return None
    weak = sum(bool(describe_failure(row)) for row in whole)
    description = "; ".join(
        f"{name_feature(row)} {format_accuracy(row, 'precision')} and {format_accuracy(row, 'recall')} "
        f"{describe_failure(row)}".strip()
        for row in whole
    )
    return Figure(
        name="accuracy",
        title=f"{weak or 'None'} of {len(whole)} text rules {is_are(weak)} below a gate",
        subtitle=LABELLED,
        how=LABELLERS,
        chart=draw_accuracy(make_groups(whole), page.theme),
        rows=whole,
        metric="feature_accuracy",
        source=f"{sum(row['labelled_count'] or 0 for row in whole):,} labelled cases in these lines",
        alt=f"Precision and recall: {description}",
    )
