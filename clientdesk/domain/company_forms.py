"""The words that make a name: without the legal form at its end (SL, S.A., Ltd), signs, and "and"."""

import re
from collections.abc import Sequence
from functools import lru_cache

# Legal forms, as they stand at a name's end when it is folded and its full stops are gone.
_FORMS = frozenset(
    re.findall(
        r"\w+",
        "sl slu sll slne sa sau sal sc scp scoop scl cb aie ute ltd limited ltda lda plc llc llp lp lllp pllc pc inc"
        " incorporated corp corporation co company cia compania gmbh mbh ag kg kgaa ohg gbr ug ek ev se bv nv vof cv"
        " sarl sas sasu eurl sci snc scs spa srl srls sapa oy oyj ab hb as asa ans aps ivs pty pvt pte bhd sdn kk"
        " spzoo doo dd kft zrt sro tnhh jsc αε επε ικε οε εε тов прат ооо зао оао",
    )
)
_LONG_PHRASES = (
    "sociedad limitada|sociedad limitada unipersonal|sociedad limitada laboral|sociedad limitada profesional"
    "|sociedad limitada nueva empresa|sociedad de responsabilidad limitada|sociedad anonima"
    "|sociedad anonima unipersonal|sociedad anonima laboral|sociedad civil|sociedad civil profesional"
    "|sociedad cooperativa|comunidad de bienes|public limited company|limited liability company"
    "|limited liability partnership"
)
_LONG_FORMS = tuple(tuple(phrase.split()) for phrase in _LONG_PHRASES.split("|"))
"""Legal forms in several words."""
_LONG_ENDS = frozenset(form[-1] for form in _LONG_FORMS)
_JAPANESE = re.compile("株式会社|有限会社|合同会社|合資会社|合名会社|[(](?:株|有|同)[)]")
_AND = frozenset(["and", "y", "und", "et"])
_WORDS = re.compile(r"[^\W_]+")
_SIGNS = {"&": " and ", "+": " and "} | dict.fromkeys(".'’`´", "")
_SPOKEN = str.maketrans({chr(code): chr(code) for code in range(128)} | _SIGNS)  # all of ASCII: a miss is slow


@lru_cache(maxsize=512)
def words_of(folded: str) -> tuple[str, ...]:
    """The words that make a folded name: no punctuation, no legal form at the end, no "and"; "s. l." is one word."""
    text = (folded if folded.isascii() else _JAPANESE.sub(" ", folded)).translate(_SPOKEN)
    if "sp z" in text:
        text = text.replace("sp z oo", "spzoo").replace("sp zoo", "spzoo")
    words: list[str] = _WORDS.findall(text)
    if 1 in map(len, words):
        words = _initials_joined(words)
    without_form = words[:]
    while len(without_form) > 1 and (length := _form_at_the_end(without_form)):
        del without_form[-length:]
    without_and = [word for word in without_form if word not in _AND]
    return tuple(without_and or words)


def _initials_joined(words: Sequence[str]) -> list[str]:
    """Words of which single letters beside each other are one."""
    joined: list[str] = []
    initials = False
    for word in words:
        single = len(word) == 1 and word.isalpha() and word != "y"
        if single and initials:
            joined[-1] += word
        else:
            joined.append(word)
        initials = single
    return joined


def _form_at_the_end(words: Sequence[str]) -> int:
    """How many words at a name's end are a legal form, or an "and"; 0 where none is, or nothing would be left."""
    last_word = words[-1]
    if last_word in _LONG_ENDS:
        for form in _LONG_FORMS:
            if len(form) < len(words) and tuple(words[-len(form) :]) == form:
                return len(form)
    return 1 if last_word in _FORMS or last_word in _AND else 0
