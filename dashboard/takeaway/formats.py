"""The formats, each made from any document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.takeaway import browser, slides
from dashboard.takeaway.document import Document
from dashboard.takeaway.report import report
from dashboard.takeaway.tables import csv_files, parquet_files, read_me, zipped
from dashboard.takeaway.workbook import workbook

IMAGE_WIDTH_PX = 1200


@dataclass(frozen=True)
class Format:
    """A format.

    Attributes
    ----------
    label, hint : str
        In the menu: what it is, how large it is and how long it takes.
    ending : str
        Of the file, after its stem.
    mimetype : str
    make : callable
        The file's content.
    slow : bool
        Drawn by Chromium.
    """

    label: str
    hint: str
    ending: str
    mimetype: str
    make: Callable[[Document], bytes]
    slow: bool = False


def _pdf(document: Document) -> bytes:
    return browser.pdf(report(document, paper=True))


def _images(kind: str) -> Callable[[Document], bytes]:
    def make(document: Document) -> bytes:
        if not document.charts:
            raise browser.CannotMake("There is no chart to draw: no run here has a plan.")
        drawn = browser.images(document.charts, kind, IMAGE_WIDTH_PX)
        files = {f"{place}-{name}.{kind}": content for place, (name, content) in enumerate(drawn.items(), 1)}
        return zipped({**files, "read-me.txt": read_me(document)})

    return make


_ZIP = "application/zip"
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    "html": Format("Report, one HTML file", "opens offline; about 5 MB, 3 s", ".html", "text/html", report),
    "pdf": Format("Report, PDF", "to print; about 1 MB, 10 s", ".pdf", "application/pdf", _pdf, slow=True),
    "pptx": Format("Slides, PowerPoint", "a chart a slide; about 1 MB, 20 s", ".pptx",
                   f"{_OFFICE}.presentationml.presentation", slides.slides, slow=True),
    "xlsx": Format("Workbook, Excel", "full precision, all inputs; 0.1 MB, 2 s", ".xlsx",
                   f"{_OFFICE}.spreadsheetml.sheet", workbook),
    "csv": Format("Tables, CSV", "tidy, zipped; 0.1 MB, 2 s", "-csv.zip", _ZIP, csv_files),
    "parquet": Format("Tables, Parquet", "tidy, with units, zipped; 0.1 MB, 2 s", "-parquet.zip", _ZIP, parquet_files),
    "png": Format("Charts, PNG", "zipped; about 1 MB, 20 s", "-png.zip", _ZIP, _images("png"), slow=True),
    "svg": Format("Charts, SVG", "zipped; about 1 MB, 15 s", "-svg.zip", _ZIP, _images("svg"), slow=True),
}  # fmt: skip
