"""A one-line progress bar for terminals; to other streams it writes nothing."""

import time

WIDTH = 30
EVERY = 0.1  # seconds


class ProgressBar:
    """Shows the progress of several passes over the same bytes, each an equal share."""

    def __init__(self, stream, *, total, steps):
        self._stream = stream
        self._total = max(total, 1)
        self._steps = steps
        self._last = 0.0
        self._is_shown = getattr(stream, "isatty", lambda: False)()

    def __call__(self, step, done):
        now = time.monotonic()
        if now - self._last < EVERY:
            return
        self._last = now
        share = min((step - 1 + done / self._total) / self._steps, 1)
        bar = ("#" * round(share * WIDTH)).ljust(WIDTH, ".")
        self._write(f"\r[{bar}] {share:4.0%} ")

    def clear(self):
        self._write("\r" + " " * (WIDTH + 40) + "\r")

    def _write(self, text):
        if self._is_shown:
            self._stream.write(text)
            self._stream.flush()
