-- Columns of the text that opens a thread, which staging files of threads share.
    cast(body->>'$.words' as bigint) as words_count,
    cast(body->>'$.code_lines' as bigint) as code_lines,
    cast(body->>'$.has_code' as boolean) as has_code,
    cast(body->>'$.has_patch' as boolean) as has_patch,
    cast(body->>'$.has_command' as boolean) as has_command,
    cast(body->>'$.source_links' as bigint) as source_links,
    cast(body->>'$.change_links' as bigint) as change_links,
    cast(body->>'$.docs_links' as bigint) as docs_links,
    cast(body->>'$.has_version' as boolean) as has_version,
    body->>'$.question_type' as question_type,
    body->>'$.language' as language,
    cast(body->>'$.reader_version' as bigint) as reader_version,
    cast(body->'$.mentions' as varchar[]) as mentioned_families
