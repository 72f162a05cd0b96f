"""What this room needs of the rooms above it; `app.py` fills these."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from conference.core.ids import PersonId
from conference.web.registry import Registry

# Each answers in words what refers to the person, so that a refusal to delete can name it.
person_uses: Registry[Callable[[Session, PersonId], Sequence[str]]] = Registry("use of people")
# Each answers whether the person's e-mail address is a registration's too, and has to be changed there.
address_holders: Registry[Callable[[Session, PersonId], bool]] = Registry("holder of addresses")
# Called in the transaction of each change of a person, after it.
person_changed: Registry[Callable[[Session, PersonId], object]] = Registry("listener to changed people")
