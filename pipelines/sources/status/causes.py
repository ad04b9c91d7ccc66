"""Causes in an incident's words: the blame of another firm, a stated cause, a published report."""

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
"""A firm's names, and a pattern of its own pages' addresses: there its name blames nobody else."""

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
"""Blame of another firm that the text does not name."""
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
"""A report by name, or the form that Google fills in for each incident."""
_PROMISE = re.compile(
    r"\b(?:will|would|shall|soon|once|pending|working on|forthcoming|plan(?:ning)?|to follow|when (?:it|available))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


_REMEDY = re.compile(
    r"\b(?:next steps?|action items?|follow[- ]ups?|remediation|prevent\w*|avoid\w*|in (?:the )?future|going forward"
    r"|long[- ]term|lessons? learned|redundan\w+|resilien\w+|diversif\w+|multi[- ](?:cloud|provider|region)|hardening"
    r"|improv(?:e|ing|ements?)|reduc(?:e|ing) (?:our )?(?:reliance|dependen\w+)|contingenc\w+)\b",
    re.IGNORECASE,
)
"""Words for what is done so that it does not happen again: they name suppliers that were not at fault."""
_ACQUITTAL = re.compile(
    rf"\b(?:not|n[’']t|never) (?:\w+ ){{0,3}}?(?:{_BLAME}|related to|an? (?:third[- ]party|upstream))"
    r"|\b(?:ruled out|unrelated to|rather than|as opposed to|no (?:issues?|problems?) (?:with|at|on))\b",
    re.IGNORECASE,
)
"""Words that say who was not at fault."""
_REMEDY_HEADING = re.compile(
    r"^[^\w\n]*(?:next steps?|action items?|remediation\w*|prevention|follow[- ]ups?|lessons? learned"
    r"|what (?:we|are we)[^.!?\n]{0,40}(?:doing|do|change|changing|learned)|(?:corrective|preventive) \w+)\b"
    r"[^.!?\n]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
"""A heading of a report, below which it says what will be done."""


def is_third_party(title: str, texts: Iterable[str], page: str = "", reports: Iterable[str] = ()) -> bool:
    """Returns whether the title or an update blames a firm other than the owner of `page`, an address.

    Of `reports`, written once the cause is known, only sentences that state a cause count; nowhere those on remedies.
    """
    in_title, in_text = _compile_blame_patterns(page)
    if BLAMED.search(title) or in_title.search(title):
        return True
    said = [sentence for text in texts for sentence in _list_causal_sentences(text)]
    stated = [sentence for text in reports for sentence in _list_causal_sentences(text) if _states_cause(sentence)]
    return any(BLAMED.search(sentence) or in_text.search(sentence) for sentence in (*said, *stated))


def _list_causal_sentences(text: str) -> list[str]:
    """Lists the sentences that may tell why this incident happened."""
    heading = _REMEDY_HEADING.search(text)
    stated_rows = text[: heading.start()] if heading else text
    return [part for part in _SENTENCE.split(stated_rows) if not _REMEDY.search(part) and not _ACQUITTAL.search(part)]


def _states_cause(sentence: str) -> bool:
    return not _PROMISE.search(sentence) and (
        CAUSE.search(sentence) is not None or re.search(_BLAME, sentence, re.IGNORECASE) is not None
    )


@cache
def _compile_blame_patterns(page: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compiles the patterns of a named firm at fault, for titles and for texts."""
    # Texts name firms in passing, so there blame must be explicit; in a title a mention beside trouble is enough.
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
    """Returns whether an update states a cause; None if the page shows no texts."""
    written = [text for text in texts if text.strip()]
    # "Due to this incident" names no cause, so such phrases are removed first.
    return any(CAUSE.search(_NO_CAUSE.sub(" ", text)) for text in written) if written else None


def has_report(words: Iterable[str], texts: Iterable[str]) -> bool | None:
    """Returns whether a report was published, not only promised; None if the page shows no texts."""
    if any(word.lower() == "postmortem" for word in words):
        return True
    written = [text for text in texts if text.strip()]
    sentences = (sentence for text in written for sentence in _SENTENCE.split(text))
    return any(REPORT.search(sentence) and not _PROMISE.search(sentence) for sentence in sentences) if written else None
