"""The site with workers that die where a request says so: after the commit, before the answer."""

from tests.newsroom.door.settings import *  # noqa: F403

MIDDLEWARE = ["tests.benchmarks.dying.DyingMiddleware", *MIDDLEWARE]  # noqa: F405
