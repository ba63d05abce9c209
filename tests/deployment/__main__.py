"""Run the page, look at the paper through nginx, then run the upgrade.

The exit code is 3 on a machine that cannot start the container: that says nothing about the page.
"""

import subprocess
import sys

from tests.deployment import container, page

PAPER = page.ROOT / "tests" / "deployment" / "paper.sh"
NOT_POSSIBLE = 3  # the exit code on a machine that cannot start the container
LAST_WORDS = "systemctl --failed --no-pager; journalctl --no-pager --lines 40 --output cat"


def main():
    steps = page.read_steps()
    upgrade = {page.UPGRADE: steps.pop(page.UPGRADE)}
    script = "\n".join(
        [page.build_script(steps), PAPER.read_text(), page.join_steps(upgrade), "wait_for_site"]
    )
    try:
        with container.boot(page.ROOT) as machine:
            try:
                machine.run(script)
            except subprocess.CalledProcessError as failure:
                machine.run(LAST_WORDS)
                sys.exit(f"A command of the page failed ({failure.returncode}).")
    except container.NotPossible as reason:
        print(f"NOT RUN: {reason}.", file=sys.stderr)  # noqa: T201
        sys.exit(NOT_POSSIBLE)


if __name__ == "__main__":
    main()
