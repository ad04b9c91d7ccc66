"""Sentences about use: the number of downloads, which is not the number of users."""

from collections.abc import Mapping, Sequence

from dashboards.metric_row import MeasuredRow, Row
from dashboards.openness.sentences.levels import count_families, describe_cases
from dashboards.words import numbers
from dashboards.words.sentences import select_measured
from warehouse.wording import pluralize

CLIENTS = "client packages"


def answer_page(models: Sequence[Row], packages: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the most downloaded models and packages; both count requests, and are not comparable."""
    fetched = _describe_most(models, titles)
    clients = _describe_most([row for row in packages if row["side"] == "proprietary"], titles)
    parts = [f" models of {fetched}{';' if clients else ''}"] if fetched else [","]
    # Hosts have packages, too, and are no side.
    parts += [f" of proprietary families' {CLIENTS}, those of {clients}"] if clients else []
    if not fetched and not clients:
        return "The data give no answer: no download counters were collected for these families."
    text = f"In the last 30 days people and machines downloaded{''.join(parts)}."
    closed = [row for row in models if row["state"] == "not applicable" and row["side"] == "proprietary"]
    if closed:
        text += f" {count_families(len(closed))} {pluralize(len(closed), 'has', 'have')} no weights to download."
    text += " Requests are counted, not people, so there is no interval."
    return text + describe_cases(models, "models a family")


def judge_page(models: Sequence[Row], packages: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict what is downloaded most; empty where nothing was counted."""
    fetched = select_measured(models)
    clients = select_measured([row for row in packages if row["side"] == "proprietary"])
    told = [_judge_most(fetched, "models", titles)] if fetched else []
    if len(clients) > 1:
        verb = "" if len(fetched) > 1 else " are downloaded most"
        told.append(f"of proprietary packages, {_name_top(clients, titles)}'s{verb}")
    elif clients:
        told.append(_judge_most(clients, CLIENTS, titles))
    lead = f"**{told[0][:1].upper()}{told[0][1:]}**" if told else ""
    return f"{'; '.join([lead, *told[1:]])}. How many people use them is not observable." if told else ""


def _judge_most(rows: Sequence[MeasuredRow], what: str, titles: Mapping[str, str]) -> str:
    """Words whose are downloaded most or, of one family alone, how often its own are."""
    whose = f"{_name_top(rows, titles)}'s {what}"
    if len(rows) > 1:
        return f"{whose} are downloaded most"
    return f"{whose}: {numbers.format_count(rows[0]['value'])} {pluralize(rows[0]['value'], 'download')}"


def _name_top(rows: Sequence[MeasuredRow], titles: Mapping[str, str]) -> str:
    return numbers.escape_markdown(titles[max(rows, key=lambda row: row["value"])["family_id"]])


def _describe_most(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    ranked = sorted(select_measured(rows), key=lambda row: -row["value"])[:2]
    counts = [
        f"{numbers.escape_markdown(titles[row['family_id']])} **{numbers.word_count(row['value'])}** times"
        for row in ranked
    ]
    return numbers.join_words(counts)


def name_most(models: Sequence[Row]) -> str:
    """Words the finding of the cloud of models."""
    if not models:
        return "Downloads by age and size: no model was observed"
    top = max(models, key=lambda row: row["downloads_30d"])
    size = f", {numbers.word_count(top['parameters'])} parameters" if top["parameters"] else ""
    return (
        f"Most downloaded model: {numbers.escape_markdown(top['model_id'].rpartition('/')[2])}, out for "
        f"{numbers.format_count(top['age_months'])} {pluralize(round(top['age_months']), 'month')}{size}"
    )


def describe_falls(days: Sequence[Row], rows: Sequence[Row]) -> str:
    """Describes the gaps and falls in the lines by day, which a sum would hide."""
    if not rows:
        return "Downloads per day: no model has two readings yet"
    gaps = sum(row["previous_on"] is not None and (row["day_on"] - row["previous_on"]).days > 1 for row in rows)
    often = "once" if len(days) == 1 else f"{len(days)} times"
    findings = [f"a counter fell {often}" if days else "no counter fell"]
    findings += [f"{gaps} {pluralize(gaps, 'gap')}" if gaps else "no gaps"]
    return f"Downloads per day of each family's most downloaded model: {numbers.join_words(findings)}"


def explain_unwatched(ages: Sequence[Row]) -> str:
    """Explains why models are not compared with others of similar size and age."""
    models = len({row["model_id"] for row in ages})
    watched = "none was" if not ages else f"{models} models were" if models != 1 else "1 model was"
    return (
        "No family can be compared with others of similar size at the same age yet: that takes ten models of a size "
        f"that were observed when they were 30, 90, 180 or 365 days old, and {watched}. No source reports this "
        "afterwards; each day of collecting adds to it."
    )
