"""What the office calls who is told of a version, and when."""

from conference.programme.model import Telling
from conference.web.language import lazy_gettext as _l

TELLING_WORDS = {
    Telling.NOW: _l("Tell now: the mails go out as soon as it is public"),
    Telling.LATER: _l("Tell later: nobody is mailed until you do it under Versions"),
    Telling.NOBODY: _l("Tell nobody of this version"),
}
TOLD_WORDS = {
    Telling.NOW: _l("At once"),
    Telling.LATER: _l("Later"),
    Telling.NOBODY: _l("Nobody"),
}
