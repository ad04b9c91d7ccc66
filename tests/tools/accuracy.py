"""How often attribution, roles and what is read in texts and of incidents is right: on labels held out while the rules
were tuned.

`python -m tests.tools.accuracy` prints the tables and the confusions that remain; with `--write` it renews
`analytics/accuracy.csv` and `analytics/reading_errors.csv`. Both need the texts of all labels: if some are absent,
it names them and writes nothing (`tests/labels/README.md` lists their sources).
"""

import sys
from collections.abc import Iterable
from dataclasses import replace

from analytics.engine.headers import read_header
from analytics.engine.models import ROOT
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.people import RULES_VERSION, Role, determine_role
from pipelines.text.mentions import Mentions
from tests.tools import labelled
from tests.tools.accuracy_incidents import incident_cases, incident_table
from tests.tools.accuracy_rows import Case, as_csv, confusions, row
from tests.tools.accuracy_texts import text_cases, text_table
from tests.tools.labelled_threads import list_absent_sources
from tests.tools.reading_errors import COLUMNS as ERROR_COLUMNS
from tests.tools.reading_errors import error_table, read_held_out
from tests.tools.whole.answers import answer_cases
from tests.tools.whole.threads import thread_cases

FILE, ERRORS = ROOT / "accuracy.csv", ROOT / "reading_errors.csv"
NOBODY = "nobody"
BY_NAME = "role by name only"
"""Roles if no bot bears its platform's mark."""
MACHINE = "bot or agent"
CLASSES: dict[Role, str] = {"staff": "staff", "maintainer": "staff", "bot": "bot", "agent": "agent"}
"""Roles by their label; all others are people outside."""


def cases(split: str = "test") -> list[Case]:
    """All labelled threads and accounts of a half, judged by the project's own rules."""
    return [*attribution_cases(split), *role_cases(split)]


def attribution_cases(split: str) -> list[Case]:
    """Threads: one family or nobody. A thread that concerns several families concerns nobody in particular."""
    mentions = Mentions(list_mention_rules(read_catalog([SHIPPED]).families))
    found = []
    for thread in labelled.threads():
        if thread.split == split and thread.sample == "drawn":
            wanted = next(iter(thread.families)) if len(thread.families) == 1 else NOBODY
            trap = "several" if len(thread.families) > 1 else thread.trap
            found.append(Case("attribution", wanted, _attribute(mentions, thread), trap))
    return found


def _attribute(mentions: Mentions, thread: labelled.Thread) -> str:
    """As `analytics/conformed/attributions.sql` does: title first, then title and text."""
    for text in (thread.title, f"{thread.title}\n{thread.text}"):
        if families := mentions(text):
            return families[0] if len(families) == 1 else NOBODY
    return NOBODY


def role_cases(split: str) -> list[Case]:
    """Accounts: bot, agent, staff or human. Bots that no platform marks are a matter of their own: only names tell."""
    found = []
    for account in labelled.accounts():
        if account.split == split:
            # GitHub names the accounts of apps `…[bot]` and marks each of them; the lists have the names only.
            is_marked = account.typename == "Bot" or account.login.endswith("[bot]")
            typename = "Bot" if is_marked else account.typename
            role = determine_role(account.login, typename, account.association)
            is_nameless = account.label == "bot" and not is_marked
            features = (BY_NAME,) if is_nameless else ("role",) if account.label == "bot" else ("role", BY_NAME)
            found += [Case(one, account.label, CLASSES.get(role, "human"), account.trap) for one in features]
    return found


def table(items: Iterable[Case]) -> list[dict[str, str]]:
    """A row a feature and class, and one for all families together (nobody excluded)."""
    items = list(items)
    result: list[dict[str, str]] = []
    for feature in dict.fromkeys(one.feature for one in items):
        of = [one for one in items if one.feature == feature]
        names = {one.wanted for one in of} | {one.found for one in of}
        names |= _families() if feature == "attribution" else set()
        result.extend(_row(feature, name, of, {name}) for name in sorted(names))
        if feature in ("role", BY_NAME):
            machines = [replace(one, wanted=_machine(one.wanted), found=_machine(one.found)) for one in of]
            result.append(_row(feature, MACHINE, machines, {MACHINE}))
        else:
            result.append(_row(feature, "any family", of, names - {NOBODY}))
    return result


def _machine(role: str) -> str:
    """A bot taken for an agent is no answer by a person either."""
    return MACHINE if role in ("bot", "agent") else role


def _families() -> set[str]:
    """Lists all families that a thread may concern, labelled or not."""
    return {one.id for one in read_catalog([SHIPPED]).families if one.side != "host"}


def _row(feature: str, name: str, items: list[Case], classes: set[str]) -> dict[str, str]:
    version = (
        RULES_VERSION if feature in ("role", BY_NAME) else read_header(ROOT / "conformed" / "attributions.sql").version
    )
    return row(feature, name, items, classes, version)


def published() -> list[dict[str, str]]:
    """The whole table, of the half that is held out; two readers are compared on whatever both of them read."""
    of_threads = [*thread_cases(), *answer_cases()]
    return [
        *table(cases()),
        *text_table([*text_cases(), *of_threads], [*text_cases(None), *of_threads]),
        *incident_table(incident_cases()),
    ]


def main(words: list[str]) -> None:
    """Prints, and writes where asked to."""
    for split in ("test", "tune"):
        items, read, stated = cases(split), text_cases(split), incident_cases(split)
        read += [*thread_cases(), *answer_cases()] if split == "test" else []
        print(f"# half: {split}, {len(items)} items, {len(read)} features of texts, {len(stated)} of incidents")
        print(as_csv([*table(items), *text_table(read, read), *incident_table(stated)]))
        print("wrong, feature, true, found, trap")
        for line in confusions([*items, *read, *stated]):
            print(*line, sep=", ")
    if "--write" in words:
        absent = list_absent_sources()
        if absent:
            sys.exit(f"Not written: the texts of {', '.join(absent)} are not here; see tests/labels/README.md.")
        FILE.write_text(as_csv(published()), encoding="utf-8")
        ERRORS.write_text(as_csv(error_table(read_held_out()), ERROR_COLUMNS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
