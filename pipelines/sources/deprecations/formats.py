"""The forms of deprecation pages, by the name that a channel gives as its `format`."""

from pipelines.sources.deprecations.bedrock_cards import read_card
from pipelines.sources.deprecations.mistral import read_model
from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_closures, read_model_sections, read_sections, read_sentences

ALL_DATES = DeprecationFormat()
"""Tables with all dates."""
FORMATS = {
    # Tables under headings with the day of the announcement, and a note on what has no date yet.
    "anthropic": DeprecationFormat(heading="announced", read_words=read_sentences),
    "azure": ALL_DATES,
    # A table of planned ends, whose day of deprecation is the last; the page is empty in between.
    "baseten": DeprecationFormat(titles={"deprecation date": "shutdown"}, says_none=r"\bno planned deprecations\b"),
    "bedrock": ALL_DATES,
    # A card for each model, the only place of the ends of those launched since 7 September 2026.
    "bedrock_cards": DeprecationFormat(read_file=read_card, endings=(".md",), cards=r"\bmodel-card-[\w.-]+?\.md\b"),
    # A block for each announcement, headed by its day or by the last day.
    "cerebras": DeprecationFormat(read_words=read_sections),
    # One announcement per dated heading, with tables or lists.
    "cohere": DeprecationFormat(heading="announced", has_lists=True),
    # A model is called deprecated from the day of its notice on.
    "coreweave": DeprecationFormat(titles={"deprecation date": "announced"}),
    # A change log, which ends models in sentences under the day of the announcement.
    "deepseek": DeprecationFormat(read_words=read_sentences, says_none=r"\bdeepseek-"),
    "gemini": ALL_DATES,
    # Release notes: the day from which models are closed to new users. Ends are on a page of their own.
    "gemini_notes": DeprecationFormat(read_words=read_closures, says_none=r"\bgemini-"),
    # Headings with the last day; a sentence gives the day of the announcement.
    "groq": DeprecationFormat(heading="shutdown", has_prose_announced=True),
    # Sentences that name what was discontinued on which day, and a table of those that one of them ends.
    "kimi": DeprecationFormat(
        has_prose_shutdown=True, read_words=read_sentences, ended_under=r"\b(?:deprecated|discontinued)\b"
    ),
    "mimo": ALL_DATES,
    "mistral": DeprecationFormat(read_file=read_model, endings=(".ts",)),
    # The titles call the last day a time of deprecation.
    "modelstudio": DeprecationFormat(titles={"deprecation time": "shutdown"}),
    # One announcement per heading, dated by the heading or by a sentence below it.
    "openai": DeprecationFormat(heading="announced", has_prose_announced=True),
    "together": ALL_DATES,
    # Tables with all dates, and of partners' models a section each.
    "vertex": DeprecationFormat(read_words=read_model_sections),
    # Tables without dates; the title or a sentence gives the last day.
    "xai": DeprecationFormat(has_prose_shutdown=True),
}
