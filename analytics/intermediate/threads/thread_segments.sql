-- question: Which groups does each request for help belong to, besides that of all?
-- grain: thread_id, segment
-- stored: no
-- caveats: `all`, then `type:` with the topic and `language:` with the language, as read by rules (see their accuracy).
--   A thread whose text was not read, or is too short to tell, belongs to `all` only.
select thread_id, family_id, 'all' as segment from staging.threads
union all
select thread_id, family_id, 'type:' || question_type from staging.threads where question_type is not null
union all
select thread_id, family_id, 'language:' || language from staging.threads where language is not null
