"""What an incident's words say of its cause: whether another firm is at fault, whether one is named, whether a report
was written."""

import re
from collections.abc import Iterable
from functools import cache

FIRMS: dict[str, str] = {
    r"Anthropic": "anthropic|claude", r"OpenAI": "openai|chatgpt", r"Google(?: Cloud)?|GCP": "google",
    r"Mistral": "mistral",
    r"DeepSeek": "deepseek", r"Cohere": "cohere", r"xAI": "x\\.ai", r"Hugging ?Face": "huggingface", r"Groq": "groq",
    r"GitHub": "github", r"Amazon(?: Web Services)?|AWS|(?:Amazon )?Bedrock": "aws|amazon",
    r"Azure|Microsoft": "azure|microsoft",
    r"Oracle Cloud|OCI": "oracle", r"Cloudflare": "cloudflare", r"Fastly": "fastly", r"Akamai": "akamai",
    r"Vercel": "vercel",
    r"CoreWeave": "coreweave", r"Crusoe": "crusoe", r"Lambda Labs": "lambda", r"Twilio": "twilio", r"Stripe": "stripe",
    r"Auth0|Okta": "auth0|okta", r"WorkOS": "workos", r"Clerk": "clerk", r"Supabase": "supabase", r"Datadog": "datadog",
    r"Equinix": "equinix", r"Level ?3|Lumen": "lumen",
}  # fmt: skip
"""How a firm is named, and what the address of its own pages contains: there its name blames nobody else."""

_TROUBLE = (
    r"(?:outages?|downtime|issues?|incidents?|errors?|degrad\w+|unavailab\w+|failures?|problems?|disruptions?"
    r"|is (?:down|experiencing|having))"
)
_BLAME = r"(?:due to|caused by|because of|result(?:ing|ed) from|triggered by|upstream|via)"
_PARTNER = r"(?:provider|vendor|supplier|carrier|partner)s?\b"
_SERVICE = (
    r"(?:cloud|hosting|infrastructure|network|model|inference|GPU|DNS|CDN|identity|payments?|data "
    r"cent(?:er|re))(?:\s+services?)?"
)
BLAMED = re.compile(
    rf"\b(?:upstream|third[- ]party|external)\s+(?:[\w-]+\s+){{0,3}}{_PARTNER}"
    rf"|\b(?:upstream|third[- ]party)\s+{_TROUBLE}"
    rf"|\b(?:our|an?)\s+(?:[\w-]+\s+)?{_SERVICE}\s+{_PARTNER}"
    rf"|\b(?:work(?:ing)?|reach(?:ing|ed) out)\s+(?:closely\s+)?(?:with|to)\s+(?:one of "
    rf")?our\s+(?:[\w-]+\s+)?{_PARTNER}",
    re.IGNORECASE,
)
"""Somebody else is at fault who is not named."""
CAUSE = re.compile(
    r"\b(?:caused by|due to|because(?: of)?|as a result of|triggered by|resulted from|result of"
    r"|stem(?:s|med) from|attributed to|led to|traced to"
    r"|(?:root )?cause (?:of (?:this|the) \w+ )?(?:was|is) "
    r"(?!\w*\s*(?:unknown|under|being|still|not|found|identified|determined)))\b",
    re.IGNORECASE,
)
_NO_CAUSE = re.compile(
    r"\b(?:due to|because of|caused by|as a result of)"
    r" (?:this|these|it|the (?:issue|incident|outage|disruption|above|ongoing|potential))\b",
    re.IGNORECASE,
)
REPORT = re.compile(
    r"\b(?:incident report|post[- ]?mortem|root cause analysis|RCA)\b|\bincident (?:start|timeline):", re.IGNORECASE
)
"""A report by name, or the form that Google fills in for each."""
_PROMISE = re.compile(
    r"\b(?:will|would|shall|soon|once|pending|working on|forthcoming|plan(?:ning)?|to follow|when (?:it|available))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def is_third_party(title: str, texts: Iterable[str], page: str = "") -> bool:
    """Whether the title, or an update, puts the fault at another firm than the one whose page (its address) it is."""
    in_title, in_text = _patterns(page)
    if BLAMED.search(title) or in_title.search(title):
        return True
    return any(BLAMED.search(text) or in_text.search(text) for text in texts)


@cache
def _patterns(page: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names a firm as the one that fails: in a title a mention beside a trouble will do, in a text it must be
    blamed."""
    firm = "|".join(name for name, own in FIRMS.items() if not re.search(own, page, re.IGNORECASE))
    named = rf"\b(?:{firm})\b"
    blamed = rf"\b{_BLAME}\s+(?:[\w-]+\s+){{0,5}}?{named}"
    titles = (
        blamed,
        rf"{named}(?:'s)?\s+(?:[\w./-]+\s+){{0,5}}?{_TROUBLE}",
        rf"\b(?:for|on|across|with|to|using|certain)\s+(?:certain |some |many "
        rf")?{named}(?:\s+[\w.]+)?\s+(?:models?|LLMs?|provider)\b",
        rf"\bmodels? (?:on|from|of) {named}",
        rf"\b(?:connectivity|connection|requests?) (?:\w+ )?to {named}",
    )
    texts = rf"{blamed}|{named}(?:'s)?\s+(?:outage|incident|is (?:down|experiencing|having))\b"
    return re.compile("|".join(titles), re.IGNORECASE), re.compile(texts, re.IGNORECASE)


def has_cause(texts: Iterable[str]) -> bool | None:
    """Whether an update says why it happened; None where the page shows no texts."""
    found = [text for text in texts if text.strip()]
    return any(CAUSE.search(_NO_CAUSE.sub(" ", text)) for text in found) if found else None


def has_report(words: Iterable[str], texts: Iterable[str]) -> bool | None:
    """Whether a report of what happened was published, not only promised; None where the page shows no texts."""
    if any(word.lower() == "postmortem" for word in words):
        return True
    found = [text for text in texts if text.strip()]
    sentences = (one for text in found for one in _SENTENCE.split(text))
    return any(REPORT.search(one) and not _PROMISE.search(one) for one in sentences) if found else None
