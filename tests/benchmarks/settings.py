"""The site's own production settings, with its static files in the folder of the run."""

from newsroom.settings import *  # noqa: F403
from tests.settings import run

STATIC_ROOT = run.folder() / "static"
