"""A ladder as SVG: well-formed whatever a peer sends, Chinese intact, shown by a real browser."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.i18n import set_language
from netlib.teaching.ladder import Rung, Site
from netlib.teaching.ladder_svg import WIDTH, arrow_head, ladder_svg, measure
from netlib.teaching.ladder_text import TextOptions
from netlib.teaching.shapes import Stroke
from tests.conversations import Conversation, conversations
from tests.peers import program

SVG = "{http://www.w3.org/2000/svg}"
OPTIONS = TextOptions({})
HOSTILE = (
    b"\x00\x01\x08\x0b\x1b[2J\x7f ]]> <script>alert(1)</script> &amp; "
    b"\" ' \xed\xa0\x80 \xef\xbf\xbe\xff"
)
"""Control characters, the end of CDATA, markup, half of a pair, and no character at all."""
CLIENT, SERVER = 0, 1
SECONDS = 60.0


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


def said(*pieces: bytes) -> list[Rung]:
    """Return the rows of a client that says this, and is heard."""
    talk = Conversation(1, known=True)
    for piece in pieces:
        talk.send(CLIENT, piece)
        talk.receive(SERVER, 1 << 20)
    talk.wait(3.0)
    talk.lose(CLIENT, b"lost\n")
    return talk.rungs()


def words(document: str) -> list[str]:
    """Return what the texts of a document say."""
    return [one.text or "" for one in ET.fromstring(document).iter(f"{SVG}text")]


@given(conversations(), st.sampled_from(["utf-8", "gb18030", "latin-1", "utf-16-le"]))
def test_it_is_xml_and_says_what_is_in_it(rows: list[Rung], encoding: str) -> None:
    document = ladder_svg(rows, TextOptions({}, encoding, commentary=True), note="… and 3 more")
    root = ET.fromstring(document)
    assert root.tag == f"{SVG}svg"
    assert root.get("width") == str(WIDTH)
    assert words(document)[-1] == "… and 3 more"


@given(st.text(), st.binary(max_size=200))
def test_no_name_and_no_bytes_break_it(address: str, data: bytes) -> None:
    rows = said(data, address.encode("utf-8", "surrogatepass"))
    site = Site(2, "", serves=False)
    document = ladder_svg(rows, TextOptions({site: address}), note=address)
    assert ET.fromstring(document.encode()).tag == f"{SVG}svg"
    assert {one.tag for one in ET.fromstring(document).iter()} <= {
        f"{SVG}{name}" for name in ("svg", "rect", "text", "g", "line", "polygon", "circle")
    }


def test_nothing_of_a_peer_is_markup() -> None:
    document = ladder_svg(said(HOSTILE), OPTIONS)
    assert "<script" not in document
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", document)
    assert any(r"<script>alert" in text for text in words(document))


def test_chinese_stays_chinese() -> None:
    set_language("zh")
    texts = words(ladder_svg(said("你好，世界\n".encode()), OPTIONS))
    assert r"你好，世界\n" in texts
    assert any("客户端" in text for text in texts)


def test_arrows_have_heads_and_what_is_lost_has_none() -> None:
    document = ladder_svg(said(b"hello\n"), OPTIONS)
    heads = [*ET.fromstring(document).iter(f"{SVG}polygon")]
    assert len(heads) == 1
    assert "lost: never received" in words(document)


def test_a_head_lies_behind_its_tip() -> None:
    tip, *corners = arrow_head(Stroke(0, 0, 100, 0, "sent"), 10, 4)
    assert tip == (100, 0)
    assert sorted(corners) == [(90, -4), (90, 4)]
    assert arrow_head(Stroke(5, 5, 5, 5, "sent"), 10, 4)[0] == (5, 5)


def test_a_chinese_character_is_wider_than_a_latin_one() -> None:
    assert measure("你好", "mono") > measure("hi", "mono")
    assert measure("hi", "text") > measure("hi", "small")
    assert measure("", "mono") == 0


@pytest.mark.peers
def test_xmllint_finds_nothing_wrong(tmp_path: Path) -> None:
    target = tmp_path / "ladder.svg"
    rows = said(HOSTILE, "你好\n".encode(), bytes(range(256)))
    target.write_text(ladder_svg(rows, OPTIONS, note=HOSTILE.decode("latin-1")), "utf-8")
    done = subprocess.run(
        [program("xmllint"), "--noout", str(target)],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.peers
def test_a_browser_shows_it(tmp_path: Path) -> None:
    drawn = {}
    for name, rows in {"empty": [], "full": said("你好，世界\n".encode(), HOSTILE)}.items():
        target, picture = tmp_path / f"{name}.svg", tmp_path / f"{name}.png"
        target.write_text(ladder_svg(rows, OPTIONS), "utf-8")
        subprocess.run(
            [
                program("chromium"),
                *("--headless", "--disable-gpu", "--hide-scrollbars"),
                "--no-sandbox",  # the tests run as root
                f"--user-data-dir={tmp_path / 'profile'}",
                f"--window-size={WIDTH},400",
                f"--screenshot={picture}",
                target.as_uri(),
            ],
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        drawn[name] = colours(picture)
    blue, red = "#0B52BF", "#B3201A"
    assert {blue, red} <= drawn["full"]
    assert not {blue, red} & drawn["empty"]


def colours(picture: Path) -> set[str]:
    """Return the colours of a picture, as ImageMagick writes them."""
    done = subprocess.run(
        [program("convert"), str(picture), "-unique-colors", "txt:-"],
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    return {found[:7] for found in re.findall(r"#[0-9A-F]{6}", done.stdout.decode())}
