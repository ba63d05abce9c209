"""Starts the engines: Firefox by Marionette, WebKitGTK by its driver on a screen of its own. Each
yields a ``Page``."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.engines.webdriver import HttpSession, MarionetteSession, Page, WebDriverError

WINDOW = Path(__file__).with_name("webkit_window.py")
PROGRAMS = {
    "firefox": ("firefox-esr",),
    "webkit": ("WebKitWebDriver", "Xvfb", "dbus-run-session"),
}
# Nothing is asked of other machines, and nothing is offered to the person.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.tabs.warnOnClose": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "ja",
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class FirefoxPage(Page):
    def _press_reload(self):
        # WebDriver's own command would not put back what was typed, as F5 does.
        self.session.run_in_window("BrowserCommands.reload()")

    def set_width(self, width):
        script = """
        const { style } = gBrowser.selectedBrowser;
        style.minWidth = style.maxWidth = `${arguments[0]}px`;
        """
        self.session.run_in_window(script, width)


class WebKitPage(Page):
    def set_width(self, width):
        self.session.send("size", width=width, height=800)


def find_missing(engine):
    return [program for program in PROGRAMS[engine] if not shutil.which(program)]


@contextmanager
def open_firefox(base, size):
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        profile = Path(folder, "profile")
        profile.mkdir()
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        options = ["-headless", "-marionette", "-remote-allow-system-access", "-no-remote"]
        options += ["-profile", str(profile), "--width", "1280", "--height", str(size[1] + 90)]
        stack.enter_context(_run(["firefox-esr", *options], HOME=folder))
        port = _wait(lambda: int((profile / "MarionetteActivePort").read_text()))
        session = MarionetteSession(port)
        stack.callback(_end, session)
        page = FirefoxPage(session, base)
        page.set_width(size[0])
        yield page


@contextmanager
def open_webkit(base, size, **window):
    port, number = _find_free_port(), os.getpid() % 10_000 + 100
    with ExitStack() as stack:
        screen = ["Xvfb", f":{number}", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        stack.enter_context(_run(screen))
        driver = ["dbus-run-session", "--", "WebKitWebDriver", f"--port={port}"]
        settings = {"DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}
        stack.enter_context(_run(driver, **settings))
        address = f"http://127.0.0.1:{port}"
        _wait(lambda: urlopen(f"{address}/status", timeout=5).read())
        options = {"binary": str(WINDOW), "args": ["--automation"]}
        options["args"].append(f"--window={json.dumps({'size': size, **window})}")
        session = HttpSession(address, {"webkitgtk:browserOptions": options})
        stack.callback(_end, session)
        yield WebKitPage(session, base)


def _find_free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def _run(command, **environment):
    """Run a program in a group of its own; all of the group ends with the block."""
    process = subprocess.Popen(
        command,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for stop in (15, 9):
            try:
                os.killpg(process.pid, stop)
                process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def _wait(check):
    end = time.monotonic() + 60
    while True:
        try:
            return check()
        except (OSError, URLError, ValueError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _end(session):
    with suppress(WebDriverError, OSError):  # it is gone already
        session.end()
