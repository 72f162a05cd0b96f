"""Invented faces for the demonstration: no picture of anybody. Beside pictures.py the one user of Pillow."""

from io import BytesIO

from PIL import Image, ImageDraw

_SIDE = 360
_GROUNDS = ("#dbe7f3", "#f3e3d3", "#dcefe6", "#efe0ee", "#f0ecd2", "#e2e4ea")
_CLOTHES = ("#0b3d91", "#8a3b12", "#0f6b4f", "#6b2c6b", "#5c5410", "#3a4250")
_SKINS = ("#f1c9a5", "#8d5a3c", "#e0ac7e", "#c68958", "#5e3b28", "#f6d7bd")
_HAIRS = ("#2a2320", "#6b4a2b", "#9c9a96", "#c79a4b", "#171313", "#7a2e1a")


def invented_face(number: int) -> bytes:
    """Return a drawing of nobody as PNG, another one for each of the first dozens of numbers."""
    picture = Image.new("RGB", (_SIDE, _SIDE), _GROUNDS[number % 6])
    draw = ImageDraw.Draw(picture)
    draw.ellipse((40, 250, 320, 520), fill=_CLOTHES[number % 6])
    skin, hair = _SKINS[number * 5 % 6], _HAIRS[(number + number // 6) % 6]
    draw.ellipse((100, 60, 260, 240 if number % 2 else 210), fill=hair)
    draw.rectangle((155, 220, 205, 275), fill=skin)
    draw.ellipse((115, 85, 245, 250), fill=skin)
    draw.pieslice((108, 60, 252, 190), 180, 360, fill=hair)
    for x in (152, 202):
        draw.ellipse((x, 160, x + 9, 170), fill="#222222")
    draw.arc((155, 175, 205, 220), 25, 155, fill="#7a3b32", width=4)
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
