-- question: How much memory does it take to load each model, and to tune it?
-- grain: channel_id, model_id, memory_use
-- published: yes
-- unit: GiB
-- standard: ZeRO (Rajbhandari et al. 2020), LoRA (Hu et al. 2021), QLoRA (Dettmers et al. 2023)
-- caveats: An estimate: all parameters × the bytes of each × 1.2, divided by 2^30. To load: 2 bytes at bf16, 1 at 8 bits,
--   0.5 at 4 bits. To tune: the weights that stay frozen, plus 16 bytes for each parameter that is trained (ZeRO: weight,
--   gradient, and Adam's three 32-bit copies). `full` trains all; `LoRA` keeps the weights at bf16 and trains adapters of
--   a hundredth of their number; `QLoRA` does so over weights of 4.127 bits (normal float with double quantization). The
--   fifth more is for what is not counted by parameter: buffers and, in tuning, the activations of one short example with
--   gradient checkpointing. It includes no long context and no second copy. All experts count, because all must be
--   loaded. Models whose parameters the Hub does not give have no row, nor have those whose name says that they are
--   already quantized.
select
    m.family_id, m.channel_id, m.model_id, u.memory_use,
    m.parameters * (u.frozen_bytes + 16 * u.trained_share) * 1.2 / power(2, 30) as memory_gib
from metrics.newest_models as m
cross join (values
    ('4-bit', 0.5, 0.0), ('8-bit', 1.0, 0.0), ('bf16', 2.0, 0.0), ('QLoRA', 0.516, 0.01), ('LoRA', 2.0, 0.01),
    ('full', 0.0, 1.0)
) as u (memory_use, frozen_bytes, trained_share)
where m.parameters > 0 and not m.is_packed
