"""Invented people. Every family name says in its own language that it is an example."""

from conference.people.model import PersonDetails

# With the glyphs that real data will carry: domain.md, The event.
GIVEN = (
    "Åsa", "Jürgen", "Łukasz", "Çağlar", "Ștefan", "Đorđe", "Ελένη", "Юлия", "Siobhán", "Anna", "Björn", "Zoë",
    "Márton", "Ieva", "Renée", "Håkon", "Špela", "Noël", "Agnieszka", "Pål", "Ingrid", "Maximilian", "Sigríður", "Øyvind",
    "Françoise", "Tõnu", "Dilnoza", "Γιώργος", "Ольга", "Kateřina", "Núria", "Ömer", "Ana-Maria", "Jan", "Li", "Bo",
)  # fmt: skip
FAMILY = (
    "Exempelsson", "Mustermann", "Przykładowski", "Örnekoğlu", "Exemplescu", "Primerović", "Παραδειγματίδου", "Примерова",
    "O'Brien-Sample", "van der Berg-Voorbeeld", "Muster-Straße", "Esimerkkilä", "Példavári", "Piemērsone", "d'Exemple",
    "Eksempelsen", "Zgledovec", "Exemplo da Silva", "Vzorová-Příkladná", "Näideste", "Dæmisson", "Ejemplar Ñandú",
)  # fmt: skip
# A double-barrelled name of 45 characters, a one-word name, and names in scripts that wait for a badge name.
PECULIAR = (
    PersonDetails(title="Prof. Dr. med.", given_name="Maximiliane-Sophie", family_name="Exempelberger-Musterhausen-von-Beispielstätten", letters="MD, PhD"),
    PersonDetails(given_name="Exempla"),
    PersonDetails(given_name="李", family_name="示例"),
    PersonDetails(given_name="李", family_name="样本", badge_name="Li Yangben"),
    PersonDetails(given_name="محمد", family_name="مثال"),
    PersonDetails(given_name="Tom <3", family_name="Sample & Sons"),
)  # fmt: skip
AFFILIATIONS = (
    ("Example University Hospital, Department of Clinical Genomics", "Example University Hospital", "SE"),
    ("Musterklinikum, Zentrum für Beispielmedizin", "Musterklinikum", "DE"),
    ("Institute of Invented Biology", "", "NL"),
    ("Sample Center for Molecular Pathology", "Sample Center", "DE"),
    ("Regional Laboratory of Nowhere", "", "SE"),
    ("Przykładowy Instytut Onkologii", "", "PL"),
    ("Παράδειγμα Γενικό Νοσοκομείο", "", "GR"),
    ("Patients' Voice, an invented association", "Patients' Voice", "IE"),
    ("Agency for Example Health Policy", "", "FI"),
    ("Exempel Diagnostics AB (invented)", "Exempel Diagnostics", "SE"),
)
TITLES = ("", "", "Dr.", "", "Prof. Dr. med.", "", "Dr. rer. nat.", "")
LETTERS = ("", "", "PhD", "", "MD", "docent", "", "")
# Of thirteen, so that each goes with each profession.
STAGES = (
    "student",
    "doctoral",
    "doctoral",
    "training",
    "training",
    "early",
    "early",
    "early",
    "",
    "",
    "established",
    "established",
    "retired",
)
PROFESSIONS = ("doctor", "laboratory", "bioinformatics", "economics", "patients", "policy", "research", "")


def invented(number: int) -> PersonDetails:
    """Return the invented person of this number, 0 to 791, always the same and each name once."""
    family = FAMILY[number % len(FAMILY)]
    given = GIVEN[(number // len(FAMILY) + 13 * number) % len(GIVEN)]
    affiliation, short, country = AFFILIATIONS[(number * 7) % len(AFFILIATIONS)]
    return PersonDetails(
        title=TITLES[number % len(TITLES)],
        given_name=given,
        family_name=family,
        letters=LETTERS[(number * 3) % len(LETTERS)],
        affiliation=affiliation,
        affiliation_short=short,
        country=country,
        email=f"person{number:03d}@demo.example",
    )
