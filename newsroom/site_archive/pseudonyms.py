"""The numbers that stand for readers and networks in an archive without keys.

A number says who is the same as whom in one place, and nothing elsewhere. Numbers count up in the
order of the rows, so an archive of an imported archive has the same.
"""

DIGITS = 4  # of a slot of ``ReadCount``

HASHES = ("reader_hash", "network_hash", "wide_network_hash")
BUCKETS = ("bucket", "bucket_56", "bucket_48", "network")


class Numbers:
    """Counts the different values of one place after the other: ``numbers(place, value)``."""

    def __init__(self):
        self._place, self._known = None, {}

    def __call__(self, place, value):
        """Return the number of a value in a place, from 1. The rows of a place come together."""
        if place != self._place:
            self._place, self._known = place, {}
        return self._known.setdefault(value, len(self._known) + 1)


def number_readers(numbers, comment):
    """Replace the hashes of a comment by numbers of its thread."""
    thread = comment["thread"]
    for name in HASHES:
        if comment[name]:
            comment[name] = f"{thread}-{numbers(thread, comment[name])}"


def number_buckets(numbers, vote):
    """Replace the buckets of a vote by numbers of its comment."""
    for name in BUCKETS:
        vote[name] = numbers(vote["comment"], vote[name])


def number_slots(numbers, count):
    """Replace the slots of a read count by numbers of its article."""
    slots, article = count["slots"], count["article"]
    parts = [slots[start : start + DIGITS] for start in range(0, len(slots), DIGITS)]
    count["slots"] = "".join(f"{numbers(article, part) - 1:0{DIGITS}x}" for part in parts)
