"""Which fields' values the search of the history shows, and takes out as a file. Pure, and the one list of them."""

# What is listed tells of the conference and of the office's own settings, or says of a registration what its act says
# anyway: its state and category. None of it is a name, an address, an answer, money or words that somebody typed about
# somebody, so it may stand in a list and in a file that no erasure reaches; a field that is not here is told by its
# name, and its values stand on the record's own page alone. So a new field is closed until somebody thinks of it.
OPEN_FIELDS: dict[str, frozenset[str]] = {
    "staff": frozenset({"role", "tracks", "language"}),
    "registration": frozenset({"state", "category_id"}),
    "session": frozenset(
        {
            "kind", "track_id", "room_id", "starts_at", "duration_min", "is_pinned", "may_share_room",
            "expected_people",
        }
    ),
    "talk": frozenset({"duration_min", "position", "level", "poster_number", "board"}),
    "event": frozenset({"title", "city", "venue", "first_day", "last_day"}),
    "organiser": frozenset({"name", "short_name", "country"}),
    "room": frozenset({"name", "seats", "is_emptied_by_plenary", "hours"}),
    "track": frozenset({"name", "colour"}),
    "category": frozenset(
        {
            "name", "name_sv", "name_de", "badge_word", "badge_colour", "place", "seats", "opens_at", "closes_at",
            "access", "needs_approval", "is_for_speakers", "is_retired", "days", "fee_minor", "currency",
        }
    ),
    "extra": frozenset(
        {
            "name", "name_sv", "name_de", "place", "seats", "fee_minor", "currency", "is_retired", "categories",
            "included",
        }
    ),
    "question": frozenset(
        {
            "kind", "label", "label_sv", "label_de", "place", "is_required", "categories", "for_staff",
            "is_sensitive", "is_retired",
        }
    ),
    "access code": frozenset(
        {"category_id", "uses_allowed", "opens_at", "expires_at", "skips_approval", "is_retired"}
    ),
    "invitation": frozenset({"category_id", "expires_at", "skips_approval", "holds_seat"}),
    "campaign": frozenset({"purpose", "audiences", "at"}),
    "badge_boxes": frozenset({"count", "starts", "language"}),
    "schedule_check": frozenset({"many_marks"}),
    "label_sheet": frozenset(
        {
            "name", "page_width_mm", "page_height_mm", "width_mm", "height_mm", "columns", "rows", "left_mm",
            "top_mm", "pitch_x_mm", "pitch_y_mm", "is_folded", "is_cut",
        }
    ),
}  # fmt: skip


def is_open(kind: str, field: str) -> bool:
    """Return whether the search may show the values of this field of a record of the kind."""
    return field in OPEN_FIELDS.get(kind, frozenset())
