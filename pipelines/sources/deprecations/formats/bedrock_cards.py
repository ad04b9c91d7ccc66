"""Amazon Bedrock: a card for each model, the only place of the ends of those launched since 7 September 2026."""

import re

from pipelines.http.errors import Fatal
from pipelines.markup.dates import read_promise
from pipelines.markup.page_blocks import read_markdown_blocks
from pipelines.sources.deprecations.notice import DeprecationFormat, EndNotice
from pipelines.sources.deprecations.tables import STAGES, find_columns

_FIELD = re.compile(r"(Model launch date|EOL no sooner than|Model EOL date|Model lifecycle): (.+)")
_SOME = re.compile(r"\bspecific regions\b", re.IGNORECASE)


def read_card(text: str, name: str) -> list[EndNotice]:
    """Reads a notice for each id of a model that has a last day, or an earliest one.

    `name` is the card's, for errors. Raises Fatal if it has no day of launch.
    """
    blocks = read_markdown_blocks(text)
    fields = {match[1]: match[2] for block in blocks if (match := _FIELD.match(block.text))}
    if "Model launch date" not in fields:
        raise Fatal(f"{name}: a card without a day of launch; the cards have changed shape")
    lifecycle = fields.get("Model lifecycle", "")
    shutdown = read_promise(fields.get("Model EOL date", ""))
    shutdown = shutdown if shutdown.on else read_promise(fields.get("EOL no sooner than", ""), is_floor=True)
    # Which regions an end is of stands in the list of ends only.
    if not shutdown.on or _SOME.search(lifecycle):
        return []
    title = next((block.text for block in blocks if block.kind == "heading"), name)
    cells = [
        row[columns["model"]].strip("`")
        for block in blocks
        if block.kind == "table" and "model id" in map(str.lower, block.header)
        for columns in [find_columns(block.header)]
        for row in block.rows
    ]
    stage = STAGES.get(lifecycle.lower(), "")
    return [
        EndNotice(code, "model", title, "", shutdown=shutdown, behaviour="shutdown", stage=stage)
        for code in dict.fromkeys(cells)
        if "." in code and " " not in code
    ]


FORMAT = DeprecationFormat(read_file=read_card, endings=(".md",), cards=r"\bmodel-card-[\w.-]+?\.md\b")
