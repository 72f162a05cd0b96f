"""What this room needs of the rooms above it; `rooms.py` fills these."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.web.registry import Registry

# Each answers in words what refers to the person, so that a refusal to delete can name it.
person_uses: Registry[Callable[[Session, PersonId], Sequence[str]]] = Registry("use of people")
# Each answers whether the person's e-mail address is a registration's too, and has to be changed there.
address_holders: Registry[Callable[[Session, PersonId], bool]] = Registry("holder of addresses")
# Each moves what refers to the first person over to the second, before the first one's record goes, or raises the
# room's refusal. A test compares the tables that refer to people with those that are moved.
person_moves: Registry[Callable[[Session, PersonId, PersonId], object]] = Registry("mover of references")
# Called in the transaction of each change of a person, after it.
person_changed: Registry[Callable[[Session, PersonId], object]] = Registry("listener to changed people")
