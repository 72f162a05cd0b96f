"""Finished pages put two and two on A4 for folding and stapling. The pages stay what they are: text, fonts, once."""

from io import BytesIO

from pikepdf import Array, Dictionary, Name, Page, Pdf

from conference.printing.imposition import imposed_order
from conference.printing.sheets import A4_HEIGHT_MM, A4_WIDTH_MM
from conference.printing.typeset import PT_PER_MM

_SHEET_WIDTH, _SHEET_HEIGHT = A4_HEIGHT_MM * PT_PER_MM, A4_WIDTH_MM * PT_PER_MM
_HALF = _SHEET_WIDTH / 2
# Four millimetres at each end of the two lines along which A4 is cut into A6.
_CUT = 4 * PT_PER_MM
_MIDDLE_X, _MIDDLE_Y = _SHEET_HEIGHT / 2, _SHEET_WIDTH / 2
_CUTS = "q 0.25 w 0 G {} S Q".format(
    " ".join(
        f"{x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l"
        for x, y, to_x, to_y in (
            (_MIDDLE_X, 0, _MIDDLE_X, _CUT),
            (_MIDDLE_X, _SHEET_WIDTH - _CUT, _MIDDLE_X, _SHEET_WIDTH),
            (0, _MIDDLE_Y, _CUT, _MIDDLE_Y),
            (_SHEET_HEIGHT - _CUT, _MIDDLE_Y, _SHEET_HEIGHT, _MIDDLE_Y),
        )
    )
)


def folded_pdf(content: bytes) -> bytes:
    """Return the document's pages on A4 on its side, in the order for printing on both sides over the short edge.

    A page larger than A5 is made smaller; one that lies on its side is turned, its foot to the right. Each page is one
    form, so that its text can still be searched and its fonts are in the file once. Bookmarks and links are left out:
    they would lead to halves of sheets.
    """
    with Pdf.open(BytesIO(content)) as source:
        forms = [source.make_indirect(page.as_form_xobject()) for page in source.pages]
        sizes = [_size(page) for page in source.pages]
        count = len(forms)
        for side in imposed_order(count):
            names, operators = Dictionary(), []
            for number, left in ((side.left, 0.0), (side.right, _HALF)):
                if number is not None:
                    names[f"/P{number}"] = forms[number - 1]
                    operators.append(f"q {_placed(sizes[number - 1], left)} cm /P{number} Do Q")
            source.pages.append(_sheet(source, names, "\n".join(operators)))
        del source.pages[:count]
        for name in (Name.Outlines, Name.Dests, Name.Names, Name.PageMode, Name.PageLabels):
            if name in source.Root:
                del source.Root[name]
        source.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, Duplex=Name.DuplexFlipShortEdge)
        return saved(source)


def four_up_pdf(content: bytes) -> bytes:
    """Return each A6 page four times on an A4 page, with marks to cut along.

    All four are the same, so that of two pages front and back belong together whichever edge the paper is turned over.
    """
    with Pdf.open(BytesIO(content)) as source:
        forms = [source.make_indirect(page.as_form_xobject()) for page in source.pages]
        half_width, half_height = _SHEET_HEIGHT / 2, _SHEET_WIDTH / 2
        corners = [(x, y) for x in (0.0, half_width) for y in (0.0, half_height)]
        cells = "\n".join(f"q 1 0 0 1 {x:.3f} {y:.3f} cm /P Do Q" for x, y in corners)
        for form in forms:
            page = _sheet(source, Dictionary(P=form), f"{cells}\n{_CUTS}")
            page.MediaBox = Array([0, 0, _SHEET_HEIGHT, _SHEET_WIDTH])
            source.pages.append(page)
        del source.pages[: len(forms)]
        return saved(source)


def saved(pdf: Pdf) -> bytes:
    """Return the document's bytes, without what nothing in it uses any more."""
    out = BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(out, compress_streams=True, deterministic_id=True)
    return out.getvalue()


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(one) for one in page.mediabox)
    return right - left, top - bottom


def _placed(size: tuple[float, float], left: float) -> str:
    """Return the matrix that puts a page of this size into the half that begins at `left`, in its middle."""
    width, height = size
    if width > height:
        scale = min(1.0, _HALF / height, _SHEET_HEIGHT / width)
        x = left + (_HALF + height * scale) / 2
        y = (_SHEET_HEIGHT - width * scale) / 2
        return f"0 {scale:.5f} {-scale:.5f} 0 {x:.3f} {y:.3f}"
    scale = min(1.0, _HALF / width, _SHEET_HEIGHT / height)
    x = left + (_HALF - width * scale) / 2
    y = (_SHEET_HEIGHT - height * scale) / 2
    return f"{scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f}"


def _sheet(pdf: Pdf, forms: Dictionary, operators: str) -> Page:
    return Page(
        pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, _SHEET_WIDTH, _SHEET_HEIGHT]),
                Resources=Dictionary(XObject=forms),
                Contents=pdf.make_stream(operators.encode("ascii")),
            )
        )
    )
