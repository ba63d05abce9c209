"""Requests whose bodies must be complete, whichever server reads them."""

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters

LONGEST_END = 128  # bytes: "--", a boundary (RFC 2046 §5.1.1: 70), "--" and line breaks


class WholeRequest(WSGIRequest):
    """A request that raises ``BadRequest`` if its body ends early, as soon as the body is read."""

    def __init__(self, environ):
        body = environ["wsgi.input"] = WholeBody(environ["wsgi.input"])
        super().__init__(environ)
        body.expect(self._stream.limit, self._multipart_end())

    def _set_content_type_params(self, meta):
        """Ignore the encoding that a client names: Django would decode the query with it before
        any middleware could refuse it."""
        try:
            parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):  # a parameter in an unknown encoding
            parsed = "", {"charset": "unreadable"}
        self.content_type, self.content_params = parsed

    def _load_post_and_files(self):
        try:
            super()._load_post_and_files()
        except BadRequest:  # the error page reads the form again and must find it empty
            self._mark_post_parse_error()
            raise

    def _multipart_end(self):
        """Return the bytes that end the last part of a multipart body, else none."""
        if self.content_type != "multipart/form-data":
            return b""
        boundary = self.content_params.get("boundary", "")
        return f"--{boundary}--".encode("latin-1", "replace")


class WholeBody:
    """A stream of bytes that raises ``BadRequest`` if it is shorter than its length, or if the
    bytes that must end it are missing."""

    def __init__(self, stream):
        self._stream = stream
        self._left, self._end, self._tail = 0, b"", b""

    def expect(self, length, end):
        self._left, self._end = length, end

    def read(self, size):
        chunks = []
        while size:
            chunk = self._take(self._stream.read(size))
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)

    def readline(self, size=-1):
        return self._take(self._stream.readline(size))

    def _take(self, chunk):
        if not chunk:
            raise BadRequest("The body ended early")
        self._left -= len(chunk)
        self._tail = (self._tail + chunk[-LONGEST_END:])[-LONGEST_END:]
        if self._left <= 0 and self._end not in self._tail:
            raise BadRequest("The last part of the body ended early")
        return chunk
