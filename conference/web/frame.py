"""What stands around every page: names, menus and banners, gathered from the rooms while a page is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request, url_for

from conference.core.clock import clock
from conference.web.access import current_principal, may
from conference.web.registry import page_facts


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuItem:
    """An entry of the public or the staff menu: shown to whoever may open its endpoint, in the order of `place`.

    The pages below its address are its own, and so are those below the addresses in `also`.
    """

    endpoint: str
    label: Any
    place: int
    area: str  # "public" or "staff"
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Return whether the path lies below the entry; nothing but the home page is below the home page."""
        own = url_for(self.endpoint).partition("?")[0].rstrip("/")
        return any(f"{path}/".startswith(f"{address}/") for address in (own, *self.also) if address)


class BareFrame(Mapping[str, object]):
    """The frame of an error page: no maker is asked, since what failed may be what it would ask."""

    def __getitem__(self, name: str) -> object:
        return None

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


BARE_FRAME = BareFrame()


class Frame(Mapping[str, object]):
    """Page facts by name, each made at most once a page and only when the template asks for it."""

    def __init__(self) -> None:
        self._made: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._made:
            self._made[name] = page_facts.get(name)()
        return self._made[name]

    def __iter__(self) -> Any:
        return iter(name for name, _ in page_facts.items())

    def __len__(self) -> int:
        return len(page_facts.items())


@dataclass(slots=True)
class Menus:
    items: list[MenuItem] = field(default_factory=list)

    def add(self, *items: MenuItem) -> None:
        self.items = sorted([*self.items, *items], key=lambda item: (item.area, item.place))

    def shown(self, area: str) -> list[MenuItem]:
        return [item for item in self.items if item.area == area and may(item.endpoint)]

    def current(self, area: str) -> MenuItem | None:
        """Return the entry of the page that is asked for, or else the nearest above it."""
        items = self.shown(area)
        here = next((item for item in items if item.endpoint == request.endpoint), None)
        above = [item for item in items if item.holds(request.path)]
        return here or max(above, key=lambda item: len(url_for(item.endpoint)), default=None)


def init_frame(app: Flask) -> Menus:
    """Give every template `frame`, `menus`, `may`, `principal` and `pretended_now`; return the menus for the rooms to fill."""
    menus = Menus()

    def context() -> dict[str, object]:
        return {
            "frame": Frame(),
            "menus": menus,
            "may": may,
            "principal": current_principal,
            "pretended_now": clock.now() if clock.offset else None,
        }

    app.context_processor(context)
    app.extensions["conference.menus"] = menus
    return menus


def menus_of(app: Flask) -> Menus:
    menus: Menus = app.extensions["conference.menus"]
    return menus
