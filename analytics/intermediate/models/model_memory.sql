-- question: How much memory does it take to load each model, and to tune it?
-- grain: channel_id, model_id, memory_use
-- unit: GiB
-- standard: ZeRO, LoRA and QLoRA (see memory_uses)
-- caveats: An estimate: all parameters × the bytes of each (see memory_uses) × 1.2, divided by 2^30. It includes no
--   long context and no second copy. All experts count, because all must be loaded. Models whose parameters the Hub
--   does not give have no row, nor have those whose name says that they are already quantized.
-- proof: analytics/intermediate/test_model_choices.py::test_memory_is_that_of_what_is_loaded_and_what_is_trained
select
    m.family_id, m.channel_id, m.model_id, u.memory_use, u.is_tuning,
    m.parameters * u.parameter_bytes * u.overhead_ratio / power(2, 30) as memory_gib
from metrics.newest_models as m
cross join metrics.memory_uses as u
where m.parameters > 0 and not m.is_packed
