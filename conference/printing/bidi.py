"""The order in which a line's characters stand on paper: the Unicode bidirectional algorithm (UAX #9), pure.

What is mirrored (rule L4) and how letters join is the shaper's work: `shaping` hands it each run with its direction.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

_MAX_DEPTH = 125
_STRONG = {"L": 0, "R": 1, "AL": 1}
_ISOLATES = {"LRI", "RLI", "FSI"}
_EMBEDDINGS = {"LRE": (0, ""), "RLE": (1, ""), "LRO": (0, "L"), "RLO": (1, "R")}
_REMOVED = {"LRE", "RLE", "LRO", "RLO", "PDF", "BN"}
_NEUTRAL = {"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"}
_AS_RIGHT = {"R": "R", "AL": "R", "EN": "R", "AN": "R", "L": "L"}
# The pairs of BidiBrackets.txt that names and titles hold; 〈 is canonically the same as 〈.
_PAIRS = "()[]{}〈〉《》「」『』【】〔〕〖〗〘〙〚〛⟦⟧⟨⟩⟪⟫⁅⁆⁽⁾₍₎（）［］｛｝｟｠｢｣❨❩❪❫❬❭❮❯❰❱❲❳❴❵"
_CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_OPENED = 63
# What stands in for the class of a character that this Python's Unicode does not know yet (DerivedBidiClass.txt).
_RIGHT_BLOCKS = ((0x0590, 0x05FF, "R"), (0x0600, 0x07BF, "AL"), (0x07C0, 0x085F, "R"), (0x0860, 0x08FF, "AL"), (0xFB1D, 0xFB4F, "R"),
                 (0xFB50, 0xFDFF, "AL"), (0xFE70, 0xFEFF, "AL"), (0x10800, 0x10FFF, "R"), (0x1E800, 0x1EFFF, "R"))  # fmt: skip


def base_level(text: str) -> int:
    """Return 1 where the first letter that has a direction runs from right to left, else 0 (rules P2 and P3)."""
    return _first_strong(list(map(_class_of, text)))


def levels(text: str, base: int | None = None) -> list[int]:
    """Return the embedding level of each character of one line: odd ones run from right to left.

    `base` is the level of the paragraph, by default that of its first letter.
    """
    kinds = list(map(_class_of, text))
    base = _first_strong(kinds) if base is None else base
    if base == 0 and not {"R", "AL", "AN", "RLE", "RLO", "RLI"}.intersection(kinds):
        return [0] * len(text)
    found, resolved = _explicit(kinds, base)
    for places, begins, ends in list(_sequences(kinds, found, base)):
        _weak(resolved, places, begins)
        _brackets(text, kinds, resolved, places, begins, found[places[0]])
        _neutral(resolved, places, begins, ends, found[places[0]])
        for place in places:
            found[place] += _implicit(resolved[place], found[place])
    return _line_ends(kinds, found, base)


def visual_runs(line_levels: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (start, end, level) of each run of one level, from left to right on paper (rule L2)."""
    runs: list[tuple[int, int, int]] = []
    start = 0
    for level, members in groupby(line_levels):
        end = start + sum(1 for _ in members)
        runs.append((start, end, level))
        start = end
    odd = [level for level in line_levels if level % 2]
    for level in range(max(line_levels, default=0), min(odd, default=1) - 1, -1):
        place = 0
        while place < len(runs):
            end = place
            while end < len(runs) and runs[end][2] >= level:
                end += 1
            runs[place:end] = reversed(runs[place:end])
            place = max(end, place + 1)
    return runs


def _class_of(character: str) -> str:
    known = unicodedata.bidirectional(character)
    if known:
        return known
    code = ord(character)
    return next((kind for first, last, kind in _RIGHT_BLOCKS if first <= code <= last), "L")


def _first_strong(kinds: Sequence[str]) -> int:
    depth = 0
    for kind in kinds:
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(depth - 1, 0)
        elif not depth and kind in _STRONG:
            return _STRONG[kind]
    return 0


