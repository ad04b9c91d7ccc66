-- question: From when to when could the models of a family be tuned, how and through whom?
-- grain: family_id, tuning_method, offer_channel, from_on, url
-- published: yes
-- caveats: Read by hand, with the page and the day of reading. An offer holds from its first day to the day before
--   `ended_on`; if its start is not stated, its first day is empty and it counts as open when it was read.
--   `offer_channel`: one's own weights, a cloud (if the page belongs to one), or the maker's own interface.
select
    family_id, tuning_method,
    case
        when tuning_method = 'weights' then 'own weights'
        when url like '%aws.amazon.com%' or url like '%cloud.google.com%' or url like '%microsoft.com%' then 'cloud'
        else 'maker'
    end as offer_channel,
    from_on, cast(until_on + interval 1 day as date) as ended_on, fact_words, url, as_of_on, is_stale
from staging.facts
where fact_kind = 'fine-tuning'
