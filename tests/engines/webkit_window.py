#!/usr/bin/python3
"""A bare window of WebKitGTK that WebKitWebDriver drives, of any width: MiniBrowser has a toolbar
and is never as narrow as a phone. Debian's Python runs it, which has `gi`.

The options are JSON in one argument: `--window={"size": [375, 800]}`; `"scripts": false` switches
JavaScript off, `"storage": false` local storage. Errors of the page are in `window.faults`.
"""

import json
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

NOTE_FAULTS = """
window.faults = [];
addEventListener("error", ({ message }) => message && faults.push(message));
addEventListener("unhandledrejection", ({ reason }) => faults.push(String(reason)));
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  faults.push(`${violatedDirective} ${blockedURI}`));
"""


def read_options(arguments):
    for argument in arguments:
        if argument.startswith("--window="):
            return json.loads(argument.partition("=")[2])
    return {}


def open_view(context, options):
    settings = WebKit2.Settings()
    settings.set_enable_javascript(options.get("scripts", True))
    settings.set_enable_html5_local_storage(options.get("storage", True))
    content = WebKit2.UserContentManager()
    content.add_script(
        WebKit2.UserScript.new(
            NOTE_FAULTS,
            WebKit2.UserContentInjectedFrames.TOP_FRAME,
            WebKit2.UserScriptInjectionTime.START,
            None,
            None,
        )
    )
    view = WebKit2.WebView(
        web_context=context,
        is_controlled_by_automation=True,
        settings=settings,
        user_content_manager=content,
    )
    window = Gtk.Window()
    window.set_decorated(False)
    window.set_default_size(*options.get("size", [1280, 900]))
    window.add(view)
    window.show_all()
    view.grab_focus()
    view.connect("close", lambda view: Gtk.main_quit())
    return view


def main():
    options = read_options(sys.argv)
    context = WebKit2.WebContext.new_with_website_data_manager(
        WebKit2.WebsiteDataManager.new_ephemeral()
    )
    context.set_automation_allowed(True)
    context.set_preferred_languages(["ja-JP"])

    def start(context, session):
        application = WebKit2.ApplicationInfo()
        application.set_name("MiniBrowser")
        application.set_version(2, 0, 0)
        session.set_application_info(application)
        session.connect("create-web-view", lambda session: open_view(context, options))

    context.connect("automation-started", start)
    Gtk.main()


if __name__ == "__main__":
    main()
