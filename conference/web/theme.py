"""The colours that screen, mail and paper share. `static/theme.css` holds the same; a test compares them."""

ACTION = "#0b3d91"
INK = "#17202a"
SOFT = "#566170"
LINE = "#d5dae1"
WASH = "#f3f5f8"

# Track colours 1 to 5 as bars, at least 3:1 on white: hues of Okabe and Ito, darkened where theirs are too light.
TRACK_BARS = ("#0072b2", "#b84e00", "#00795a", "#a8487f", "#7a6a00")
TRACK_WASHES = ("#e6f1f8", "#fbece2", "#e3f4ee", "#f8eaf2", "#f6f3dc")
