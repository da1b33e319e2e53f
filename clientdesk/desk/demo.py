"""A made-up firm to try things in: the same clients every time."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

from clientdesk.desk import team
from clientdesk.desk.opening import create_firm
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Access, Action
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold
from clientdesk.store import patches

FIRM = "Ríos y Asociados"
YOU = "Ana García"
TEAM = (
    ("Luis Ortega", "full"),
    ("Nguyễn Thị Mai", "full"),
    ("Jürgen Müller", "full"),
    ("Olivia Brown", "basic"),
    ("Łukasz Nowak", "basic"),
)
_DOMAIN = "rios-asociados.example"
_AT_ONCE = 100_000
_WITH_REVIEWS = 10_000
"""A firm of more clients has no reviews: it is for trying speed, and to find out whose they are takes half as long again."""

# Each country: code, its telephone prefix, cities with postal code and region, people, words of
# businesses, legal forms. Street and tax id are told by a pattern (# is a digit, @ a capital letter).
_COUNTRIES: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "code": ("ES", "+34 9########", "Calle Mayor ##", "B########"),
        "places": ("Madrid|28001|Madrid", "Sevilla|41001|Andalucía", "A Coruña|15001|Galicia", "Bilbao|48001|Euskadi"),
        "first": ("María", "José", "Íñigo", "Carmen", "Nuria", "Álvaro", "Begoña", "Andrés"),
        "last": ("García", "Peña", "Muñoz", "Ibáñez", "Núñez", "Echeverría", "López", "Güell"),
        "words": ("Construcciones", "Panadería", "Talleres", "Viñedos", "Librería", "Clínica", "Transportes", "Óptica"),
        "forms": ("SL", "SA", "e Hijos, S.L.", "y Asociados"),
    },
    {
        "code": ("US", "+1 312-555-01##", "### W Lake St", "##-#######"),
        "places": ("Chicago|60601|IL", "Austin|78701|TX", "Portland|97201|OR", "Boise|83702|ID"),
        "first": ("Emma", "Noah", "Grace", "Ethan", "Chloe", "Mason", "Ruth", "Caleb"),
        "last": ("Smith", "Johnson", "O'Connor", "Williams", "Carter", "Brooks", "Nakamura", "Fitzgerald"),
        "words": ("Plumbing", "Bakery", "Landscaping", "Dental", "Roofing", "Coffee", "Auto Repair", "Design"),
        "forms": ("LLC", "Inc.", "& Sons", "Partners LP"),
    },
    {
        "code": ("DE", "+49 30 2######", "Hauptstraße ##", "DE#########"),
        "places": ("Berlin|10115|Berlin", "München|80331|Bayern", "Köln|50667|Nordrhein-Westfalen"),
        "first": ("Jürgen", "Käthe", "Björn", "Anneliese", "Günter", "Sören"),
        "last": ("Müller", "Schröder", "Weiß", "Strauß", "Böhm", "Krämer"),
        "words": ("Bäckerei", "Autohaus", "Gärtnerei", "Möbelhaus", "Druckerei", "Brauerei"),
        "forms": ("GmbH", "& Söhne GmbH", "OHG", "e.K."),
    },
    {
        "code": ("FR", "+33 1 42 68 5# ##", "## rue de la Paix", "FR###########"),
        "places": ("Paris|75001|Île-de-France", "Nîmes|30000|Occitanie", "Orléans|45000|Centre-Val de Loire"),
        "first": ("Zoë", "François", "Hélène", "Noël", "Maëlle"),
        "last": ("Lefèvre", "Besançon", "D'Artagnan", "Gérard", "Çelik"),
        "words": ("Boulangerie", "Café", "Fromagerie", "Menuiserie", "Pâtisserie"),
        "forms": ("SARL", "SAS", "et Fils"),
    },
    {
        "code": ("VN", "+84 24 3825 ####", "## Phố Huế", "##########"),
        "places": ("Hà Nội|100000|Hà Nội", "Đà Nẵng|550000|Đà Nẵng"),
        "first": ("Văn Hùng", "Thị Lan", "Minh Đức", "Thu Hà"),
        "last": ("Nguyễn", "Trần", "Lê", "Đặng", "Phạm"),
        "words": ("Thương mại", "Xây dựng", "Thủy sản", "Dệt may"),
        "forms": ("TNHH", "JSC"),
    },
    {
        "code": ("JP", "+81 3-3580-####", "千代田区#-#", "#############"),
        "places": ("東京|100-0001|東京都", "大阪|530-0001|大阪府"),
        "first": ("太郎", "花子", "健一", "美咲"),
        "last": ("山田", "鈴木", "佐藤", "高橋", "渡辺"),
        "words": ("商店", "製作所", "酒造", "運輸", "印刷"),
        "forms": ("株式会社", "合同会社"),
    },
    {
        "code": ("PL", "+48 22 628 ## ##", "ul. Długa ##", "##########"),
        "places": ("Warszawa|00-001|Mazowieckie", "Łódź|90-001|Łódzkie"),
        "first": ("Łukasz", "Małgorzata", "Paweł", "Żaneta"),
        "last": ("Wiśniewski", "Wójcik", "Kowalczyk", "Dąbrowski"),
        "words": ("Piekarnia", "Księgarnia", "Budownictwo", "Żegluga"),
        "forms": ("Sp. z o.o.", "S.A."),
    },
    {
        "code": ("GR", "+30 21 0322 ####", "Ερμού ##", "#########"),
        "places": ("Αθήνα|105 63|Αττική", "Θεσσαλονίκη|546 24|Μακεδονία"),
        "first": ("Ελένη", "Γιώργος", "Μαρία"),
        "last": ("Παπαδόπουλος", "Αγγελίδης", "Οικονόμου"),
        "words": ("Τυπογραφείο", "Αρτοποιείο", "Ναυτιλιακή"),
        "forms": ("Α.Ε.", "Ε.Π.Ε."),
    },
    {
        "code": ("UA", "+380 44 279 ## ##", "вул. Хрещатик ##", "########"),
        "places": ("Київ|01001|Київ", "Львів|79000|Львівська"),
        "first": ("Олена", "Їржі", "Тарас"),
        "last": ("Шевченко", "Коваленко", "Бондаренко"),
        "words": ("Пекарня", "Будсервіс", "Агротех"),
        "forms": ("ТОВ", "ПрАТ"),
    },
    {
        "code": ("EG", "+20 2 2579 ####", "شارع التحرير ##", "#########"),
        "places": ("القاهرة|11511|القاهرة",),
        "first": ("أحمد", "فاطمة", "يوسف"),
        "last": ("حسن", "إبراهيم", "منصور"),
        "words": ("مخبز", "مكتبة", "مقاولات"),
        "forms": ("ش.م.م", "وشركاه"),
    },
)  # fmt: skip
_WEIGHTS = (60, 70, 24, 18, 16, 16, 12, 10, 8, 6)
_FREQUENT = tuple(number for number, weight in enumerate(_WEIGHTS) for _ in range(weight))
_TYPES = ("Business",) * 6 + ("Individual",) * 3 + ("Nonprofit", "Trust", "")
_SUBSCRIPTIONS = ("", "", "ledger", "simple_start", "essentials", "plus", "advanced")
_NOTES = (
    "",
    "",
    "",
    "Prefers to be called in the morning.",
    "Sends receipts as photos; remind them in the first week of the month.",
    "New partner since spring: ask for the deed.",
)


def write_demo(
    location: str,
    clients: int = 240,
    progress: Callable[[int, int], None] | None = None,
    login: str | None = None,
    reviews: bool = False,
) -> None:
    """Makes a firm at `location` with so many made-up clients, six in the team and you as primary admin; with `reviews`, a
    template of work is in use, and some of its work is begun, up to 10,000 clients.

    `progress` is told how many clients are written, and of how many. Raises FirmUnusable.
    """
    session = create_firm(location, FIRM, YOU, login)
    try:
        for name, access in TEAM:
            user = fold(name.split()[0])
            team.add_member(session, name, f"{user}@{_DOMAIN}", f"demo-{user}", Access(access))
        new_clients = made_up_clients(clients)
        for start in range(0, clients, _AT_ONCE):
            _write(session, islice(new_clients, _AT_ONCE), progress and _counting(progress, start, clients))
        if reviews and clients <= _WITH_REVIEWS:
            from clientdesk.desk.demo_reviews import begin_reviews

            begin_reviews(session)
    finally:
        session.close()


def _counting(progress: Callable[[int, int], None], start: int, clients: int) -> Callable[[int], None]:
    return lambda written: progress(start + written, clients)


@changes("client.demo", Action.IMPORT, bulk=True)
def _write(session: Session, clients: Iterable[dict[str, str]], progress: Callable[[int], None] | None) -> None:
    patches.insert(session.engine, "client", map(Names(session.engine).held, clients), progress)


class _Chance(random.Random):
    """Chance that is the same every time, with quick ways to pick and to fill in."""

    def pick(self, among: Sequence[str]) -> str:
        """One of several."""
        return among[int(self.random() * len(among))]

    def fill(self, pattern: str) -> str:
        """The pattern with a digit from 1 to 9 for each # (fifteen at most)."""
        parts = pattern.split("#")
        count = len(parts) - 1
        digits = str(int((1 + self.random()) * 10**count))[1 : count + 1].replace("0", "4")
        return "".join([part + digit for part, digit in zip(parts, digits, strict=False)]) + parts[-1]


