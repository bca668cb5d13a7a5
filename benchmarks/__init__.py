"""`make bench`: tables to read, never a gate. See docs/benchmarks.md."""
