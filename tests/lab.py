"""JupyterLab over a copy of the project, in a real browser: the server, Run All, and how to wait for it."""

import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
LIMIT = 60  # seconds, of anything that is waited for
NOTEBOOK = "window.jupyterapp.shell.currentWidget"
SOURCES = f"[...{NOTEBOOK}.content.model.cells].filter(c => c.type === 'code')"
IDLE = f"""() => {{ const kernel = {NOTEBOOK}?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle'; }}"""
DONE = f"() => {SOURCES}.every(c => c.executionCount !== null && c.executionState !== 'running')"


def as_make_lab():
    """What ``make lab`` takes from the environment, and what it says to JupyterLab."""
    recipe = re.search(r"^\t@(env .*) -m jupyter lab (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    given = [word for word in shlex.split(recipe[2]) if word.startswith("--")]
    return re.findall(r"-u (\w+)", recipe[1]), [*given, "notebooks/00-start.ipynb"]


@contextlib.contextmanager
def serving(parent):
    """A JupyterLab over a copy of the project.

    Parameters
    ----------
    parent : Path
        Takes the copy and every setting and log of the server.

    Yields
    ------
    address : str
        Of a notebook, its stem put in place of the braces.
    folder : Path
        Of the copy.
    """
    folder = parent / "沁阳"
    for name in ("notebooks", "data", "figures"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "mine")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    places = ("_CONFIG", "_DATA", "_RUNTIME", "LAB_SETTINGS", "LAB_WORKSPACES")
    own = {f"JUPYTER{name}_DIR": str(parent / name) for name in places}
    for name, setting in SETTINGS.items():
        file = parent / f"LAB_SETTINGS/@jupyterlab/{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(setting), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    options = {"ip": "127.0.0.1", "port": port, "port_retries": 0, "open_browser": False, "allow_root": True}
    unset, given = as_make_lab()
    command = [sys.executable, "-m", "jupyterlab", *given, "--expose-app-in-browser", "--LabApp.news_url="]
    command += [f"--IdentityProvider.token={token}", *(f"--ServerApp.{k}={v}" for k, v in options.items())]
    with (parent / "log").open("wb") as log:
        environment = {name: value for name, value in (os.environ | own).items() if name not in unset}
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(5 * LIMIT):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}", timeout=5).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError(f"JupyterLab ended: {(parent / 'log').read_text(encoding='utf-8')}") from None
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/lab/tree/notebooks/{{}}.ipynb?token={token}&reset", folder
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def open_notebook(page, address):
    """Open a notebook and wait until its kernel is connected and idle."""
    page.goto(address)
    page.wait_for_function("() => window.jupyterapp !== undefined")
    page.wait_for_function(IDLE)


def run_all(page, language=None):
    """Run All from empty outputs, in a language if one is given, and wait until every cell is done.

    Returns
    -------
    float
        Seconds from the command until the kernel is idle.
    """
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    if language:
        page.evaluate(f"""language => {{ const cell = {SOURCES}[0].sharedModel;
            cell.setSource(cell.source.replace('"en"', `"${{language}}"`)); }}""", language)  # fmt: skip
    start = time.perf_counter()
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(DONE)
    page.wait_for_function(IDLE)
    return time.perf_counter() - start
