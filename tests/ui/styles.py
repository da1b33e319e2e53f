"""Style sheets that are read once in a run: each start of the program reads the same ones."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.css.tokenize import tokenize_values
from textual.css.tokenizer import Token

Tokens = dict[str, list[Token]]


def read_once(patch: pytest.MonkeyPatch) -> None:
    """From now on what has been read of a style sheet is used again, for the same text and the same colours."""
    tokens_of: dict[tuple[tuple[str, str], ...], Tokens] = {}
    rules_of: dict[tuple[object, ...], tuple[list[RuleSet], Tokens]] = {}

    def tokenize_once(values: Mapping[str, str]) -> Tokens:
        key = tuple(values.items())
        if key not in tokens_of:
            tokens_of[key] = tokenize_values(dict(values))
        return tokens_of[key]

    def parse_once(scope: str, css: str, read_from: Any, *, variable_tokens: Tokens, **how: Any) -> Iterable[RuleSet]:
        key = (scope, css, read_from, id(variable_tokens), *sorted(how.items()))
        if key not in rules_of:  # the tokens stay, so that their id is not another one's
            rules_of[key] = (
                list(parse(scope, css, read_from, variable_tokens=variable_tokens, **how)),
                variable_tokens,
            )
        return rules_of[key][0]

    patch.setattr(stylesheet, "tokenize_values", tokenize_once)
    patch.setattr(stylesheet, "parse", parse_once)
