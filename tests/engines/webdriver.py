"""A small client of WebDriver: over HTTP, as WebKitWebDriver speaks it, and over Marionette, which
Firefox speaks without a driver."""

import base64
import json
import socket
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id, by the standard
KEYS = {
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "End": "\ue010",
    "ArrowDown": "\ue015",
}
PATIENCE = 20  # seconds
PAUSE = 0.1

HAS_TEXT = """
const [selector, text] = arguments;
return [...document.querySelectorAll(selector)].some((each) => each.innerText.includes(text));
"""

# The commands that are used here: their name in Marionette, their method and path in HTTP.
COMMANDS = {
    "visit": ("WebDriver:Navigate", "POST", "/url"),
    "run": ("WebDriver:ExecuteScript", "POST", "/execute/sync"),
    "find": ("WebDriver:FindElement", "POST", "/element"),
    "click": ("WebDriver:ElementClick", "POST", "/element/{id}/click"),
    "type": ("WebDriver:ElementSendKeys", "POST", "/element/{id}/value"),
    "act": ("WebDriver:PerformActions", "POST", "/actions"),
    "back": ("WebDriver:Back", "POST", "/back"),
    "reload": ("WebDriver:Refresh", "POST", "/refresh"),
    "forget": ("WebDriver:DeleteAllCookies", "DELETE", "/cookie"),
    "shoot": ("WebDriver:TakeScreenshot", "GET", "/screenshot"),
    "size": ("WebDriver:SetWindowRect", "POST", "/window/rect"),
    "print": ("WebDriver:Print", "POST", "/print"),
    "time_out": ("WebDriver:SetTimeouts", "POST", "/timeouts"),
}


class WebDriverError(Exception):
    """A command failed; the text is what the browser says."""


class HttpSession:
    """A session of a driver that listens at an address of this machine."""

    def __init__(self, address, capabilities):
        self._address = f"{address}/session"
        session = self._ask("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self._address += f"/{session['sessionId']}"

    def send(self, command, **values):
        _name, method, path = COMMANDS[command]
        path = path.format(**values)
        return self._ask(method, path, values if method == "POST" else None)

    def end(self):
        self._ask("DELETE", "", None)

    def _ask(self, method, path, values):
        data = None if values is None else json.dumps(values).encode()
        request = Request(self._address + path, data, {"Content-Type": "application/json"})
        request.method = method
        try:
            with urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise WebDriverError(error.read().decode()) from error


class MarionetteSession:
    """A session of a Firefox that was started with ``-marionette``."""

    def __init__(self, port):
        self._socket = self._connect(port)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._receive()  # its greeting
        self._ask("WebDriver:NewSession", {"strictFileInteractability": True})

    @staticmethod
    def _connect(port):
        end = time.monotonic() + 60
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=60)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(PAUSE)

    def send(self, command, **values):
        answer = self._ask(COMMANDS[command][0], values)
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def run_in_window(self, script, *values):
        """Run a script with the rights of the browser's own window: its buttons, its tabs."""
        self._ask("Marionette:SetContext", {"value": "chrome"})
        try:
            self._ask("WebDriver:ExecuteScript", {"script": script, "args": values})
        finally:
            self._ask("Marionette:SetContext", {"value": "content"})

    def end(self):
        self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._socket.close()

    def _ask(self, name, values):
        self._number += 1
        message = json.dumps([0, self._number, name, values]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _kind, _number, error, result = self._receive()
        if error:
            raise WebDriverError(f"{error['error']}: {error['message']}")
        return result

    def _receive(self):
        size = b""
        while (character := self._stream.read(1)) != b":":
            if not character:
                raise WebDriverError("Firefox has closed the connection.")
            size += character
        return json.loads(self._stream.read(int(size)))


class Page:
    """The page in a browser's window, used as a person does."""

    def __init__(self, session, base):
        self.session, self._base = session, base
        session.send("time_out", script=30_000, pageLoad=30_000, implicit=0)

    def visit(self, path):
        self.session.send("visit", url=self._base + path)

    def run(self, script, *values):
        """Return what the body of a function returns in the page."""
        return self.session.send("run", script=script, args=list(values))

    def wait(self, condition, *values, what=""):
        """Wait until the body of a function returns something true; returns it."""
        end, result = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            try:
                if result := self.run(condition, *values):
                    return result
            except WebDriverError:  # the page is just changing
                pass
            time.sleep(PAUSE)
        raise AssertionError(f"{what or condition} did not come: {result}")

    def wait_for_text(self, text, selector="main"):
        return self.wait(HAS_TEXT, selector, text, what=text)

    def click(self, selector):
        """Press what is in sight, away from the bars at the edges."""
        element = self._find(selector)
        self.run("arguments[0].scrollIntoView({ block: 'center' })", {ELEMENT: element})
        self.session.send("click", id=element)

    def type(self, selector, text):
        self.session.send("type", id=self._find(selector), text=text)

    def press(self, key):
        value = KEYS.get(key, key)
        keys = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.session.send("act", actions=[{"type": "key", "id": "keys", "actions": keys}])

    def back(self):
        self.session.send("back")

    def reload(self):
        """Reload as F5 does."""
        self.run("window.isOld = true")
        self._press_reload()
        self.wait("return !window.isOld && document.readyState === 'complete'")

    def _press_reload(self):
        self.session.send("reload")

    def print(self):
        """Return the page on A4, as PDF."""
        return base64.b64decode(self.session.send("print"))

    def shoot(self, path):
        path.write_bytes(base64.b64decode(self.session.send("shoot")))

    def _find(self, selector):
        self.wait("return Boolean(document.querySelector(arguments[0]))", selector)
        return self.session.send("find", using="css selector", value=selector)[ELEMENT]
