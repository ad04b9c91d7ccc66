"""Names the host of an id or a page; an id of a maker's own API names none."""

import re
from collections.abc import Sequence

from warehouse.ends.states import Row

HOSTS = {
    "azure": "Azure", "baseten": "Baseten", "bedrock": "Bedrock", "cerebras": "Cerebras", "coreweave": "CoreWeave",
    "deepinfra": "DeepInfra", "fireworks": "Fireworks", "groq": "Groq", "novita": "Novita",
    "openrouter": "OpenRouter", "replicate": "Replicate", "siliconflow": "SiliconFlow", "together": "Together",
    "vertex": "Vertex AI",
}  # fmt: skip
"""Each host's name, by the word that prefixes of ids and addresses of pages have in common."""
RELAY = "openrouter"
"""Passes requests on: what the maker ends, ends there too."""
BEDROCK_ID = re.compile(
    r"(?:(us|eu|apac|global|jp|au|ca|us-gov)\.)?"
    r"(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen|google|nvidia|minimax|moonshotai?|stability|"
    r"twelvelabs|writer|zai)\."
)
"""A vendor before a dot, and before it the geography of an inference profile."""
GEOGRAPHIES = {
    "us": "us-(?!gov-)", "eu": "eu-", "apac": "ap-", "jp": "ap-northeast-", "au": "ap-southeast-", "ca": "ca-",
    "us-gov": "us-gov-",
}  # fmt: skip
"""How the regions of a profile begin, as patterns."""
_REGION = re.compile(r"(?:^|[:/])([a-z]{2}-[a-z-]+-\d)[:/]")
_VERTEX_VERSION = re.compile(r"[a-z0-9]@(?:\d{3,8}|default|latest)\Z")


def name_host(asked: str) -> str:
    """Returns the host that an id names, by its prefix or by its way of writing; empty if it names none."""
    parts = re.split(r"[/:]", asked.lower())
    if any(BEDROCK_ID.match(part) for part in parts):
        return "bedrock"
    if "publishers" in parts or _VERTEX_VERSION.search(asked):
        return "vertex"
    return next((host for part in parts[:-1] for host in HOSTS if host in part), "")


def name_host_of_row(row: Row) -> str:
    """Returns the host whose page or price list a row is from; empty for a maker's own."""
    if row.get("expires_on"):
        return RELAY
    page = f"{row.get('family_id') or ''} {row.get('target') or ''}".lower()
    otherwise = page.strip() if row.get("side") == "host" or row.get("family_id") is None else ""
    return next((host for host in HOSTS if host in page), otherwise)


def select_regions(asked: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Selects the rows about regions that an id of Bedrock may run in: an ARN of a model or a path names one, the
    profile of an id a geography."""
    profile = BEDROCK_ID.match(asked.removeprefix("bedrock:").rpartition("/")[2])
    geography = GEOGRAPHIES.get((profile and profile[1]) or "", "")
    if geography or "inference-profile/" in asked:
        return [
            row for row in rows if not row.get("region") or any(re.match(geography, one) for one in _list_regions(row))
        ]
    named = _REGION.search(asked)
    if not named:
        return rows
    own = [row for row in rows if named[1] in _list_regions(row)]
    return own or [row for row in rows if not row.get("region")]


def _list_regions(row: Row) -> list[str]:
    return re.findall(r"[a-z]{2}-[a-z-]+-\d", row.get("region") or "")
