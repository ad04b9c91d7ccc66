-- question: Which family does a request for help in a channel of many families concern?
-- grain: channel_id, thread_code
-- caveats: The only family mentioned in the title; if the title mentions none, the only one mentioned in title and text
--   together. A thread that mentions several families is assigned to none. Titles are read with the catalog's current
--   words, texts with those of the day on which they were collected. The matching rules are in
--   pipelines/text/mentions.py, their accuracy in analytics/accuracy.csv. `phrases` are all that the title has, whether
--   or not they count.
with titles as (
    select
        t.channel_id, t.thread_code, t.mentioned_families,
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
),

hits as materialized (
    select
        s.channel_id, s.thread_code, m.family_id, m.kind as phrase_kind, array_to_string(m.words, ' ') as phrase,
        s.first_word, s.first_word + len(m.words) as next_place, s.words[s.first_word + len(m.words)] as next_text
    from spoken as s
    join raw.catalog__mentions as m on m.words[1] = s.words[s.first_word]
    where s.words[s.first_word : s.first_word + len(m.words) - 1] = m.words
),

-- "Near" means within five words, as in pipelines/text/mentions.py.
mentions as (
    select h.channel_id, h.thread_code, h.family_id
    from hits as h
    left join hits as o
        on o.channel_id = h.channel_id and o.thread_code = h.thread_code and o.family_id = h.family_id
            and o.phrase_kind in ('companion', 'masked')
    where h.phrase_kind in ('sure', 'weak')
    group by h.channel_id, h.thread_code, h.family_id, h.phrase_kind, h.first_word, h.next_place, h.next_text
    having
        not coalesce(
            bool_or(o.phrase_kind = 'masked' and o.first_word < h.next_place and h.first_word < o.next_place), false
        )
        and (
            h.phrase_kind = 'sure'
            or regexp_matches(coalesce(h.next_text, ''), '^[0-9]')
            or coalesce(bool_or(
                o.phrase_kind = 'companion' and o.first_word between h.first_word - 5 and h.next_place + 4
                and (o.next_place <= h.first_word or o.first_word >= h.next_place)
            ), false)
        )
),

by_title as (
    select channel_id, thread_code, count(distinct family_id) as families_count, min(family_id) as family_id
    from mentions
    group by channel_id, thread_code
),

-- A family that is no longer in the catalog gets no threads.
by_text as (
    select t.channel_id, t.thread_code, count(distinct f.family_id) as families_count, min(f.family_id) as family_id
    from (select channel_id, thread_code, unnest(mentioned_families) as family_id from titles) as t
    join raw.catalog__families as f on f.family_id = t.family_id
    group by t.channel_id, t.thread_code
),

said as (
    select channel_id, thread_code, list_sort(list(distinct phrase)) as phrases
    from hits
    group by channel_id, thread_code
)

select
    s.channel_id, s.thread_code,
    case
        when a.families_count = 1 then a.family_id
        when a.families_count is null and b.families_count = 1 then b.family_id
    end as family_id,
    p.phrases
from titles as s
left join by_title as a on a.channel_id = s.channel_id and a.thread_code = s.thread_code
left join by_text as b on b.channel_id = s.channel_id and b.thread_code = s.thread_code
left join said as p on p.channel_id = s.channel_id and p.thread_code = s.thread_code
