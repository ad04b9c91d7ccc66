"""Reports on paper and as pictures, whose words nobody can search: `heartbeat forget` tells them from other files."""

import struct
from pathlib import Path

import pytest
import typst

from dashboards.report import pdf
from dashboards.report.rows import Table
from dashboards.report.sheets import ReportContent
from tests.worlds.page_worlds import NOW
from warehouse.database import WarehouseError
from warehouse.forgetting.exports import SHEET, holds_forgotten, must_go
from warehouse.forgetting.register import Forgotten

NOBODY = Forgotten(b"a key of sixteen bytes")


def test_a_report_goes_whatever_it_holds_and_another_document_stays(tmp_path: Path) -> None:
    """Its letters are numbers of glyphs, also where it lies in a folder of exports; so are those of a picture."""
    told = ReportContent(False, "01 Nov 2026", "all", (("Families", "1"),), (), Table(("Channel",), (), 0))
    (report := tmp_path / "r.pdf").write_bytes(pdf.render_document(told, NOW))
    (picture := tmp_path / "r.png").write_bytes(content := pdf.render_picture(told, NOW))
    (other := tmp_path / "other.pdf").write_bytes(typst.compile(b"Another one, of Heartbeat", format="pdf"))
    (photo := tmp_path / "other.png").write_bytes(content[:16] + struct.pack(">II", 640, 480) + content[24:])

    assert struct.unpack(">II", content[16:24]) == SHEET
    assert holds_forgotten(report, NOBODY)
    with pytest.raises(WarehouseError, match=r"r.png: may be the picture of a report.*delete it, or move it elsewhere"):
        must_go(picture, str(tmp_path), NOBODY)
    assert not holds_forgotten(other, NOBODY) and not must_go(photo, str(tmp_path), NOBODY)
    assert must_go(picture, str(picture), NOBODY) and must_go(report, str(report), NOBODY)
