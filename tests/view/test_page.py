"""The index page, as a file and in a real browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.view.browser import PROGRAM, Browser
from tests.view.conftest import write_result

import saliscribe
from saliscribe.cli.main import run
from saliscribe.findings.random_findings import random_findings
from saliscribe.viewer.page import content_policy, render_index

needs_browser = pytest.mark.skipif(PROGRAM is None, reason="no chromium on this machine")


def test_the_policy_names_exactly_the_style_and_script_of_the_page() -> None:
    page = render_index("out")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        text = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)[-1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in content_policy(live=True)
    assert "unsafe" not in content_policy(live=True) + content_policy(live=False)
    assert "http" not in re.sub(r"http-equiv|http://www.w3.org", "", page)


def test_names_cannot_become_markup(results: Path, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    assert run(["view", str(results), "--html", str(file)]) == 0
    page = file.read_text(encoding="utf-8")
    assert "<b> #1" not in page
    rows = json.loads(re.search(r'id="rows">(.*?)</script>', page, re.S)[1])
    assert [row["id"] for row in rows] == ["a2", "a10", "Größe & <b> #1?", "later/x"]
    assert all((tmp_path / unquote(row["link"])).is_file() for row in rows)
    assert all(row["thumbnail"].startswith("data:image/jpeg;base64,") for row in rows)
    assert str(tmp_path) not in page


def test_a_page_of_nothing_is_refused(tmp_path: Path) -> None:
    assert run(["view", str(tmp_path), "--html", str(tmp_path / "index.html")]) == 3
    assert run(["view", str(tmp_path / "nowhere")]) == 3
    assert run(["view", str(tmp_path), "--html", str(tmp_path / "i.html"), "--port", "1"]) == 2


def test_the_program_serves_until_it_is_stopped_and_never_imports_torch(results: Path) -> None:
    code = (
        "import os, signal, sys, threading\n"
        # A process that a shell starts in the background ignores Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import saliscribe.viewer.view as view\n"
        "from saliscribe.cli.main import run\n"
        "wait = view.Viewer.wait\n"
        "def soon(self):\n"
        "    import urllib.request; urllib.request.urlopen(self.url + 'results.json').read()\n"
        "    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start(); wait(self)\n"
        "view.Viewer.wait = soon\n"
        f"code = run(['view', {str(results)!r}, '--no-browser', '--port', '0'])\n"
        "print(code, [one for one in ('torch', 'timm', 'pandas', 'scipy') if one in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    address, verdict = done.stdout.splitlines()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    assert verdict == "0 []", done.stderr


@needs_browser
def test_in_a_browser_results_can_be_searched_stepped_through_and_appear(
    results: Path, tmp_path: Path
) -> None:
    with saliscribe.view(results, port=0, browser=False) as viewer, Browser(tmp_path / "profile") as page:
        page.open(viewer.url)
        page.wait("document.querySelectorAll('#cards li').length", lambda count: count == 4)
        assert (
            page.js("document.querySelector('#cards li:nth-child(3) .id').textContent") == "Größe & <b> #1?"
        )
        page.wait("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
        page.press("ArrowRight")
        page.press("Enter")
        page.wait("document.querySelector('#place').textContent", lambda text: text == "1 of 4")
        page.press("ArrowRight")
        page.wait("document.querySelector('#name').textContent", lambda text: text == "a10")
        page.press("Escape")
        page.wait("document.querySelector('#reader').hidden")
        page.press("/")
        for key in "später":
            page.press(key)
        page.wait("document.querySelector('#found').textContent", lambda text: text == "0 of 4 results")
        page.open(f"{viewer.url}#audit=blocked")
        page.wait("document.querySelector('#found').textContent", lambda text: text == "1 of 4 results")
        write_result(results, "new", random_findings(5), audit="blocked")
        page.wait("document.querySelector('#found').textContent", lambda text: text == "2 of 5 results")
        assert page.console == []


@needs_browser
def test_the_file_works_without_a_server(results: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.html"
    assert run(["view", str(results), "--html", str(index)]) == 0
    with Browser(tmp_path / "profile") as page:
        page.open(f"{index.as_uri()}#sort=audit")
        page.wait("document.querySelectorAll('#cards li').length", lambda count: count == 4)
        assert page.js("document.querySelector('#cards .id').textContent") == "a10"
        page.press("ArrowRight")
        page.press("Enter")
        page.wait("document.title", lambda title: title == "a report")
        assert page.console == []
