-- question: Where does a second list give another price for the same model?
-- grain: channel_id, listed_id, check_id
-- unit: USD for a million tokens
-- standard: none
-- caveats: The second list is LiteLLM's map, kept by volunteers, and never a source of record: a difference means that
--   somebody should look, not who is right. Models are matched by author and name, comparing letters and digits only.
--   Prices differ if they are more than one per cent apart.
-- version: 1
with ranked_prices as (
    select *, row_number() over (partition by channel_id, listed_id order by day_on desc) as from_last
        from staging.prices__models
),

ranked_checks as (
    select *, row_number() over (partition by channel_id, check_id order by day_on desc) as from_last
        from staging.prices__crosschecks
),

prices as (
    select
        p.*,
        regexp_replace(lower(p.listed_id), '[^a-z0-9]', '', 'g') as plain_id,
        regexp_replace(lower(coalesce(p.canonical_id, p.listed_id)), '[^a-z0-9]', '', 'g') as plain_canonical_id
    from ranked_prices as p
    where p.from_last = 1 and p.is_listed and strpos(p.listed_id, ':') = 0 and p.input_usd is not null
        and p.output_usd is not null
),

checks as (
    select *, regexp_replace(lower(guessed_id), '[^a-z0-9]', '', 'g') as plain_id
        from ranked_checks where from_last = 1 and is_listed
)

select
    p.listed_id, p.channel_id, m.family_id, c.check_id, c.provider_name, p.input_usd, p.output_usd,
    c.input_usd as check_input_usd, c.output_usd as check_output_usd,
    abs(c.input_usd - p.input_usd) > 0.01 * greatest(c.input_usd, p.input_usd)
    or abs(c.output_usd - p.output_usd) > 0.01 * greatest(c.output_usd, p.output_usd) as is_different,
    p.expires_on, c.retires_on, c.seen_at
from prices as p
join checks as c on c.plain_id = p.plain_id or c.plain_id = p.plain_canonical_id
join staging.listed_models as m on m.channel_id = p.channel_id and m.listed_id = p.listed_id
