-- question: How much freedom does each licence give the holder of a model?
-- grain: licence_code
-- unit: class, 1 to 5
-- standard: OSI's list of approved licences, for class 5
-- caveats: 5 approved by OSI; 4 open without a cap on commercial users; 3 commercial use within limits; 2
--   non-commercial use only; 1 none, or hosted only. Names as the Hub or the author writes them, in lower case. A
--   licence missing from this table has no class: it is never guessed. Lists of forbidden uses and duties to name the
--   model are not limits here. Not legal advice.
select *
from (values
    ('apache-2.0', 5, true, true), ('mit', 5, true, true), ('bsd-2-clause', 5, true, true),
    ('bsd-3-clause', 5, true, true),
    ('isc', 5, true, true), ('mpl-2.0', 5, true, true), ('gpl-2.0', 5, true, true), ('gpl-3.0', 5, true, true),
    ('lgpl-3.0', 5, true, true),
    ('agpl-3.0', 5, true, true), ('afl-3.0', 5, true, true), ('artistic-2.0', 5, true, true),
    ('unlicense', 5, true, true),
    ('cc0-1.0', 4, true, true), ('cc-by-4.0', 4, true, true), ('cc-by-sa-4.0', 4, true, true),
    ('cdla-permissive-2.0', 4, true, true),
    ('openrail', 4, true, true), ('openrail++', 4, true, true), ('creativeml-openrail-m', 4, true, true),
    ('bigscience-openrail-m', 4, true, true), ('bigscience-bloom-rail-1.0', 4, true, true),
    ('bigcode-openrail-m', 4, true, true),
    ('gemma', 4, true, true), ('deepseek', 4, true, true), ('deepseek-license', 4, true, true),
    ('nvidia-open-model-license', 4, true, true), ('modified-mit', 4, true, true),
    ('llama2', 3, true, true), ('llama3', 3, true, true), ('llama3.1', 3, true, true), ('llama3.2', 3, true, true),
    ('llama3.3', 3, true, true), ('llama4', 3, true, true), ('qwen', 3, true, true), ('tongyi-qianwen', 3, true, true),
    ('cc-by-nc-2.0', 2, true, true), ('cc-by-nc-3.0', 2, true, true), ('cc-by-nc-4.0', 2, true, true),
    ('cc-by-nc-sa-4.0', 2, true, true),
    ('cc-by-nc-nd-4.0', 2, false, true), ('qwen-research', 2, true, true), ('mrl', 2, true, true),
    ('mnpl', 2, true, true)
) as t (licence_code, class_points, allows_changes, allows_passing_on)
