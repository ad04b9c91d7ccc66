"""Tests of the benchmarks: what they compare and say, never how long anything took."""