def made_up_clients(count: int) -> Iterator[dict[str, str]]:
    """The first `count` clients: one of each country, then more of the frequent ones."""
    chance = _Chance(20_000)
    leads = (YOU, *(name for name, _access in TEAM))
    for index in range(count):
        country = _COUNTRIES[index if index < len(_COUNTRIES) else _FREQUENT[int(chance.random() * len(_FREQUENT))]]
        yield _client(chance, country, index, count, leads)


def _client(
    chance: _Chance, country: dict[str, tuple[str, ...]], index: int, count: int, leads: Sequence[str]
) -> dict[str, str]:
    """One client of a country; so many that names repeat are told apart by a number."""
    code, phone, street, tax_id = country["code"]
    city, postal_code, region = chance.pick(country["places"]).split("|")
    first, last = chance.pick(country["first"]), chance.pick(country["last"])
    kind = chance.pick(_TYPES)
    business = f"{chance.pick(country['words'])} {last} {chance.pick(country['forms'])}"
    person = f"{last} {first}" if code in ("JP", "VN") else f"{first} {last}"
    name = person if kind == "Individual" else business
    mail = _mail(last) or code.lower()
    subscription = chance.pick(_SUBSCRIPTIONS)
    return {
        **BUILT_IN.empty,
        "company_id": _company_id(chance, index),
        "client_number": f"C-{index + 1:05}" if chance.random() < 0.85 else "",
        "display_name": name if count <= 1_000 else f"{name} {int(chance.random() * count)}",
        "business_name": business if kind != "Individual" and chance.random() < 0.5 else "",
        "client_type": kind,
        "lead": chance.pick(leads) if chance.random() < 0.92 else "",
        "status": "inactive" if chance.random() < 0.06 else "active",
        "email": f"{mail}.{index + 1}@mail.example" if chance.random() < 0.9 else "",
        "phone": chance.fill(phone) if chance.random() < 0.85 else "",
        "contact_first_name": first,
        "contact_last_name": last,
        "street": chance.fill(street),
        "city": city,
        "region": region,
        "postal_code": postal_code,
        "country": code,
        "tax_id": chance.fill(tax_id) if chance.random() < 0.7 else "",
        "fiscal_year_end": chance.pick(("12-31", "12-31", "12-31", "06-30", "03-31")),
        "subscription": subscription,
        "billed_to": chance.pick(("firm", "client")) if subscription else "",
        "primary_admin": chance.pick(("firm", "requested", "client", "client")) if subscription else "client",
        "website": f"https://{mail}{index + 1}.example" if chance.random() < 0.3 else "",
        "notes": chance.pick(_NOTES),
    }


@cache
def _mail(name: str) -> str:
    """The plain letters of a name."""
    return "".join(letter for letter in fold(name) if letter.isascii() and letter.isalnum())


def _company_id(chance: _Chance, index: int) -> str:
    """Most clients came from QuickBooks (sixteen digits), some were added here."""
    if chance.random() < 0.8:
        return str(9_130_000_000_000_000 + index * 7_919)
    return f"L{index:07}{chance.fill('#####')}"
