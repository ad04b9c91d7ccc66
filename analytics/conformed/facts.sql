-- question: What do makers offer and promise that no feed publishes, where is it written, and when was it read?
-- grain: family_id, fact_kind, tuning_method, applies_to, from_on, url
-- published: yes
-- caveats: Read by hand on public pages. A fact read more than 180 days before the last visit to any source is stale.
--   A promise of notice may be for a class of models only; a class whose models cannot be known by name has no patterns.
select
    f.family_id, f.kind as fact_kind, f.method as tuning_method, f.value as fact_words, f.from_on, f.until_on,
    f.days as promised_days, coalesce(f.applies_to, '') as applies_to, coalesce(f.models, []) as model_patterns,
    f.url, f.as_of_on, f.evidence,
    date_diff('day', f.as_of_on, cast((select max(started_at) from raw.ledger__runs) as date)) > 180 as is_stale
from raw.catalog__facts as f
