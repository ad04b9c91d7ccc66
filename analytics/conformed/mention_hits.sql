-- question: Which phrases of the family files are in the titles of shared channels, and where?
-- grain: channel_id, thread_code, family_id, phrase_kind, phrase, first_word
-- caveats: A phrase that is in a title is not yet a mention: whether it counts is decided in `attributions`. Words
--   are distinguished as in pipelines/text/mentions.py.
with titles as (
    select
        t.channel_id, t.thread_code,
        regexp_extract_all(
            lower(regexp_replace(t.title, '[^\x00-\x7f぀-ヿ㐀-鿿가-힣]', ' ', 'g')),
            '[a-z]+_?|[0-9]+|[぀-ヿ㐀-鿿가-힣]'
        ) as words
    from staging.thread_rows as t
    join raw.catalog__channels as c on c.channel_id = t.channel_id
    where c.family_id = '_shared'
),

spoken as (
    select channel_id, thread_code, words, unnest(range(1, len(words) + 1)) as first_word
    from titles
)

select
    s.channel_id, s.thread_code, m.family_id, m.kind as phrase_kind, array_to_string(m.words, ' ') as phrase,
    s.first_word, s.first_word + len(m.words) as next_place, s.words[s.first_word + len(m.words)] as next_text
from spoken as s
join raw.catalog__mentions as m on m.words[1] = s.words[s.first_word]
where s.words[s.first_word : s.first_word + len(m.words) - 1] = m.words
