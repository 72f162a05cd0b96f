"""Pictures of a design, such as the organisers' logos: checked by content, drawn anew, kept small. Pure."""

from dataclasses import replace

from conference.printing.design_model import Design, Fault
from conference.printing.errors import DesignFaultsError, LogoKindError
from conference.speakers.errors import PictureKindError, PictureTooLargeError
from conference.speakers.pictures import MOST_BYTES, clean_logo

# Own choice: sharp at 10 cm and 300 dots an inch.
MOST_SIDE = 1200
MOST_PICTURES = 6


def clean_picture(data: bytes) -> bytes:
    """Return the picture as a PNG of at most 1,200 pixels a side, without what its file said beside its pixels.

    Raises LogoKindError for what is no PNG, JPEG or WebP by its content (an SVG too: it can ask for other files),
    PictureTooLargeError over 8 MB, PicturePixelsError over 40 megapixels, PictureBrokenError.
    """
    if len(data) > MOST_BYTES:
        raise PictureTooLargeError("picture")
    try:
        return clean_logo(data, MOST_SIDE)
    except PictureKindError:
        raise LogoKindError("picture") from None


def with_picture(design: Design, name: str, data: bytes) -> Design:
    """Return the design with this picture under this name, in place of one that was there.

    Raises as `clean_picture` does, and DesignFaultsError for a seventh picture.
    """
    clean = clean_picture(data)
    if name not in design.pictures and len(design.pictures) >= MOST_PICTURES:
        fault = Fault(
            element="",
            field="pictures",
            value=f"a picture more than {MOST_PICTURES}",
            remedy="Take one out first.",
        )
        raise DesignFaultsError("picture", faults=(fault,))
    return replace(design, pictures={**design.pictures, name: clean})
