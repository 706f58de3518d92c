"""Benchmarks: how fast batches go in, measured against what the machine itself can do."""
