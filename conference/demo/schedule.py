"""An invented programme of two days, as plain values: who talks is filled in by number."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A session: `day` 0 or 1, `start` as "HH:MM" in Stockholm, `room` 0 to 3 or None, `track` 0 to 4 or None."""

    day: int
    start: str
    duration_min: int
    kind: str
    title: str
    room: int | None = None
    track: int | None = None
    talks: tuple[str, ...] = ()
    talk_min: int = 20
    panel: int = 0


ROOMS = (("Aula Exempel", 420), ("Hörsal Muster", 160), ("Room Sample", 90), ("Room Przykład", 60))

TOPICS = (
    ("Liquid biopsy in the example clinic", "Tumour boards across invented borders", "Fusion genes, an exercise", "Which panel for whom: a made-up comparison"),
    ("Measurable residual disease, by way of example", "Sequencing a leukaemia that nobody has", "Clonal haemopoiesis in a sample of samples", "Flow cytometry and a fictitious cut-off"),
    ("A diagnosis after 14 invented years", "Newborn screening as a thought experiment", "Sharing variants of nobody's genome", "The example odyssey, shortened"),
    ("Outbreak of a model bacterium", "Resistance genes in a mock metagenome", "Sequencing the imaginary ward", "Surveillance without a pathogen"),
    ("Polygenic scores, with invented weights", "Diabetes in a synthetic cohort", "What a simulated heart teaches", "Pharmacogenomics of a placebo"),
)  # fmt: skip
NAMES = ("Solid tumors", "Hematological malignancies", "Rare diseases", "Microbiology", "Complex diseases")


def _parallel(day: int, start: str, round_: int, rooms: int) -> list[Slot]:
    """Return sessions side by side; each takes the topics of one track, turned by the round."""
    slots = []
    for room in range(rooms):
        track = (room + round_) % 5
        topics = tuple(f"{title} ({'I' * (round_ + 1)})" for title in TOPICS[track])
        title = f"{NAMES[track]}: {('from sample to report', 'what the clinic asks', 'data that travel', 'trials and evidence')[round_]}"
        slots.append(
            Slot(
                day=day,
                start=start,
                duration_min=90,
                kind="parallel",
                title=title,
                room=room,
                track=track,
                talks=topics,
            )
        )
    return slots


def invented_schedule() -> list[Slot]:
    """Return 34 sessions with 70 talks in four rooms. No room and no person is booked twice."""
    return [
        Slot(day=0, start="08:00", duration_min=60, kind="break", title="Registration and coffee"),
        Slot(day=0, start="09:00", duration_min=30, kind="plenary", title="Opening of the invented conference", room=0, talks=("Welcome by people who do not exist",), talk_min=15),
        Slot(day=0, start="09:30", duration_min=60, kind="plenary", title="Keynotes: equal access, by way of example", room=0, talks=("One country, many example regions", "A supra-network on paper"), talk_min=30),
        Slot(day=0, start="10:30", duration_min=30, kind="break", title="Coffee"),
        *_parallel(0, "11:00", 0, 4),
        Slot(day=0, start="12:30", duration_min=60, kind="break", title="Lunch"),
        Slot(day=0, start="12:45", duration_min=40, kind="industry", title="Industry symposium: an invented sequencer", room=3, talks=("Reads of nothing in particular",), talk_min=30),
        *_parallel(0, "13:30", 1, 4),
        Slot(day=0, start="15:00", duration_min=30, kind="break", title="Coffee"),
        Slot(day=0, start="15:30", duration_min=75, kind="panel", title="Panel: who pays for precision, if nobody is real", room=0, panel=4),
        Slot(day=0, start="15:30", duration_min=90, kind="workshop", title="Workshop: reading a variant that was made up", room=2, track=2, panel=2),
        Slot(day=0, start="15:30", duration_min=90, kind="workshop", title="Workshop: pipelines on mock data", room=3, track=3, panel=2),
        Slot(day=0, start="17:00", duration_min=75, kind="poster", title="Posters with a glass of something", room=1, talks=("Poster: an empty figure", "Poster: results to be invented")),
        Slot(day=0, start="19:00", duration_min=180, kind="social", title="Conference dinner in an imaginary hall"),
        Slot(day=1, start="08:30", duration_min=30, kind="break", title="Coffee"),
        Slot(day=1, start="09:00", duration_min=60, kind="plenary", title="Keynotes: standards nobody has written yet", room=0, talks=("Regulation, a fable", "Training the example workforce"), talk_min=30),
        Slot(day=1, start="10:00", duration_min=30, kind="break", title="Coffee"),
        *_parallel(1, "10:30", 2, 4),
        Slot(day=1, start="12:00", duration_min=60, kind="break", title="Lunch"),
        *_parallel(1, "13:00", 3, 3),
        Slot(day=1, start="14:30", duration_min=30, kind="break", title="Coffee"),
        Slot(day=1, start="15:00", duration_min=60, kind="panel", title="Closing panel: what we would do next", room=0, panel=4),
        Slot(day=1, start="16:00", duration_min=30, kind="plenary", title="Farewell", room=0, talks=("Thanks to all who were invented", "Until the next example"), talk_min=15),
    ]  # fmt: skip
