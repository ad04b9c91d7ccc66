"""DeepSeek: its change log, which ends models in sentences under the day of the announcement."""

from pipelines.sources.deprecations.notice import DeprecationFormat
from pipelines.sources.deprecations.prose import read_sentences

FORMAT = DeprecationFormat(read_words=read_sentences, says_none=r"\bdeepseek-")
