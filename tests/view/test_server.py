"""The real server on the loopback: what it shows, and what it must never give away."""

from __future__ import annotations

import http.client
import io
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from PIL import Image
from tests.view.conftest import PAGE, write_result

import saliscribe
from saliscribe.errors import InputError, UsageError
from saliscribe.findings.random_findings import random_findings
from saliscribe.viewer.view import Viewer

SECRET = "the secret of another folder"


@pytest.fixture
def viewer(results: Path) -> Iterator[Viewer]:
    (results.parent / "secret.txt").write_text(SECRET)
    with saliscribe.view(results, port=0, browser=False) as running:
        yield running


def _get(viewer: Viewer, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(viewer.url).netloc, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def _rows(viewer: Viewer) -> dict[str, dict[str, Any]]:
    status, _, body = _get(viewer, "/results.json")
    assert status == 200
    return {row["id"]: row for row in json.loads(body)["results"]}


def test_every_complete_result_is_listed_with_what_its_findings_say(viewer: Viewer) -> None:
    rows = _rows(viewer)
    assert list(rows) == ["a2", "a10", "Größe & <b> #1?", "later/x"]
    findings = random_findings(1)
    row = rows["a10"]
    assert row["label"] == findings.tumour_class.value
    assert row["probability"] == findings.tumour_class.probability
    assert row["grade"] == findings.placement.grade
    assert row["mask_source"] == findings.delineation.source
    assert row["audit"] == "blocked"
    trusts = {fact.method: fact.badge for fact in findings.reliability.maps}
    assert row["heat_trust"] == trusts.get(row["heat"])
    assert (row["warnings"] is None) == (findings.warnings.state == "not_assessed")
    assert [code for code, _ in row["warnings"] or ()] == list(findings.warnings.codes)
    assert not any(str(value).startswith("/") for value in row.values())


def test_a_volume_without_reliable_evidence_suggests_no_class(results: Path, viewer: Viewer) -> None:
    doubtful = next(
        one for one in map(random_findings, range(400)) if one.volume and one.volume.support == "doubtful"
    )
    write_result(results, "doubtful", doubtful)
    assert _rows(viewer)["doubtful"]["suggested"] is False


def test_reports_pictures_and_files_are_served(viewer: Viewer) -> None:
    for name in _rows(viewer):
        status, headers, body = _get(viewer, f"/result/{quote(name, safe='/')}/report.html")
        assert (status, body.decode()) == (200, PAGE.format(name))
        assert headers["content-type"].startswith("text/html")
        assert "sandbox allow-scripts" in headers["content-security-policy"]
        assert "allow-same-origin" not in headers["content-security-policy"]
        status, headers, body = _get(viewer, f"/thumbnail/{quote(name, safe='/')}")
        assert (status, headers["content-type"]) == (200, "image/jpeg")
        assert Image.open(io.BytesIO(body)).size == (64, 40)
    assert json.loads(_get(viewer, "/result/a2/findings.json")[2])["schema_version"] == "1.0"


def test_results_of_a_run_that_goes_on_appear_and_unfinished_ones_do_not(
    results: Path, viewer: Viewer
) -> None:
    version = json.loads(_get(viewer, "/results.json")[2])["version"]
    assert _get(viewer, f"/results.json?have={version}")[0] == 204
    shutil.copytree(results / "a2", results / ".a3.0123abcd-99-0123abcd.partial")
    shutil.copytree(results / "a2", results / "no_manifest")
    (results / "no_manifest" / "manifest.json").unlink()
    shutil.copytree(results / "a2", results / "file_lost")
    (results / "file_lost" / "overlay.png").unlink()
    (results / "link").symlink_to(results / "a2")
    (results / "not_ours").mkdir()
    (results / "not_ours" / "manifest.json").write_text('{"files": {"../../secret.txt": {}}}')
    assert _get(viewer, f"/results.json?have={version}")[0] == 204
    write_result(results, "a3", random_findings(9))
    assert "a3" in _rows(viewer)
    write_result(results, "a2", random_findings(2), audit="repaired")
    assert _rows(viewer)["a2"]["audit"] == "repaired"
    shutil.rmtree(results / "a10")
    assert "a10" not in _rows(viewer)
    assert _get(viewer, "/result/a10/report.html")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/result/../secret.txt",
        "/result/a2/../../secret.txt",
        "/result/a2/..%2f..%2fsecret.txt",
        "/result/%2e%2e/secret.txt",
        "/result/a2%2f..%2f../secret.txt",
        "/result/..%5c..%5csecret.txt",
        "/result//etc/passwd",
        "/result/a2//etc/passwd",
        "/result/a2/report.html%00.png",
        "/result/a2/manifest.json",
        "/result/a2/planted.txt",
        "/result/a2/link.png",
        "/result/a2/",
        "/result/a2",
        "/result/",
        "/result/later",
        "/thumbnail/../secret.txt",
        "/thumbnail/%2e%2e",
        "/secret.txt",
        "/results.json/x",
        "/.git/config",
        "//[",
    ],
)
def test_nothing_but_files_of_complete_results_is_given_out(path: str, results: Path, viewer: Viewer) -> None:
    (results / "a2" / "planted.txt").write_text(SECRET)
    (results / "a2" / "link.png").symlink_to(results.parent / "secret.txt")
    status, _, body = _get(viewer, path)
    assert status == 404
    assert SECRET.encode() not in body
    assert b"root:" not in body


