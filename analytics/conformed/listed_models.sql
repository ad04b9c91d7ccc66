-- question: Which models does OpenRouter list, which family do they belong to, and when did they appear and disappear?
-- grain: channel_id, listed_id
-- published: yes
-- caveats: A model belongs to the family whose pattern in the catalog matches its name; the longest matching pattern
--   wins, and among equals the open family if weights are named, else the proprietary one. Models that others built on
--   a family's weights belong to none here. A model listed at our first visit appeared earlier: see `listed_at`. It is
--   gone once two visits on different days missed it. OpenRouter's list is not the vendor's: a model may still be
--   served elsewhere. Prices are those of the last good visit that found it (`priced_on`), at OpenRouter's default
--   provider: for open models the cheapest of many hosts, for proprietary ones usually the vendor's own. Free variants
--   (`:free`) cost 0 and have other limits.
with stated as (
    select *, max(day_on) filter (where not is_listed) over (partition by channel_id, listed_id) as missed_on
    from staging.prices__models
    qualify is_listed and day_on = max(day_on) filter (where is_listed) over (partition by channel_id, listed_id)
),

looks as (
    select t.channel_id, t.listed_id, max(cast(r.started_at as date)) as priced_on
    from stated as t
    join raw.ledger__runs as r on r.channel_id = t.channel_id and cast(r.started_at as date) >= t.day_on
        and not coalesce(t.missed_on between t.day_on and cast(r.started_at as date), false)
    where r.source = 'prices' and r.thing = 'models' and r.state in ('complete', 'unchanged')
    group by t.channel_id, t.listed_id
),

-- A moving alias (`~openai/gpt-latest`) fits no pattern, since each begins with a maker's name: its price is that of a
-- model that is in the list by its own name, and would count twice.
hits as (
    select
        t.channel_id, t.listed_id, p.family_id,
        max(length(p.pattern) * 2 + case when (t.hub_id is not null) = (f.side = 'open') then 1 else 0 end) as weight
    from stated as t
    join raw.catalog__listings as p on t.listed_id like replace(p.pattern, '*', '%')
    join raw.catalog__families as f on f.family_id = p.family_id
    group by t.channel_id, t.listed_id, p.family_id
    qualify weight = max(weight) over (partition by t.channel_id, t.listed_id)
),

owners as (
    select channel_id, listed_id, min(family_id) as family_id
    from hits
    group by channel_id, listed_id
    having count(*) = 1
)

select
    t.listed_id, t.channel_id, o.family_id, t.canonical_id, t.hub_id, t.listed_at, t.expires_on,
    case when t.missed_on >= t.day_on then t.missed_on end as gone_on,
    t.context_tokens, t.input_kinds, t.supported_names, l.priced_on, t.input_usd, t.output_usd, t.cache_read_usd,
    t.is_price_variable, t.seen_at
from stated as t
left join looks as l on l.channel_id = t.channel_id and l.listed_id = t.listed_id
left join owners as o on o.channel_id = t.channel_id and o.listed_id = t.listed_id
