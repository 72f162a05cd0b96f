"""What the demonstration's organisers wrote for their booklet: invented, and it says so."""

from conference.event.model import BookletTexts

BOOKLET_TEXTS = BookletTexts(
    welcome_en=(
        "Dear colleagues,\n\n"
        "precision medicine is the work of many: those who sequence and those who treat, those who count the cost and "
        "those who live with the answer. For two days they meet in one house.\n\n"
        "Everything in this programme is invented, to show how a real one will look. Nobody in it exists.\n\n"
        "The programme committee"
    ),
    welcome_sv=(
        "Kära kollegor!\n\n"
        "Precisionsmedicin är mångas verk: de som sekvenserar och de som behandlar, de som räknar på kostnaden och de som "
        "lever med svaret. Under två dagar möts de i ett hus.\n\n"
        "Allt i det här programmet är påhittat, för att visa hur ett riktigt kommer att se ut. Ingen i det finns.\n\n"
        "Programkommittén"
    ),
    welcome_de=(
        "Liebe Kolleginnen und Kollegen,\n\n"
        "Präzisionsmedizin ist das Werk vieler: derer, die sequenzieren, und derer, die behandeln, derer, die rechnen, und "
        "derer, die mit der Antwort leben. Zwei Tage lang treffen sie sich in einem Haus.\n\n"
        "Alles in diesem Programm ist erfunden, um zu zeigen, wie ein echtes aussehen wird. Niemanden darin gibt es.\n\n"
        "Das Programmkomitee"
    ),
    directions_en=(
        "From the airport\nTake the train to the central station, 20 minutes, and walk north for five.\n\n"
        "By underground\nLine 17 to the stop Example Square. The entrance is across the square, under the clock.\n\n"
        "Step-free access\nBy the east entrance; a lift leads to all floors."
    ),
    directions_sv=(
        "Från flygplatsen\nTa tåget till centralstationen, 20 minuter, och gå norrut i fem.\n\n"
        "Med tunnelbana\nLinje 17 till Exempelplan. Ingången ligger på andra sidan torget, under klockan.\n\n"
        "Utan trappor\nVia östra ingången. Hissen går till alla våningar."
    ),
    directions_de=(
        "Vom Flughafen\nMit dem Zug zum Hauptbahnhof, 20 Minuten, dann fünf Minuten zu Fuß nach Norden.\n\n"
        "Mit der U-Bahn\nLinie 17 bis Beispielplatz. Der Eingang liegt gegenüber, unter der Uhr.\n\n"
        "Ohne Stufen\nDurch den Osteingang. Ein Aufzug fährt in alle Stockwerke."
    ),
    acknowledgements_en="We thank all who reviewed, and the invented companies without whom nobody would have had coffee.",
    acknowledgements_sv="Vi tackar alla som granskade, och de påhittade företag som bjöd på kaffet.",
    acknowledgements_de="Wir danken allen, die begutachtet haben, und den erfundenen Firmen, die den Kaffee bezahlten.",
)
