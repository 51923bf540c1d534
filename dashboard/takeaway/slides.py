"""A document as slides: finding, figures, inputs that differ, one chart a slide, where it comes from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from dashboard.takeaway import browser
from dashboard.takeaway.document import GENERAL_FACTS, Chart, Document, Grid
from dashboard.theme import LIGHT

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, TOP, BODY_TOP, BODY_WIDTH = Inches(0.6), Inches(0.4), Inches(1.45), Inches(12.13)
CHART_WIDTH_PX, CHART_HEIGHT_PX = 1000, 450
ROWS_A_SLIDE = 12
MOST_WORDS = 6
_TITLE_ONLY = 5  # of the layouts of python-pptx's own template


def slides(document: Document) -> bytes:
    """The document as PPTX."""
    # First, so that a missing browser is said before anything is made.
    pictures = browser.images(document.charts, "png", CHART_WIDTH_PX, CHART_HEIGHT_PX) if document.charts else {}
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title, deck.core_properties.comments = document.title, document.address
    _title_slide(deck, document)
    _words_slide(deck, document)
    for grid in document.grids:
        _grid_slides(deck, grid, document)
    for chart in document.charts:
        _chart_slide(deck, chart, pictures[chart.name], document)
    _facts_slide(deck, document)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _slide(deck: Any, title: str, document: Document, notes: str = "") -> Any:
    """A slide with its native title, its foot, and its notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = LEFT, TOP, BODY_WIDTH, Inches(0.75)
    head.text_frame.text = title
    head.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _style(head.text_frame.paragraphs[0], 28, bold=True)
    foot = " · ".join(part for part in (f"Firmwatt, {document.made_words}", document.marks) if part)
    _text(slide, [foot], LEFT, Inches(7.02), BODY_WIDTH, Inches(0.3), 10, colour=LIGHT.muted)
    slide.notes_slide.notes_text_frame.text = f"{notes}\n\n{document.address}".strip()
    return slide


def _title_slide(deck: Any, document: Document) -> None:
    slide = _slide(deck, document.title, document, "\n".join(document.sentences))
    head = slide.shapes.title
    head.top, head.height = Inches(2.4), Inches(1.0)
    _style(head.text_frame.paragraphs[0], 40, bold=True)
    line = slide.shapes.add_shape(1, LEFT, Inches(2.2), Inches(1.2), Inches(0.06))
    line.fill.solid()
    line.fill.fore_color.rgb = _colour(LIGHT.accent)
    line.line.fill.background()
    runs = [name for name, _ in document.facts if name not in GENERAL_FACTS]
    lines = [*(runs if runs != [document.title] else []), document.subtitle]
    _text(slide, [line for line in lines if line], LEFT, Inches(3.45), BODY_WIDTH, Inches(2.6), 18, colour=LIGHT.muted)


def _words_slide(deck: Any, document: Document) -> None:
    slide = _slide(deck, "What it says", document, "\n".join([*document.sentences, *document.warnings]))
    first, *rest = document.sentences[:MOST_WORDS] or ("",)
    minded = [f"Mind: {document.warnings[0]}", *document.warnings[1:MOST_WORDS]] if document.warnings else []
    box = _text(slide, [first, *rest, *minded], LEFT, BODY_TOP, BODY_WIDTH, Inches(5.3), 18, colour=LIGHT.muted)
    _style(box.paragraphs[0], 24, colour=LIGHT.ink)
    for place, paragraph in enumerate(box.paragraphs):
        paragraph.space_after = Pt(10)
        if place > len(rest):
            _style(paragraph, 13, colour="#8a4b00")


def _grid_slides(deck: Any, grid: Grid, document: Document) -> None:
    if not grid.rows:
        return
    parts = [grid.rows[start : start + ROWS_A_SLIDE] for start in range(0, len(grid.rows), ROWS_A_SLIDE)]
    for place, rows in enumerate(parts, start=1):
        title = grid.title if len(parts) == 1 else f"{grid.title} ({place} of {len(parts)})"
        slide = _slide(deck, title, document, grid.note)
        if grid.note:
            _text(slide, [grid.note], LEFT, Inches(1.05), BODY_WIDTH, Inches(0.3), 12, colour=LIGHT.muted)
        _table(slide, grid.head, rows)


def _table(slide: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    shape = slide.shapes.add_table(
        len(rows) + 1, len(head), LEFT, BODY_TOP, BODY_WIDTH, Inches(0.4 * (len(rows) + 1))
    )  # fmt: skip
    table = shape.table
    table.horz_banding = False
    widths = _widths(head, rows)
    for column, share in enumerate(widths):
        table.columns[column].width = Emu(int(BODY_WIDTH * share))
    for place, values in enumerate((head, *rows)):
        table.rows[place].height = Inches(0.4)
        for column, value in enumerate(values):
            _cell(table.cell(place, column), value, head=place == 0, words=column == 0 or (column == 1 and not head[1]))


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Share of the width of each column: by its longest words, within reason."""
    longest = [max(6, min(34, max(len(row[place]) for row in (head, *rows)))) for place in range(len(head))]
    return [length / sum(longest) for length in longest]


def _cell(cell: Any, value: str, *, head: bool, words: bool) -> None:
    cell.text = value
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(LIGHT.grid if head else LIGHT.surface)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT if words else PP_ALIGN.RIGHT
    _style(paragraph, 12, bold=head)


def _chart_slide(deck: Any, chart: Chart, picture: bytes, document: Document) -> None:
    slide = _slide(deck, chart.title, document, chart.view.backing.summary)
    if chart.subtitle:
        _text(slide, [chart.subtitle], LEFT, Inches(1.05), BODY_WIDTH, Inches(0.3), 12, colour=LIGHT.muted)
    shown = slide.shapes.add_picture(io.BytesIO(picture), LEFT, BODY_TOP, width=BODY_WIDTH)
    shown.name = chart.title
    # The words of the chart are what a screen reader says in its place.
    shown._element.nvPicPr.cNvPr.set("descr", chart.view.backing.summary)


def _facts_slide(deck: Any, document: Document) -> None:
    slide = _slide(deck, "Where it comes from", document, "\n".join(document.warnings))
    lines = [f"{subject}: {words}" for subject, words in document.facts] + [
        f"Mind: {warning}" for warning in document.warnings
    ]
    box = _text(slide, lines, LEFT, BODY_TOP, BODY_WIDTH, Inches(5.3), 12, colour=LIGHT.ink)
    for paragraph in box.paragraphs:
        paragraph.space_after = Pt(6)


def _text(
    slide: Any, lines: Sequence[str], left: Any, top: Any, width: Any, height: Any, size: int, *, colour: str
) -> Any:
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    for place, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = words
        _style(paragraph, size, colour=colour)
    return frame


def _style(paragraph: Any, size: int, *, bold: bool = False, colour: str = LIGHT.ink) -> None:
    paragraph.alignment = paragraph.alignment or PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _colour(colour)


def _colour(hexadecimal: str) -> RGBColor:
    return RGBColor.from_string(hexadecimal.lstrip("#").upper())
