"""How cells look, in a terminal's own words (SGR and OSC 8), and the shortest way from one look to another."""

from functools import lru_cache

from rich.color import Color, ColorSystem
from rich.style import Style

_NAMES = ("bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike")
_CODES = (*zip(_NAMES, "123456789", strict=True), ("underline2", "21"), ("frame", "51"), ("encircle", "52"))
_CODES = (*_CODES, ("overline", "53"))
"""What switches an attribute of a style on."""
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What switches one off again; for the others everything is switched off."""
_SEEN_ON_BLANKS = frozenset(["4", "5", "6", "7", "9", "21", "51", "52", "53"])
"""What is seen also where there is no letter."""
_MOST = 4_096
"""So many styles are remembered: each place in a text may have one of its own, which looks like many others."""


class Look:
    """What is seen of a style. There is one object for each, so that two looks are compared by `is`."""

    __slots__ = ("attributes", "ground", "ink", "link", "paper")

    def __init__(self, attributes: tuple[str, ...], ink: str, paper: str, link: str) -> None:
        self.attributes = attributes
        self.ink, self.paper = ink, paper
        """The codes of the colours, "39" and "49" for the terminal's own."""
        self.link = link
        """What stands between `ESC ] 8 ;` and its end: id and target; ";" for no link."""
        self.ground: Look = self
        """The plainest look in which a blank is the same."""


@lru_cache(maxsize=_MOST)
def _look(attributes: tuple[str, ...], ink: str, paper: str, link: str) -> Look:
    look = Look(attributes, ink, paper, link)
    if (attributes or ink != "39") and link == ";" and _SEEN_ON_BLANKS.isdisjoint(attributes):
        look.ground = _look((), "39", paper, link)
    return look


PLAIN = _look((), "39", "49", ";")
"""The terminal's own look."""


def _colour(colour: Color | None, system: ColorSystem, ink: bool) -> str:
    if colour is None:
        return "39" if ink else "49"
    return ";".join(colour.downgrade(system).get_ansi_codes(foreground=ink))


@lru_cache(maxsize=_MOST)
def look_of(style: Style | None, system: ColorSystem) -> Look:
    """What is seen of a style in a terminal of so many colours."""
    if style is None:
        return PLAIN
    attributes = tuple(code for name, code in _CODES if getattr(style, name))
    link = f"id={style.link_id};{style.link}" if style.link else ";"
    return _look(attributes, _colour(style.color, system, True), _colour(style.bgcolor, system, False), link)


@lru_cache(maxsize=_MOST)
def change(before: Look, after: Look) -> str:
    """What a terminal that writes in one look is told so that it writes in another."""
    link = "" if before.link == after.link else f"\x1b]8;{after.link}\x1b\\"
    anew = ["0", *after.attributes]
    anew += [code for code, own in ((after.ink, "39"), (after.paper, "49")) if code != own]
    codes = ";".join(anew)
    gone = set(before.attributes).difference(after.attributes)
    if gone <= _OFF.keys():
        off = sorted({_OFF[code] for code in gone})
        kept = [code for code in before.attributes if code not in gone and _OFF.get(code) not in off]
        step = [*off, *(code for code in after.attributes if code not in kept)]
        step += [code for code, old in ((after.ink, before.ink), (after.paper, before.paper)) if code != old]
        codes = min(codes, ";".join(step), key=len)
    return f"{link}\x1b[{'' if codes == '0' else codes}m" if codes else link
