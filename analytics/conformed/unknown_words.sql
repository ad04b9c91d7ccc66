-- question: Which upstream words are not recognised yet?
-- grain: channel_id, thing, unknown_word
-- published: yes
-- unit: rows
-- caveats: An unrecognised word is kept raw and given no meaning, least of all a good one: its row has no severity,
--   kind or state if that depends on it. Rows that the upstream has since dropped keep the words that were unknown
--   when they were read.
with stated as (
    select channel_id, 'incidents' as thing, drift_words, seen_at from staging.status__incidents
    union all
    select channel_id, 'notices' as thing, drift_words, seen_at from staging.deprecations__notices
    union all
    select channel_id, 'topics' as thing, drift_words, seen_at from staging.discourse__topics
    union all
    select channel_id, 'discussions' as thing, drift_words, seen_at from staging.huggingface__discussions
    union all
    select channel_id, 'providers' as thing, drift_words, seen_at from staging.huggingface__providers
    union all
    select channel_id, 'models' as thing, drift_words, seen_at from staging.prices__models
    union all
    select channel_id, 'questions' as thing, drift_words, seen_at from staging.stackexchange__questions
),

words as (
    select channel_id, thing, unnest(drift_words) as unknown_word, seen_at from stated
)

select channel_id, thing, unknown_word, count(*) as rows_count, max(seen_at) as seen_at
from words
group by channel_id, thing, unknown_word
