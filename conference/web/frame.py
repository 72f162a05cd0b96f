"""What stands around every page: names, menus and banners, gathered from the rooms while a page is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from conference.core.clock import clock
from conference.web.access import current_principal, declared_access, may
from conference.web.language import chosen, language
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


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuLink:
    """An entry as a page shows it: its address, and its label in the reader's language."""

    endpoint: str
    address: str
    label: str
    also: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """Return whether the path is one of the entry's, or below; nothing but the home page is below the home page."""
        own = self.address.partition("?")[0].rstrip("/")
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


class Menus:
    """The entries of each menu, drawn once for each kind of reader: every page shows two of them."""

    def __init__(self) -> None:
        self._items: list[MenuItem] = []
        self._links: dict[tuple[object, ...], tuple[MenuLink, ...]] = {}
        self._for_staff: dict[str, bool] = {}

    def add(self, *items: MenuItem) -> None:
        self._items = sorted([*self._items, *items], key=lambda item: (item.area, item.place))
        self._links.clear()
        self._for_staff.clear()

    def shown(self, area: str) -> tuple[MenuLink, ...]:
        """Return what the reader may open, in order."""
        principal = current_principal() if self._is_for_staff(area) else None
        role = (principal.role, principal.must_enrol) if principal else None
        # All that an entry's address, label and being shown depend on; each has a handful of values.
        kind = (area, role, language(), chosen(), request.script_root)
        if kind not in self._links:
            self._links[kind] = tuple(_link(item) for item in self._items if _is_of(item, area))
        return self._links[kind]

    def _is_for_staff(self, area: str) -> bool:
        """Return whether who asks matters: a page that is only read looks at no cookie."""
        if area not in self._for_staff:
            views = (current_app.view_functions[item.endpoint] for item in self._items if item.area == area)
            found = [declared_access(view) for view in views]
            self._for_staff[area] = any(one is not None and one.kind == "staff" for one in found)
        return self._for_staff[area]

    def current(self, area: str) -> MenuLink | None:
        """Return the entry of the page that is asked for, or else the nearest above it."""
        items = self.shown(area)
        here = next((item for item in items if item.endpoint == request.endpoint), None)
        if here is not None:
            return here
        above = [item for item in items if item.holds(request.path)]
        return max(above, key=lambda item: len(item.address), default=None)


def _is_of(item: MenuItem, area: str) -> bool:
    return item.area == area and may(item.endpoint)


def _link(item: MenuItem) -> MenuLink:
    address = url_for(item.endpoint)
    return MenuLink(endpoint=item.endpoint, address=address, label=str(item.label), also=item.also)


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
