-- question: Which models does OpenRouter list, whose are they, and when did they come and go?
-- grain: channel_id, listed_id
-- unit: none
-- standard: none
-- caveats: A model is a family's when its author (or the organisation of its weights on the Hub) is the family's maker or one of its organisations on the
--   Hub, and its name mentions the family as whole words; of several families the longest name wins, and of equals the open one where weights are named, else
--   the proprietary one. What is built on a family's weights by others is nobody's here. One that was there at our first visit came earlier: see `listed_at`.
--   It is gone when two visits on different days missed it. OpenRouter's list is not the vendor's: a model may live on elsewhere.
-- version: 1
with told as (
    select *, row_number() over (partition by channel_id, listed_id order by day_on desc) as from_last
    from staging.prices__models
    where is_listed
),

lives as (
    select
        channel_id, listed_id,
        min(day_on) filter (where is_listed) as first_listed_on,
        max(day_on) filter (where is_listed) as last_listed_on,
        max(day_on) filter (where not is_listed) as last_missed_on
    from staging.prices__models
    group by channel_id, listed_id
),

spoken as (
    select
        channel_id, listed_id, hub_id is not null as has_hub,
        regexp_replace(lower(split_part(listed_id, '/', 1)), '[^a-z0-9]', '', 'g') as author,
        regexp_replace(lower(split_part(coalesce(hub_id, ''), '/', 1)), '[^a-z0-9]', '', 'g') as hub_author,
        ' ' || regexp_replace(lower(split_part(listed_id, '/', 2)), '[^a-z0-9]+', ' ', 'g')
        || ' | ' || regexp_replace(lower(split_part(listed_id, '/', 2)), '[^a-z]+', ' ', 'g') || ' ' as words
    from told
    where from_last = 1
),

makers as (
    select family_id, regexp_replace(lower(vendor), '[^a-z0-9]', '', 'g') as maker from raw.catalog__families
    union
    select family_id, regexp_replace(lower(target), '[^a-z0-9]', '', 'g') as maker from raw.catalog__channels where source = 'huggingface'
),

mentioned as (
    select family_id, side, unnest(mentions) as mention from raw.catalog__families
),

names as (
    select family_id, side, ' ' || trim(regexp_replace(lower(mention), '[^a-z0-9]+', ' ', 'g')) || ' ' as words from mentioned
),

hits as (
    select
        s.channel_id, s.listed_id, n.family_id,
        max(length(n.words) * 2 + case when s.has_hub = (n.side = 'open') then 1 else 0 end) as weight
    from spoken as s
    join makers as m on m.maker = s.author or m.maker = s.hub_author
    join names as n on n.family_id = m.family_id and length(n.words) > 2 and strpos(s.words, n.words) > 0
    group by s.channel_id, s.listed_id, n.family_id
),

best as (
    select channel_id, listed_id, max(weight) as weight from hits group by channel_id, listed_id
),

owners as (
    select h.channel_id, h.listed_id, min(h.family_id) as family_id
    from hits as h
    join best as b on b.channel_id = h.channel_id and b.listed_id = h.listed_id and b.weight = h.weight
    group by h.channel_id, h.listed_id
    having count(*) = 1
)

select
    t.listed_id, t.channel_id, o.family_id, t.canonical_id, t.hub_id, t.listed_at, l.first_listed_on, t.expires_on,
    case when l.last_missed_on >= l.last_listed_on then l.last_missed_on end as gone_on,
    t.context_tokens, t.completion_tokens, t.is_moderated, t.input_kinds, t.output_kinds, t.supported_names, t.drift_words, t.seen_at
from told as t
join lives as l on l.channel_id = t.channel_id and l.listed_id = t.listed_id
left join owners as o on o.channel_id = t.channel_id and o.listed_id = t.listed_id
where t.from_last = 1
