"""The files that an export is written into: one, several of a limited size, or a stream.

A file has its name once it is whole; others on this machine cannot read it.
"""

import gzip
import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp


class PartFiles:
    """Writes parts that begin and end in the same way. Use it as a context: without an error the
    files get their names, else they are deleted.

    ``size`` is the number of bytes, before packing, after which the next item begins a new file;
    0 for none. A name that ends with ``.gz`` is packed.
    """

    def __init__(self, path, *, start, end, size=0):
        self._path = Path(path)
        self._start, self._end = start, end
        self._size = size
        self._files = []  # (path that it has now, path that it will have)
        self._file = None
        self._written = 0

    def __enter__(self):
        self._open_part()
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self._close_part()
                for work, path in self._files:
                    os.replace(work, path)
        finally:
            self._raw.close()
            for work, _path in self._files:
                with suppress(FileNotFoundError):
                    os.unlink(work)

    def write(self, text):
        content = text.encode()
        self._written += len(content)
        self._file.write(content)

    def end_item(self):
        """Begin a new file if this one is large enough."""
        if self._size and self._written >= self._size:
            self._close_part()
            self._open_part()

    @property
    def paths(self):
        return [path for _work, path in self._files]

    def _open_part(self):
        name = self._path.name
        if self._size:
            stem, dot, ending = name.partition(".")
            name = f"{stem}.{len(self._files) + 1:03}{dot}{ending}"
        handle, work = mkstemp(prefix=f".{name}-", dir=self._path.parent)
        self._files.append((work, self._path.with_name(name)))
        self._raw = os.fdopen(handle, "wb")
        is_packed = name.endswith(".gz")
        self._file = gzip.GzipFile("", "wb", fileobj=self._raw) if is_packed else self._raw
        self._written = 0
        self.write(self._start)

    def _close_part(self):
        self.write(self._end)
        self._file.close()
        self._raw.close()


class PartStream:
    """Writes one part into a binary stream."""

    paths = ()

    def __init__(self, stream, *, start, end):
        self._stream = stream
        self._start, self._end = start, end

    def __enter__(self):
        self.write(self._start)
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.write(self._end)
            self._stream.flush()

    def write(self, text):
        self._stream.write(text.encode())

    def end_item(self):
        """Nothing begins anew: a stream is one part."""
