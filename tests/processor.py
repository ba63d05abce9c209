"""Seconds of the processor: what other programs take does not count."""

from time import process_time


def measure_seconds(work, *arguments):
    """Return what the quickest of three calls took: a collection of garbage slows down one."""
    return min(_measure(work, arguments) for _ in range(3))


def _measure(work, arguments):
    begun = process_time()
    work(*arguments)
    return process_time() - begun
