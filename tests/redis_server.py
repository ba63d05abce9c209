"""A Redis for tests."""

import socket
import subprocess
from time import sleep

from redis import Redis
from redis.exceptions import RedisError


class Server:
    """A Redis server that can be stopped and started on the same port."""

    def __init__(self, folder):
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process = None

    def start(self):
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "dir": self._folder}
        command = ["redis-server"]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with Redis(port=self.port) as client:
            for _ in range(200):
                try:
                    return client.ping()
                except RedisError:
                    sleep(0.05)
        raise RuntimeError("Redis does not answer.")

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        if self._process:
            self._process.terminate()
            self._process.wait(10)
            self._process = None
