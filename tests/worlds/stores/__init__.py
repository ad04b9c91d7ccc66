"""Object stores to land in, and workers that share one."""
