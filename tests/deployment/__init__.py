"""Runs newsroom/deploy/README.md in a container with systemd: ``python -m tests.deployment``."""