def _matching(kinds: Sequence[str]) -> dict[int, int]:
    """Return where each isolate ends (BD9)."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, kind in enumerate(kinds):
        if kind in _ISOLATES:
            opened.append(place)
        elif kind == "PDI" and opened:
            found[opened.pop()] = place
    return found


class _Directions:
    """The stack of rules X1 to X8: level, override and whether an isolate opened it."""

    def __init__(self, base: int) -> None:
        self.stack: list[tuple[int, str, bool]] = [(base, "", False)]
        self.isolates_beyond = self.embeddings_beyond = self.isolates = 0

    def next_level(self, parity: int) -> int:
        level = self.stack[-1][0]
        return level + 1 if (level + 1) % 2 == parity else level + 2

    def embed(self, parity: int, override: str) -> None:
        level = self.next_level(parity)
        if level <= _MAX_DEPTH and not self.isolates_beyond and not self.embeddings_beyond:
            self.stack.append((level, override, False))
        elif not self.isolates_beyond:
            self.embeddings_beyond += 1

    def isolate(self, parity: int) -> None:
        level = self.next_level(parity)
        if level <= _MAX_DEPTH and not self.isolates_beyond and not self.embeddings_beyond:
            self.isolates += 1
            self.stack.append((level, "", True))
        else:
            self.isolates_beyond += 1

    def end_isolate(self) -> None:
        if self.isolates_beyond:
            self.isolates_beyond -= 1
        elif self.isolates:
            self.embeddings_beyond = 0
            while not self.stack[-1][2]:
                self.stack.pop()
            self.stack.pop()
            self.isolates -= 1

    def end_embedding(self) -> None:
        if self.isolates_beyond:
            return
        if self.embeddings_beyond:
            self.embeddings_beyond -= 1
        elif not self.stack[-1][2] and len(self.stack) > 1:
            self.stack.pop()


def _explicit(kinds: Sequence[str], base: int) -> tuple[list[int], list[str]]:
    """Return each character's level from the controls around it, and its class with overrides (X1 to X8)."""
    state, matching = _Directions(base), _matching(kinds)
    found, resolved = [], []
    for place, kind in enumerate(kinds):
        if kind == "PDI":
            state.end_isolate()
        level, override, _ = state.stack[-1]
        if kind == "B":
            level, override = base, ""
        found.append(level)
        resolved.append(override if override and kind not in _REMOVED else kind)
        if kind in _EMBEDDINGS:
            state.embed(*_EMBEDDINGS[kind])
        elif kind == "PDF":
            state.end_embedding()
        elif kind in _ISOLATES:
            inside = kinds[place + 1 : matching.get(place, len(kinds))]
            state.isolate(_first_strong(inside) if kind == "FSI" else int(kind == "RLI"))
    return found, resolved


def _sequences(kinds: Sequence[str], found: Sequence[int], base: int) -> Iterable[tuple[list[int], str, str]]:
    """Yield the places of each isolating run sequence with what stands before and after it (X9, X10)."""
    kept = [place for place, kind in enumerate(kinds) if kind not in _REMOVED]
    runs = [list(run) for _, run in groupby(kept, key=found.__getitem__)]
    matching = _matching(kinds)
    ends = set(matching.values())
    by_first = {run[0]: run for run in runs}
    order = {place: number for number, place in enumerate(kept)}
    for run in runs:
        if kinds[run[0]] == "PDI" and run[0] in ends:
            continue
        places = list(run)
        while kinds[places[-1]] in _ISOLATES and places[-1] in matching:
            places += by_first[matching[places[-1]]]
        level = found[places[0]]
        first, last = order[places[0]], order[places[-1]]
        before = found[kept[first - 1]] if first else base
        is_open = kinds[places[-1]] in _ISOLATES
        after = base if is_open or last + 1 == len(kept) else found[kept[last + 1]]
        yield places, "RL"[max(level, before) % 2 == 0], "RL"[max(level, after) % 2 == 0]


def _weak(resolved: list[str], places: Sequence[int], begins: str) -> None:
    """Resolve marks, numbers and what stands among numbers (W1 to W7)."""
    before = begins
    for place in places:  # W1
        if resolved[place] == "NSM":
            resolved[place] = "ON" if before in _ISOLATES or before == "PDI" else before
        before = resolved[place]
    _numbers(resolved, places, begins, after="AL", become="AN")  # W2
    for place in places:  # W3
        if resolved[place] == "AL":
            resolved[place] = "R"
    for before_at, place, after_at in zip(places, places[1:], places[2:], strict=False):  # W4
        one, kind, other = resolved[before_at], resolved[place], resolved[after_at]
        if one == other and ((kind == "ES" and one == "EN") or (kind == "CS" and one in {"EN", "AN"})):
            resolved[place] = one
    _terminators(resolved, places)
    _numbers(resolved, places, begins, after="L", become="L")  # W7


