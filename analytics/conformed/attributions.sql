-- question: Which family does a request for help in a channel of many families concern?
-- grain: channel_id, thread_code
-- unit: none
-- standard: none
-- caveats: The only family mentioned in the title; if the title mentions none, the only one mentioned in title and text
--   together. A thread that mentions several families is assigned to none. Titles are read with the catalog's current
--   words, texts with those of the day on which they were collected. The matching rules are in
--   pipelines/text/mentions.py, their accuracy in analytics/accuracy.csv.
-- version: 2
with shared_threads as (
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
    select channel_id, thread_code, words, unnest(words) as word, unnest(range(1, len(words) + 1)) as start
        from shared_threads
),

hits as (
    select s.channel_id, s.thread_code, m.family_id, m.kind, s.start, s.start + len(m.words) as stop,
    s.words[s.start + len(m.words)] as next_word
    from spoken as s
    join raw.catalog__mentions as m on m.words[1] = s.word
    where s.words[s.start : s.start + len(m.words) - 1] = m.words
),

-- "Near" means within five words, as in pipelines/text/mentions.py.
mentions as (
    select h.channel_id, h.thread_code, h.family_id
    from hits as h
    left join hits as o
        on o.channel_id = h.channel_id and o.thread_code = h.thread_code and o.family_id = h.family_id
            and o.kind in ('companion', 'masked')
    where h.kind in ('sure', 'weak')
    group by h.channel_id, h.thread_code, h.family_id, h.kind, h.start, h.stop, h.next_word
    having not coalesce(bool_or(o.kind = 'masked' and o.start < h.stop and h.start < o.stop), false)
        and (
            h.kind = 'sure'
            or regexp_matches(coalesce(h.next_word, ''), '^[0-9]')
            or coalesce(bool_or(o.kind = 'companion' and o.start between h.start - 5 and h.stop + 4
                and (o.stop <= h.start or o.start >= h.stop)), false)
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
    from (select channel_id, thread_code, unnest(mentioned_families) as family_id from shared_threads) as t
    join raw.catalog__families as f on f.family_id = t.family_id
    group by t.channel_id, t.thread_code
)

select
    s.channel_id, s.thread_code,
    case
        when a.families_count = 1 then a.family_id
        when a.families_count is null and b.families_count = 1 then b.family_id
    end as family_id,
    case
        when a.families_count = 1 then 'title'
        when a.families_count > 1 or b.families_count > 1 then 'several'
        when b.families_count = 1 then 'text'
        else 'none'
    end as attribution_rule
from shared_threads as s
left join by_title as a on a.channel_id = s.channel_id and a.thread_code = s.thread_code
left join by_text as b on b.channel_id = s.channel_id and b.thread_code = s.thread_code
