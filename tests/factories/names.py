"""Random names of all scripts that Europe registers with, and of what people type to see what happens."""

import os
import random
from collections.abc import Callable, Iterator
from functools import partial

LATIN = "abcdefghijklmnoprstuvyzåäöüßøæéèçñłşţșțőűğřđžčćńœïêàýðþīķļņŗūėįų"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґћђљњџў"
GREEK = "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊΐς"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژگکی"
VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
HEBREW = "אבגדהוזחטיכלמנסעפצקרשתךםןףץ"
POINTS = "\u05b0\u05b4\u05b5\u05b6\u05b7\u05b8\u05b9\u05bc\u05c1\u05c2"
ARMENIAN = "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև"
GEORGIAN = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
HAN = "李王张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗示例小明红东京大学医院山田樱花国家附属部"
KANA = "さくらあいうえおかきアイウエオタナカケーっゃ"
HANGUL = "김이박최정강조윤장임한민수지훈서연국"
MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331"
EMOJI = "😀🙂👩👨👧💻🎉"
# A font made for a test has none of these, nor has the packaged one.
UNKNOWN = "ᏣᎳᎩ𓀀𓀁ꀀꀁ\U0001f9ff"
SPECIMENS = (
    "", "x", "W" * 120, "i" * 120, "Müller" * 20, "王" * 120, "م" * 120, "\x00Anna\x00", "A\x07nna", "<b>", "<b>Bob</b>",
    "Tom <3 <script>", '<img src="/etc/hostname">', "%(x)s {0} {{7*7}}", "(\\)", "&amp;", "\u202eabc", "Anna\u00a0Lisa",
    "👨\u200d👩\u200d👧\u200d👦", "👩🏽\u200d💻", "❤\ufe0f", "مُحَمَّد", "שָׁלוֹם", "می\u200cخواهم", "السلام", "abc محمد def", "כהן (Cohen) 12",
    "Z\u0351\u0300\u0301a\u0323\u0308l\u030a\u030bgo", "e" + "\u0301" * 40, "van der Berg", "O'Brien", "d’Exemple",
    "Maximiliane-Sophie", "Exempelberger-Musterhausen-von-Beispielstätten", "한국어", "さくら", "Nguyễn Thị Ánh",
    "\u200b\u200d", "\ufeffAnna", "Ａｎｎａ", "ﬁnn", "A\u0301sa", "Å\u0308", " ", "-", "…",
)  # fmt: skip


def seed() -> int:
    """Return where the random names begin: always the same in CI, else as PAPER_SEED says, else anywhere."""
    fixed = "20220922" if os.environ.get("CI") else os.environ.get("PAPER_SEED")
    return int(fixed) if fixed else random.SystemRandom().randrange(10**9)


def names(begin: int) -> Iterator[str]:
    """Yield the specimens, then random names without end, the same ones for the same beginning."""
    yield from SPECIMENS
    chance = random.Random(begin)
    kinds: tuple[Callable[[random.Random], str], ...] = (
        *(partial(_words, letters) for letters in (LATIN, LATIN, CYRILLIC, GREEK, ARMENIAN, GEORGIAN)),
        _arabic,
        _hebrew,
        *(partial(_signs, letters) for letters in (HAN, HAN + KANA, HANGUL)),
        _marked,
        _mixed,
        _pictures,
        _unknown,
    )
    while True:
        yield chance.choice(kinds)(chance)


def _word(letters: str, chance: random.Random, most: int = 14) -> str:
    return "".join(chance.choices(letters, k=chance.randint(1, most)))


def _words(letters: str, chance: random.Random) -> str:
    separators = (" ", " ", "-", "\u00a0", " von ", "/")
    name = _word(letters, chance).capitalize()
    for _ in range(chance.choice((0, 0, 1, 1, 2, 6))):
        name += chance.choice(separators) + _word(letters, chance).capitalize()
    return name


def _with_points(letters: str, points: str, chance: random.Random) -> str:
    is_pointed = chance.random() < 0.3
    words = []
    for _ in range(chance.randint(1, 4)):
        word = _word(letters, chance, 8)
        words.append("".join(one + (chance.choice(points) if is_pointed else "") for one in word))
    return " ".join(words)


def _arabic(chance: random.Random) -> str:
    return _with_points(ARABIC, VOWELS, chance)


def _hebrew(chance: random.Random) -> str:
    return _with_points(HEBREW, POINTS, chance)


def _signs(letters: str, chance: random.Random) -> str:
    return chance.choice(("", " ", "·")).join(_word(letters, chance, 6) for _ in range(chance.randint(1, 4)))


def _marked(chance: random.Random) -> str:
    # No mark twice on one letter: readers of a file take the second for the first one printed again.
    return "".join(
        letter + "".join(chance.sample(MARKS, chance.choice((0, 0, 1, 2, 3, 5)) if letter.isalpha() else 0))
        for letter in _words(LATIN, chance)
    )


def _mixed(chance: random.Random) -> str:
    parts = [
        _arabic(chance),
        _words(LATIN, chance),
        f"({_word(HEBREW, chance, 5)})",
        str(chance.randint(1, 99)),
    ]
    chance.shuffle(parts)
    return " ".join(parts[: chance.randint(2, 4)])


def _pictures(chance: random.Random) -> str:
    return (
        _words(LATIN, chance)
        + chance.choice((" ", ""))
        + chance.choice(("\u200d", "")).join(chance.choices(EMOJI, k=chance.randint(1, 4)))
    )


def _unknown(chance: random.Random) -> str:
    name = list(_words(LATIN, chance))
    name.insert(chance.randrange(len(name) + 1), chance.choice(UNKNOWN))
    return "".join(name)
