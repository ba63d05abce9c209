"""A network between the site and a part of it, which a test can break."""

import socket
import threading
import time
from contextlib import suppress

PIECE = 65_536
STEP = 0.02  # seconds between two looks at what the test wants


class Relay:
    """Listens on a free port of this machine and passes everything on to another place.

    ``place`` is a host and port, or the path of a Unix socket. While ``is_hole`` nothing passes,
    in either direction, and no connection ends: a black hole. ``delay``: seconds of each piece.
    """

    def __init__(self, place):
        self._place = place
        self.is_hole, self.delay = False, 0.0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with suppress(OSError):  # closed
            while True:
                near, _address = self._listener.accept()
                threading.Thread(target=self._connect, args=[near], daemon=True).start()

    def _connect(self, near):
        self._wait()
        is_path = isinstance(self._place, str)
        far = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
        try:
            far.connect(self._place)
        except OSError:
            near.close()
            return
        for ends in ((near, far), (far, near)):
            threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source, target):
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._wait()
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _wait(self):
        time.sleep(self.delay)
        while self.is_hole:
            time.sleep(STEP)
