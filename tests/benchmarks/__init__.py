"""Measurements that print ratios and assert nothing: run one with `python -m tests.benchmarks.<name>`."""
