-- question: How many bytes does each parameter of a model take, to load it and to tune it?
-- grain: memory_use
-- unit: bytes
-- standard: ZeRO (Rajbhandari et al. 2020), LoRA (Hu et al. 2021), QLoRA (Dettmers et al. 2023)
-- caveats: To load: 2 bytes at bf16, 1 at 8 bits, 0.5 at 4 bits. To tune: the weights that stay frozen, plus 16 bytes
--   for each parameter that is trained (ZeRO: weight, gradient, and Adam's three 32-bit copies). `full` trains all;
--   `LoRA` keeps the weights at bf16 and trains adapters of a hundredth of their number; `QLoRA` does so over weights
--   of 4.127 bits (normal float with double quantization). `overhead_ratio` adds a fifth for what is not counted by
--   parameter: buffers and, in tuning, the activations of one short example with gradient checkpointing.
select
    memory_use, is_tuning, frozen_bytes, trained_share, overhead_ratio,
    frozen_bytes + 16 * trained_share as parameter_bytes
from (values
    ('4-bit', false, 0.5, 0.0, 1.2), ('8-bit', false, 1.0, 0.0, 1.2), ('bf16', false, 2.0, 0.0, 1.2),
    ('QLoRA', true, 0.516, 0.01, 1.2), ('LoRA', true, 2.0, 0.01, 1.2), ('full', true, 0.0, 1.0, 1.2)
) as t (memory_use, is_tuning, frozen_bytes, trained_share, overhead_ratio)
