-- question: Where does support for each family happen?
-- grain: channel_id
-- published: yes
-- caveats: Public channels only; tickets, chats and private forums are not seen. Channels shared by many families
--   belong to `_shared`.
select
    channel_id, family_id, source, target, role, channel_kind, pair, is_official, url, is_enabled, cadence_hours,
    components, things, terms, evidence, seen_on
from raw.catalog__channels
