"""The mails about accounts of staff, as `wording_model` lists all."""

from dataclasses import replace

from conference.mail.wording_shapes import CITY, EVENT, LINK, Block, Kind, Word

_MEMBER = (
    Word(name="name", source="member.name", hint="The member's name, where it is known"),
    Word(name="account", source="member.email", hint="The address of the account"),
    EVENT,
    CITY,
)
_GREETING = Block(name="greeting", hint="The greeting, with the name where it is known")


def _to_staff(name: str, title: str, when: str, *words: Word, blocks: tuple[Block, ...]) -> Kind:
    told, parts = (*_MEMBER, *words), (_GREETING, *blocks)
    return Kind(name=name, title=title, when=when, words=told, blocks=parts, specimen="staff")


_UNTIL = Word(name="time", source="until|date_time", hint="Until when the link is valid, Stockholm time")
_WITH_LINK = (Word(name="role", source="role", hint="What the member may do"), _UNTIL)
_INTO = (
    Block(name="facts", hint="The table of facts: account, and until when the link is valid"),
    replace(LINK, hint="The link into the account: a button, in the text part its address"),
)
_HAPPENED = (
    Word(name="what", source="what", hint="The sentence that says what happened"),
    Word(name="time", source="at|date_time", hint="When it happened, Stockholm time"),
)

OF_STAFF = (
    _to_staff(
        "staff_invitation",
        "Invitation of staff",
        "A member of staff, when an organiser invites them or mails a new link",
        *_WITH_LINK,
        blocks=_INTO,
    ),
    _to_staff(
        "password_reset", "New password", "Staff who ask for a new password", *_WITH_LINK, blocks=_INTO
    ),
    _to_staff(
        "account_guarded",
        "Change of a second factor",
        "Staff, when what guards their account changes",
        *_HAPPENED,
        blocks=(Block(name="facts", hint="The table of facts: account, and when it happened"),),
    ),
    _to_staff(
        "sign_in_confirmation",
        "Confirm that it is you",
        "Staff without password and second factor, when they are asked who they are before a change",
        _UNTIL,
        blocks=_INTO,
    ),
    _to_staff(
        "second_factor_tried",
        "Wrong second factors",
        "Staff, and other organisers, when many wrong codes were given after the right password",
        _HAPPENED[1],
        blocks=(
            Block(name="facts", hint="The table of facts: account, and when it happened"),
            Block(name="advice", hint="What to do: for the owner of the account, or for another organiser"),
        ),
    ),
)
