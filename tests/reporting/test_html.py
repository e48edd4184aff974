"""The page: self-contained, escaped, and every sentence linked to facts that are there."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.path import Path as Outline

from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.records.report import STYLES
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.from_text import from_text
from saliscribe.reporting.html import render_html
from saliscribe.reporting.outline import outline_path
from saliscribe.reporting.pictures import HEAT_RGBA, Placed, heat_steps, make_pictures, overlay

GREY = np.linspace(0, 1, 32 * 40, dtype=np.float32).reshape(32, 40)
MASK = np.zeros((32, 40), dtype=bool)
MASK[5:20, 8:30] = True


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def _page(seed: int, style="structured", text: str | None = None, **more) -> str:
    findings = random_findings(seed)
    report = render(findings, style) if text is None else from_text(text, style, "scripted")
    placed = Placed(
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8), np.uint8),
        np.zeros((2, 3), np.uint8),
        (("<b>", (1, 2, 3)),),
    )
    pictures = make_pictures(
        GREY, {"gradcam++": GREY}, {"segmentation_head": MASK}, "segmentation_head", placed
    )
    return render_html(findings, report, verify(report, findings), pictures, **more)


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_loaded_from_anywhere(style):
    for seed in range(6):
        text = _page(seed, style, seconds={"read": 0.0}, provenance={"versions": "1"})
        for tag, attributes in _Page(text).tags:
            for name in ("src", "href", "srcset", "action", "data"):
                value = attributes.get(name)
                assert value is None or value.startswith("data:image/png;base64,"), (tag, name, value)
            assert tag not in ("link", "iframe", "object", "embed", "base")
            assert not [name for name in attributes if name.startswith("on")]
        assert "url(" not in text
        assert "@import" not in text


def test_the_policy_allows_this_script_only():
    text = _page(1)
    policy = next(
        a["content"] for tag, a in _Page(text).tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    script = re.search(r"<script>(.*)</script>", text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_text_cannot_become_markup():
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'&"
    text = _page(2, "brief", evil, provenance={evil: evil})
    assert "<script>alert" not in text
    assert "onerror" not in [name for _, attributes in _Page(text).tags for name in attributes]
    assert "&lt;b&gt;" in text


def test_every_sentence_points_at_facts_on_the_page():
    for seed in range(10):
        tags = _Page(_page(seed)).tags
        facts = {a["data-fact"] for tag, a in tags if tag == "li" and "data-fact" in a}
        sentences = [a for _, a in tags if "data-facts" in a]
        assert len(sentences) > 8
        for sentence in sentences:
            wanted = set(sentence["data-facts"].split())
            assert wanted
            assert wanted <= facts
            assert sentence["tabindex"] == "0"
        assert all(a.get("alt") for tag, a in tags if tag == "img")


def test_a_synthetic_picture_has_its_banner_and_all_have_the_notice():
    for seed in range(12):
        text = _page(seed)
        assert ("SYNTHETIC PICTURE" in text) == random_findings(seed).synthetic
        assert "not a medical device" in text


def test_a_failed_sentence_is_marked_with_its_reason():
    text = _page(3, "brief", "There is marked oedema.")
    assert 'class="sentence unsupported"' in text
    assert "Missing" in text


def test_outlines_enclose_exactly_the_mask():
    path = outline_path(MASK)
    points = [tuple(map(float, pair.split(","))) for pair in path.strip("MZ").split()]
    rows, columns = np.mgrid[0:32, 0:40]
    centres = np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], axis=1)
    assert (Outline(points).contains_points(centres).reshape(MASK.shape) == MASK).all()
    assert outline_path(np.zeros((4, 4), dtype=bool)) == ""


def test_heat_is_clear_where_cold_and_opaque_where_hot():
    rgba = HEAT_RGBA[heat_steps(np.array([[0.0, 0.5, 1.0]], dtype=np.float32))]
    assert rgba[0, 0, 3] == 0 < rgba[0, 1, 3] < rgba[0, 2, 3] == 255
    plain = overlay(GREY, None, np.zeros_like(MASK))
    assert (plain == np.rint(255 * GREY)[..., None]).all()
    drawn = overlay(GREY, None, MASK)
    assert (drawn[5, 8] == (0, 229, 255)).all()
    assert (drawn[10, 15] == plain[10, 15]).all()
