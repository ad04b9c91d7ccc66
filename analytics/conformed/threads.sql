-- question: Which requests for help are there, and which family do they concern?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: A thread of a family's own channel concerns that family. One of a channel that many families share concerns the single family whose names
--   its title mentions as whole words; where it mentions none or several, family_id is null. Names of software made of a model's name
--   (llama.cpp, llama-server, gemma.cpp) are no mention of the model. Titles only: bodies are not kept. Where fewer replies were collected than the
--   source counts, has_all_replies is false: what is missing is unknown, not silence.
-- version: 1
with visits as (
    select channel_id, max(started_at) as as_of_at
    from raw.ledger__runs
    where thing = 'issues' and state in ('complete', 'unchanged')
    group by channel_id
),

shared_titles as (
    select
        i.channel_id, i.number,
        lower(regexp_replace(
            i.title, '(?i)llama([._*-]+[a-z*]\w*| ?:| cpp\b| runner\b)|\w+\.(cpp|rs|py|exe|dll|so|h|c)\b', ' ', 'g'
        )) as title
    from staging.github__issues as i
    join raw.catalog__channels as c on c.channel_id = i.channel_id
    where c.family_id = '_shared'
),

-- Twice: with digits and without, so that Qwen3 mentions Qwen too.
spoken as (
    select
        channel_id, number,
        ' ' || regexp_replace(title, '[^a-z0-9]+', ' ', 'g') || ' | ' || regexp_replace(title, '[^a-z]+', ' ', 'g') || ' ' as words
    from shared_titles
),

listed as (
    select family_id, unnest(mentions) as mention from raw.catalog__families
),

names as (
    select family_id, ' ' || trim(regexp_replace(lower(mention), '[^a-z0-9]+', ' ', 'g')) || ' ' as words from listed
),

mentioned as (
    select s.channel_id, s.number, min(n.family_id) as family_id
    from spoken as s
    join names as n on strpos(s.words, n.words) > 0
    where length(n.words) > 2
    group by s.channel_id, s.number
    having count(distinct n.family_id) = 1
),

collected as (
    select channel_id, number, count(*) as comments_count from staging.github__comments group by channel_id, number
)

select
    i.channel_id || '#' || i.number as thread_id,
    i.channel_id,
    case when c.family_id = '_shared' then m.family_id else c.family_id end as family_id,
    c.source, c.channel_kind, c.role as channel_role,
    i.number, i.title, i.url, i.actor_id, i.author_role, i.opened_at, i.closed_at, i.state, i.close_reason, i.closed_by_role,
    i.comments_count as replies_count,
    coalesce(r.comments_count, 0) >= i.comments_count as has_all_replies,
    i.label_names, i.has_code, i.words_count,
    greatest(coalesce(v.as_of_at, i.seen_at), i.seen_at) as observed_until_at,
    i.source_time, i.seen_at
from staging.github__issues as i
join raw.catalog__channels as c on c.channel_id = i.channel_id
left join visits as v on v.channel_id = i.channel_id
left join collected as r on r.channel_id = i.channel_id and r.number = i.number
left join mentioned as m on m.channel_id = i.channel_id and m.number = i.number
