-- question: Of which groups is each request for help a part, beside that of all?
-- grain: thread_id, segment
-- unit: none
-- standard: none
-- caveats: `all`, then `type:` and what it is about, and `language:` and what it is written in, as read by rules (see
--   their accuracy). A thread whose text was not read, or is too short to tell, is a part of `all` only.
-- version: 2
select thread_id, 'all' as segment from staging.threads
union all
select thread_id, 'type:' || question_type from staging.threads where question_type is not null
union all
select thread_id, 'language:' || language from staging.threads where language is not null
