# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser without a screen, driven through WebDriver with nothing but the standard library."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PATIENCE = 30.0
KEYS = {"Space": " ", "End": "\ue010", "Home": "\ue011", "Left": "\ue012", "Right": "\ue014"}


def what_is_missing():
    """What has to be installed before there can be a browser; None when nothing has."""
    missing = [program for program in ("chromium", "chromedriver") if not shutil.which(program)]
    return f"{' and '.join(missing)} not installed (apt install chromium chromium-driver)" if missing else None


def wait_for(what, ask):
    """The first answer of `ask` that is true; AssertionError if there is none in time."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {PATIENCE:g} s")
        time.sleep(0.02)


class Browser:
    """chromium with a fresh profile; its window is gone when the `with` ends."""

    def __init__(self, width=1280, height=800):
        self.size = width, height

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory(prefix="poolscope-browser-", ignore_cleanup_errors=True)
        self.driver = subprocess.Popen([shutil.which("chromedriver"), "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True, env={**os.environ, "HOME": self.home.name})
        self.session = None
        try:
            self._open_session()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _open_session(self):
        for line in self.driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                self.address = f"http://127.0.0.1:{found[1]}"
                break
        else:
            raise AssertionError("chromedriver ended before it listened")
        # The driver is asked directly, whatever proxy the environment names.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        options = ["--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   f"--window-size={self.size[0]},{self.size[1]}", f"--user-data-dir={self.home.name}/profile"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # chromium's own refuses root
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": options}}}})
        self.session = answer["sessionId"]

    def __exit__(self, *_):
        if self.session:
            try:
                self._call("DELETE", f"/session/{self.session}")
            except (OSError, AssertionError):
                pass
        self.driver.terminate()
        self.driver.communicate()
        self.home.cleanup()

    def _call(self, method, path, body=None):
        request = urllib.request.Request(self.address + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode(errors='replace')}") from error

    def _ask(self, path, **body):
        return self._call("POST", f"/session/{self.session}/{path}", body)

    def open(self, file):
        self._ask("url", url=file.resolve().as_uri())

    def run(self, script, *arguments):
        """What a script returns: run("return arguments[0] + 1", 2)."""
        return self._ask("execute/sync", script=script, args=list(arguments))

    def click(self, selector):
        element = self._ask("element", using="css selector", value=selector)
        self._ask(f"element/{next(iter(element.values()))}/click")

    def press(self, *keys):
        actions = []
        for key in keys:
            actions += [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self._ask("actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def command(self, name, **parameters):
        """One of the DevTools protocol."""
        return self._ask("goog/cdp/execute", cmd=name, params=parameters)

    def show_as(self, width, height, scheme="light", ratio=1):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio,
                     mobile=False)
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])
        # Two frames later all is drawn anew.
        self._ask("execute/async", args=[], script="const done = arguments[0]; requestAnimationFrame(() => "
                  "requestAnimationFrame(() => requestAnimationFrame(() => done())));")

    def picture(self):
        """PNG of what is in the window."""
        return base64.b64decode(self._call("GET", f"/session/{self.session}/screenshot"))

    def log(self, kind):
        return self._ask("se/log", type=kind)

    def requests(self):
        """The addresses that pages from files have asked for since this was called last, with their own."""
        messages = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"
                and message["params"]["documentURL"].startswith("file:")]
