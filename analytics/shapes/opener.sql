-- Columns of what opens a thread, which staging files of threads share.
url, created_at as opened_at, actor as actor_id, role as author_role, words as words_count, has_code, has_patch,
has_command, question_type, language, reader_version, mentions as mentioned_families
