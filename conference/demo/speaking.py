"""What the demonstration's speakers say of their talks and of themselves: all of it invented."""

from io import BytesIO

from conference.audit.model import BY_LINK
from conference.core.clock import clock
from conference.core.ids import PersonId
from conference.demo.names import AFFILIATIONS, FAMILY, GIVEN
from conference.programme.model import CoAuthor, Level, TalkFacts
from conference.speakers.drawing import invented_face
from conference.speakers.model import ConsentKind, Profile
from conference.speakers.pictures import Crop, make_portrait
from conference.speakers.portraits import save_portrait
from conference.speakers.slide_files import receive
from conference.speakers.slides import keep_slides, slides_of_talks
from conference.speakers.words import CONSENT_WORDS

PICTURED = 6
_WORDS = (
    "tumour board",
    "liquid biopsy",
    "exome",
    "RNA",
    "equal access",
    "standards",
    "trial design",
    "Straße & café",
)
_BIOGRAPHIES = (
    "Leads an invented laboratory for sequencing, and teaches that a sample of nobody is still a sample.",
    "Trained in pathology at a hospital that does not exist. Works on reports that a general practitioner can read.",
    "Health economist. Compares the costs of imaginary tests with the benefit of thinking about them first.",
    "Bioinformatician by accident, patient representative by conviction.\nWrites pipelines for data that were made up.",
)


def talk_facts(title: str) -> TalkFacts:
    """Return co-authors, level and keywords for some of the talks, none for the others; by the title, so always alike."""
    number = sum(title.encode())
    if number % 3 == 0:
        return TalkFacts()
    authors = tuple(
        CoAuthor(
            name=f"{GIVEN[(number + 7 * place) % len(GIVEN)]} {FAMILY[(number + 5 * place) % len(FAMILY)]}",
            affiliation=AFFILIATIONS[(number + place) % len(AFFILIATIONS)][0] if place % 3 != 1 else "",
        )
        for place in range(number % 5)
    )
    words = tuple(_WORDS[(number + place) % len(_WORDS)] for place in range(number % 4))
    return TalkFacts(level=list(Level)[number % 3], keywords=words, co_authors=authors)


def told_by(number: int) -> tuple[Profile, dict[ConsentKind, tuple[bool, str]]]:
    """Return a speaker's profile, and what they let be shown: some both, some the biography, some nothing."""
    profile = Profile(biography=_BIOGRAPHIES[number // 4 % len(_BIOGRAPHIES)], needs="HDMI")
    given = {
        ConsentKind.RECORDING: number % 8 == 0,
        ConsentKind.BIOGRAPHY: number % 12 != 0 or number == 0,
        ConsentKind.PORTRAIT: number % 20 != 16,  # noqa: PLR2004 -- one who sent a portrait and keeps it to the office
    }
    return profile, {kind: (chosen, str(CONSENT_WORDS[kind])) for kind, chosen in given.items()}


def send_files(people: list[PersonId]) -> None:
    """Let some of those who told a profile send a portrait, and the first of them slides."""
    for number in range(PICTURED):
        portrait = make_portrait(invented_face(number), Crop())
        save_portrait(people[4 * number], portrait, actor=BY_LINK)
    for line in slides_of_talks():
        if line.talk.people and line.talk.people[0].person_id == people[0]:
            placed = receive(BytesIO(a_small_pdf(line.talk.title)), "Opening, final version.pdf")
            keep_slides(people[0], line.talk.id, placed, actor=BY_LINK, now=clock.now())


def a_small_pdf(words: str) -> bytes:
    """Return a whole PDF of one slide of 16 to 9 with these words."""
    plain = words.encode("latin-1", "replace").replace(b"\\", b"").replace(b"(", b"").replace(b")", b"")
    content = b"BT /F1 28 Tf 60 260 Td (" + plain + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 960 540] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table + end
