"""Fuzzing of everything that reads what strangers wrote: one table of targets, run briefly in the gate and long by
`make fuzz`."""
