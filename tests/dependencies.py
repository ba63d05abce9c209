"""The hashed lock file of deployments: ``python -m tests.dependencies lock | update | audit``.

``lock`` keeps the versions that still satisfy ``pyproject.toml``, ``update`` takes the newest ones
that it allows, ``audit`` asks the advisory services for known vulnerabilities. uv and pip-audit do
the work.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements.lock"
PROGRAMS = Path(sys.executable).parent
COMPILE = [
    *("uv", "pip", "compile", "--quiet", "pyproject.toml", "--output-file", LOCK),
    # One version of each package for all Pythons, so Django stays on its LTS release.
    *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"),
    *("--custom-compile-command", "python -m tests.dependencies update"),
]
AUDIT = [
    *("pip-audit", "--requirement", LOCK, "--require-hashes", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off"),
]
SERVICES = ("pypi", "osv")
CLEAN, VULNERABLE, UNKNOWN = range(3)  # exit codes of the audit


def compile_lock(*options, folder=ROOT):
    return run([*COMPILE, *options], folder=folder).returncode


def audit():
    """Print what the first service that knows all packages says; return the code of the audit."""
    for service in SERVICES:
        code, text = judge_report(run([*AUDIT, "--vulnerability-service", service], pipe=True))
        print(f"{service}: {text}", flush=True)  # noqa: T201
        if code != UNKNOWN:
            return code
    return UNKNOWN


def judge_report(process):
    """Return the exit code and a sentence for a run of pip-audit.

    pip-audit itself ends with 0 and "No known vulnerabilities found" if the service knows none of
    the packages, for example because only a mirror of the index can be reached.
    """
    try:
        packages = json.loads(process.stdout)["dependencies"]
    except ValueError:
        reason = (process.stderr.strip().splitlines() or ["no answer"])[-1]
        return UNKNOWN, f"NOT AUDITED: the advisory service cannot be reached ({reason[:120]})"
    found = [
        f"{package['name']} {package['version']}: {entry['id']}"
        f" (mended in {', '.join(entry['fix_versions']) or 'no release'})"
        for package in packages
        for entry in package.get("vulns", [])
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if found:
        return VULNERABLE, "VULNERABLE: " + "; ".join(found)
    if skipped or not packages:
        number = f"{len(skipped)} of {len(packages)}"
        return UNKNOWN, f"NOT AUDITED: the advisory service does not know {number} packages"
    return CLEAN, f"{len(packages)} packages without a known vulnerability"


def run(command, *, folder=ROOT, pipe=False):
    program = PROGRAMS / command[0]
    return subprocess.run([program, *command[1:]], cwd=folder, capture_output=pipe, text=True)


def main(arguments):
    match arguments:
        case ["lock"]:
            return compile_lock()
        case ["update"]:
            return compile_lock("--upgrade")
        case ["audit"]:
            return audit()
    return __doc__.partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
