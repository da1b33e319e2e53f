"""Clients that are likely one and the same: the same tax id, the same e-mail, nearly the same name."""

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

from clientdesk.desk.session import Session
from clientdesk.domain.company_forms import words_of
from clientdesk.domain.fold import fold
from clientdesk.store import client_lookups

_SPANISH_TAX_ID = re.compile(r"ES([A-Z]\d{7}[A-Z\d]|\d{8}[A-Z])")
"""A Spanish tax id with the country before it, as it is written between countries."""
_NO_WORD = re.compile(r"[\W_]+")
_VOWELS = str.maketrans({letter: "" if letter in "aeiouy" else letter for letter in map(chr, range(128))})
_REPEATED = re.compile(r"([^\W\d])\1+")

_ALIKE, _SHORT_ALIKE, _SHORT = 0.75, 0.8, 5
"""How alike two words of a name must be, and short ones, in which one letter makes another word."""
_PLACEHOLDER = re.compile(r"(.)\1*|0?123456789?0?")
_TAX_ID = 5  # letters and digits at least; less is no tax id

_BITS = 18
"""So many bits of a key's hash say where it is in a large firm; in a small one fewer, so that there are not many more
places to make than keys."""
MOST = 3
"""So many likenesses of a row are told at most."""


class Likeness(NamedTuple):
    """A client that a row resembles, and by what: `field` is tax_id, email or display_name."""

    field: str
    company_id: str
    name: str
    number: str


# --- what is compared


def tax_key(tax_id: str) -> str:
    """What makes two tax ids the same: letters and digits, upper case, a Spanish one without its country; "" for what
    can be none ("n/a", "000000")."""
    key = tax_id.upper()
    if not (key.isascii() and key.isalnum()):
        key = _NO_WORD.sub("", key)
    if key.startswith("ES") and (match := _SPANISH_TAX_ID.fullmatch(key)):
        key = match[1]
    return "" if len(key) < _TAX_ID or _PLACEHOLDER.fullmatch(key) else key


def email_key(email: str) -> str:
    """What makes two e-mail addresses the same: all but the case."""
    return email.casefold()


@lru_cache(maxsize=4_096)
def skeleton(word: str) -> str:
    """What stays of a word when it is written a little wrong: its first letter, then the consonants and digits."""
    if word.isdecimal():
        return word
    once = _REPEATED.sub(r"\1", word)
    return once[0] + once[1:].translate(_VOWELS)


def name_key(folded: str) -> str:
    """What names that are nearly the same have in common; "" for a name without a word."""
    return " ".join(sorted([skeleton(word) for word in words_of(folded)]))


def nearly_the_same(name: str, other_name: str) -> bool:
    """Whether two display names are nearly the same: word by word, in any order, but for a letter or two."""
    if name == other_name:
        return True
    first, second = words_of(fold(name)), words_of(fold(other_name))
    if len(first) != len(second):
        return False
    pairs = zip(
        sorted(first, key=lambda word: (skeleton(word), word)),
        sorted(second, key=lambda word: (skeleton(word), word)),
        strict=True,
    )
    return all(_alike(word, like) for word, like in pairs)


def _alike(word: str, other_word: str) -> bool:
    if word == other_word:
        return True
    if skeleton(word) != skeleton(other_word) or any(map(str.isdigit, word)):
        return False
    if word[:-1] == other_word[:-1] and {word[-1], other_word[-1]} == {"a", "o"}:
        return False  # María and Mario, Francisca and Francisco
    from difflib import SequenceMatcher  # only likely duplicates need it

    least = _SHORT_ALIKE if min(len(word), len(other_word)) <= _SHORT else _ALIKE
    return SequenceMatcher(None, word, other_word, autojunk=False).ratio() >= least


# --- the index


def keys_of(folded_name: str, email: str, tax_id: str) -> Iterator[str]:
    """What a client can be found by, marked with what it is."""
    if key := name_key(folded_name):
        yield f"n{key}"
    if email:
        yield f"e{email_key(email)}"
    if tax_id and (key := tax_key(tax_id)):
        yield f"t{key}"


