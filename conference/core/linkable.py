"""What mail programs turn into a link though nobody marked it up: found where names are typed, defused where mails show them."""

import re
import unicodedata

# Breaks what it stands in without being seen or breaking the line: WORD JOINER (The Unicode Standard, section 23.2).
JOINER = "\u2060"

# Ends of host names. The first are the countries' of ISO 3166 that have one, and those beside it (IANA, root zone);
# the others own choice, the common ones and those that sound like a hospital's or a trap's. An end that is missing here
# passes the forms, and is defused in mails all the same.
_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi
gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw
ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng
ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn
so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws
ye yt za zm zw
"""
_OTHERS = """
academy agency app aero art asia bank berlin best bid bio biz blog care cash center charity cheap click clinic cloud club
coach codes com community company consulting cool coop dating deals dental dev digital direct doctor domains download
earth edu education email energy events example exchange expert express family finance fit foundation fun fund fyi games
gift gifts global gmbh gov group guide guru hamburg health healthcare help hospital host hosting icu info ing ink
institute int international invalid jobs kim koeln law legal life limited link live loan local localhost lol love ltd
market marketing med media men mil mobi moe mom money monster museum name net network news ngo ninja one ong online onion
org page party pharmacy photo photos pics plus press prize pro promo pub pw quest racing realty red ren report rest review
reviews rip rocks ruhr saarland sale sbs science services sex shop show site ski social software solutions space store
stream studio style support surf swiss systems tax team tech technology test tips today tokyo tools top town trade travel
university uno ventures vip website wiki win wien work works world wtf xin xxx xyz zip zone
"""
_ENDS = frozenset(f"{_COUNTRIES} {_OTHERS} бг бел мкд мон рус рф сайт онлайн срб укр ею қаз հայ".split())
# Titles, degrees and forms of companies, which people write without a space behind the dot: "Dr.med.", "M.Sc", "Co.KG".
# A word of these alone is none of a host, though it ends like one.
_ABBREVIATIONS = frozenset(
    [
        "b",
        "c",
        "co",
        "d",
        "dent",
        "dipl",
        "doz",
        "dr",
        "ed",
        "gmbh",
        "h",
        "habil",
        "hon",
        "ing",
        "ir",
        "kg",
        "m",
        "mag",
        "med",
        "mult",
        "nat",
        "pd",
        "ph",
        "phil",
        "priv",
        "prof",
        "rer",
        "sc",
        "univ",
        "vet",
    ]
)
_DOTS = str.maketrans({"。": ".", "｡": ".", "．": "."})
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_HOST = re.compile(rf"(?<![\w.-]){_LABEL}(?:\.{_LABEL})+")
_SCHEME = re.compile(r"\S*(?:://|\b(?:mailto|tel|sms|javascript|data):)\S*|(?<!\w)www\.\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+")

_BEFORE_DOT = re.compile(
    r"(?<=[^\s\u2060])(?=[.。｡．][^\W_]{2})(?!(?<=\d)[.。｡．]\d)|(?i:(?<=www))(?=[.。｡．])"
)
_BEHIND_COLON = re.compile(r"(?<=[^\W\d_]:)(?=[^\s\u2060])|(?<=:)(?=//)")
_BEFORE_AT = re.compile(r"(?<=[^\s\u2060])(?=@\S)")
# One look that is quick where there is nothing to find, which is nearly always.
_SUSPECT = re.compile(r"[.。｡．:@]\S|(?i:www)[.。｡．]")


def linkable_in(text: str, *, is_organisation: bool = False) -> str | None:
    """Return the first piece of a typed name that a mail program could make a link of, as it was typed, or None.

    Such are web addresses, e-mail addresses and host names. A name holds no @ at all; an organisation may be "X @ Y".
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DOTS)
    found = _SCHEME.search(plain) or _ADDRESS.search(plain)
    if found:
        return found[0]
    if "@" in plain and not is_organisation:
        return "@"
    return next((host[0] for host in _HOST.finditer(plain) if _is_host(host[0])), None)


def _is_host(word: str) -> bool:
    labels = word.lower().split(".")
    is_like_one = labels[-1] in _ENDS or labels[-1].startswith("xn--")
    return is_like_one and not _ABBREVIATIONS.issuperset(labels)


def defused(text: str) -> str:
    """Return the text with a word joiner in whatever could become a link: it reads as before and leads nowhere.

    It stands before each dot within a word, behind each colon within one, and before each @. More is broken than is
    dangerous, since it is not seen. Done twice it changes nothing more.
    """
    if not _SUSPECT.search(text):
        return text
    broken = _BEHIND_COLON.sub(JOINER, text)
    broken = _BEFORE_AT.sub(JOINER, broken)
    return _BEFORE_DOT.sub(JOINER, broken)
