"""How large a file of the media library may be: the one place of these two numbers.

``newsroom.buffering`` and nginx refuse larger requests before they are read, the library's page
refuses larger files before they are sent, and ``articles.uploads`` refuses all others.
"""

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 40_000_000  # of all frames together
MAX_REQUEST = MAX_BYTES + 1024 * 1024  # the file and the fields beside it