class Lookalikes:
    """An index of the firm's clients by what they resemble each other by, as the firm was when it was made.

    It keeps at most fourteen bytes for each name, e-mail and tax id, in a large firm six and one megabyte: in parts by one
    piece of a hash, the id and another piece of the hash. What it finds is looked at in the firm before it counts.
    """

    def __init__(self, buckets: "array[int]", tags: "array[int]", ids: "array[int]") -> None:
        bits = min(len(buckets).bit_length(), _BITS)
        self._shift = shift = _BITS - bits
        counts = array("I", [0]) * ((1 << bits) + 1)
        for bucket in buckets:
            counts[(bucket >> shift) + 1] += 1
        self._starts = array("I", accumulate(counts))
        self._tags, self._ids = tags[:], ids[:]
        places = self._starts[:-1]
        for bucket, tag, client_id in zip(buckets, tags, ids, strict=True):
            bucket >>= shift
            place = places[bucket]
            self._tags[place] = tag
            self._ids[place] = client_id
            places[bucket] = place + 1

    @classmethod
    def of(cls, session: Session) -> "Lookalikes":
        """Reads the firm's clients once; again only after something has changed."""
        with session.engine.errors():
            return session.engine.remembered("lookalikes", lambda: cls._read_firm(session))

    @classmethod
    def _read_firm(cls, session: Session) -> "Lookalikes":
        buckets, tags, ids = array("I"), array("H"), array("I")
        for part in client_lookups.scan_traits(session.engine):
            if part[-1][0] >> 32 and ids.typecode == "I":
                ids = array("q", ids)
            for client_id, folded_name, email, tax_id in part:
                for key in keys_of(folded_name, email, tax_id):
                    hashed = _hash(key)
                    buckets.append(hashed >> 16)
                    tags.append(hashed & 0xFFFF)
                    ids.append(client_id)
        return cls(buckets, tags, ids)

    def __len__(self) -> int:
        """How many names, e-mails and tax ids are in it: of a firm without clients none."""
        return len(self._ids)

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return sum(numbers.itemsize * len(numbers) for numbers in (self._starts, self._tags, self._ids))

    def _candidates(self, key: str) -> Iterator[int]:
        """The first clients that have a key, or, seldom, another one of the same hash."""
        hashed = _hash(key)
        bucket = hashed >> 16 + self._shift
        start, end = self._starts[bucket], self._starts[bucket + 1]
        tag = hashed & 0xFFFF
        return islice((self._ids[place] for place in range(start, end) if self._tags[place] == tag), _LOOKED_AT)

    def like(self, session: Session, rows: Sequence[tuple[int, Mapping[str, str]]]) -> dict[int, list[Likeness]]:
        """The clients that each row resembles, the surest likeness first (tax id, e-mail, name); rows that resemble
        none are left out. Call it inside a use case: the firm is read in one statement."""
        if not self._ids:
            return {}
        candidates: dict[int, list[int]] = {}
        for row, values in rows:
            ids = {
                client_id: None
                for key in keys_of(
                    fold(values.get("display_name", "")), values.get("email", ""), values.get("tax_id", "")
                )
                for client_id in self._candidates(key)
            }
            if ids:
                candidates[row] = list(ids)
        if not candidates:
            return {}
        traits = client_lookups.traits(session.engine, {client_id for ids in candidates.values() for client_id in ids})
        alike = {
            row: _likenesses(values, [traits[client_id] for client_id in candidates[row] if client_id in traits])
            for row, values in rows
            if row in candidates
        }
        return {row: likenesses for row, likenesses in alike.items() if likenesses}


_LOOKED_AT = 20
"""So many clients that share a key with a row are looked at: a name that hundreds bear tells nothing."""
SUREST = ("tax_id", "email", "display_name")


def _hash(key: str) -> int:
    """34 bits: the part (18) and the tag (16). Python's own hash differs between programs, and nobody can aim at it."""
    return hash(key) & 0x3FFFFFFFF


def _likenesses(values: Mapping[str, str], clients: Sequence[client_lookups.Traits]) -> list[Likeness]:
    likenesses = [
        Likeness(field, client.company_id, client.name, client.number)
        for client in clients
        if (field := by_what(values, client))
    ]
    return sorted(likenesses, key=lambda likeness: SUREST.index(likeness.field))[:MOST]


def by_what(values: Mapping[str, str], client: client_lookups.Traits) -> str:
    """The field by which a client resembles a row; "" if it does not."""
    if (tax_id := values.get("tax_id")) and (key := tax_key(tax_id)) and key == tax_key(client.tax_id):
        return "tax_id"
    if (email := values.get("email")) and client.email and email_key(email) == email_key(client.email):
        return "email"
    name = values.get("display_name", "")
    return "display_name" if name and nearly_the_same(name, client.name) else ""
