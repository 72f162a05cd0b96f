"""The rows of the access matrix for the public programme pages and the marks. Read `test_access_matrix`."""

ANYONE = "anyone"
LINK = "whoever holds the link"

PROGRAMME_PAGES = {
    "programme.public_track": ANYONE,
    "programme.public_person": ANYONE,
    "programme.public_now": ANYONE,
    "programme.public_search": ANYONE,
    "programme.room_door": ANYONE,
    "programme.my_programme": ANYONE,
    "programme.own_programme": LINK,
    "programme.own_marks": LINK,
    "programme.own_marks_calendar": LINK,
}