def _numbers(resolved: list[str], places: Sequence[int], begins: str, *, after: str, become: str) -> None:
    """Let numbers whose nearest letter before is of the class `after` become another class."""
    strong = begins
    for place in places:
        if resolved[place] in _STRONG:
            strong = resolved[place]
        elif resolved[place] == "EN" and strong == after:
            resolved[place] = become


def _terminators(resolved: list[str], places: Sequence[int]) -> None:
    """W5 and W6: signs of currency and per cent go with their number, other separators stand alone."""
    for kind, members in groupby(list(enumerate(places)), key=lambda one: resolved[one[1]]):
        run = list(members)
        if kind != "ET":
            continue
        first, last = run[0][0], run[-1][0]
        near = {resolved[places[at]] for at in (first - 1, last + 1) if 0 <= at < len(places)}
        for _, place in run:
            resolved[place] = "EN" if "EN" in near else "ON"
    for place in places:
        if resolved[place] in {"ES", "CS", "ET"}:
            resolved[place] = "ON"


def _brackets(
    text: str, kinds: Sequence[str], resolved: list[str], places: Sequence[int], begins: str, level: int
) -> None:
    """Let a pair of brackets take the direction of what it holds or follows (N0)."""
    own = "RL"[level % 2 == 0]
    for first, last in _bracket_pairs(text, resolved, places):
        inside = {_AS_RIGHT.get(resolved[place]) for place in places if first < place < last} - {None}
        if not inside:
            continue
        chosen = own
        if own not in inside:
            earlier = (_AS_RIGHT.get(resolved[place]) for place in reversed(places) if place < first)
            context = next((kind for kind in earlier if kind), begins)
            chosen = context if context != own else own
        for bracket in (first, last):
            resolved[bracket] = chosen
            for place in places[places.index(bracket) + 1 :]:
                if kinds[place] != "NSM":
                    break
                resolved[place] = chosen


def _bracket_pairs(text: str, resolved: Sequence[str], places: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for place in places:
        if resolved[place] != "ON":
            continue
        character = unicodedata.normalize("NFC", text[place])
        if character in _CLOSING:
            if len(opened) == _OPENED:
                return []
            opened.append((_CLOSING[character], place))
            continue
        for depth in range(len(opened) - 1, -1, -1):
            if opened[depth][0] == character:
                found.append((opened[depth][1], place))
                del opened[depth:]
                break
    return sorted(found)


def _neutral(resolved: list[str], places: Sequence[int], begins: str, ends: str, level: int) -> None:
    """Let blanks and signs go with what is around them where both sides agree, else with the line (N1, N2)."""
    before = begins
    runs = [list(run) for _, run in groupby(places, key=lambda place: resolved[place] in _NEUTRAL)]
    for number, run in enumerate(runs):
        if resolved[run[0]] not in _NEUTRAL:
            before = _AS_RIGHT[resolved[run[-1]]]
            continue
        after = _AS_RIGHT[resolved[runs[number + 1][0]]] if number + 1 < len(runs) else ends
        for place in run:
            resolved[place] = before if before == after else "RL"[level % 2 == 0]


def _implicit(kind: str, level: int) -> int:
    """Return by how much a character's level rises (I1, I2)."""
    if level % 2:
        return int(kind != "R")
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)


def _line_ends(kinds: Sequence[str], found: list[int], base: int) -> list[int]:
    """Return the levels with blanks at the line's end as the line (L1), and controls as what stands before them."""
    at_end, ending = True, set()
    for place in range(len(found) - 1, -1, -1):
        kind = kinds[place]
        if kind in {"B", "S"}:
            at_end = True
        if at_end and (kind in {"WS", "B", "S", "PDI"} or kind in _ISOLATES or kind in _REMOVED):
            found[place] = base
            ending.add(place)
        elif kind not in _REMOVED:
            at_end = False
    for place, kind in enumerate(kinds):
        if kind in _REMOVED and place not in ending:
            found[place] = found[place - 1] if place else base
    return found
