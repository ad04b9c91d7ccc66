"""Parity of two engines: every query over the same tables, on DuckDB and on Spark's SQL."""
