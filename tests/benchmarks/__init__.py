"""The site under load: ``python -m tests.benchmarks``."""
