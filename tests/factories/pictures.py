"""Pictures as people send them: of two colours, so that a crop shows which half it took."""

from io import BytesIO

from PIL import Image

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (400, 200), **options: object) -> bytes:
    """Return a file whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, LEFT)
    picture.paste(RIGHT, (size[0] // 2, 0, size[0], size[1]))
    made = BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def with_traces() -> bytes:
    """Return a JPEG that says which camera took it, with a comment, to be turned by a quarter."""
    exif = Image.Exif()
    exif[271], exif[274] = "Secret camera", 6
    return a_picture(exif=exif, comment=b"Secret words")
