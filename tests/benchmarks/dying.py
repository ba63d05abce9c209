"""A worker that a request kills."""

import os
import signal

HEADER = "X-Tests-Die"


class DyingMiddleware:
    """Kill the process when all is done and nothing is answered yet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if HEADER in request.headers:
            os.kill(os.getpid(), signal.SIGKILL)
        return response