def test_a_listed_file_that_became_a_link_out_is_not_followed(results: Path, viewer: Viewer) -> None:
    _rows(viewer)
    (results / "a2" / "report.html").unlink()
    (results / "a2" / "report.html").symlink_to(results.parent / "secret.txt")
    assert _get(viewer, "/result/a2/report.html")[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "localhost.evil.example", "", "[::1", "a b"]
)
def test_a_foreign_host_name_is_refused(host: str, viewer: Viewer) -> None:
    status, _, body = _get(viewer, "/results.json", Host=host)
    assert status == 403
    assert b"a2" not in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9000", "127.0.0.1", "[::1]:8765"])
def test_its_own_names_are_answered_also_through_a_tunnel(host: str, viewer: Viewer) -> None:
    assert _get(viewer, "/", Host=host)[0] == 200


def test_two_host_headers_and_no_host_header_are_refused(viewer: Viewer) -> None:
    address = (urlsplit(viewer.url).hostname, urlsplit(viewer.url).port)
    for hosts in (b"", b"Host: localhost\r\nHost: evil.example\r\n"):
        with socket.create_connection(address, timeout=10) as wire:
            wire.sendall(b"GET /results.json HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
            assert b" 403 " in wire.makefile("rb").readline()


def test_only_reading_is_possible(viewer: Viewer) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert _get(viewer, "/result/a2/report.html", method)[0] == 501
    status, headers, body = _get(viewer, "/result/a2/report.html", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(PAGE.format("a2"))


def test_every_answer_forbids_what_it_does_not_need(viewer: Viewer) -> None:
    for path in ("/", "/results.json", "/thumbnail/a2", "/result/a2/report.html", "/nothing"):
        _, headers, _ = _get(viewer, path)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_it_answers_on_the_loopback_only(viewer: Viewer) -> None:
    assert urlsplit(viewer.url).hostname == "127.0.0.1"
    assert viewer.is_private


def test_a_taken_port_is_told_and_without_one_the_next_is_taken(results: Path, viewer: Viewer) -> None:
    port = urlsplit(viewer.url).port
    with pytest.raises(UsageError, match="in use"):
        saliscribe.view(results, port=port, browser=False)
    with (
        saliscribe.view(results, browser=False) as first,
        saliscribe.view(results, browser=False) as second,
    ):
        assert first.url != second.url


@pytest.mark.parametrize(("host", "port"), [("256.0.0.1", 0), ("192.0.2.1", 0), ("127.0.0.1", 70000)])
def test_an_impossible_address_is_wrong_usage(host: str, port: int, results: Path) -> None:
    with pytest.raises(UsageError):
        saliscribe.view(results, host=host, port=port, browser=False)


def test_a_closed_viewer_frees_its_port(results: Path) -> None:
    with saliscribe.view(results, port=0, browser=False) as viewer:
        port = urlsplit(viewer.url).port
    with saliscribe.view(results, port=port, browser=False):
        pass


def test_one_result_folder_can_be_viewed_and_a_file_cannot(results: Path) -> None:
    with saliscribe.view(results / "a2", port=0, browser=False) as viewer:
        assert list(_rows(viewer)) == ["a2"]
    with pytest.raises(InputError):
        saliscribe.view(results / "a2" / "report.html", browser=False)
