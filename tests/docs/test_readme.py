"""What the README gives to type works, line by line, and it is one page."""

import re
import shlex
from pathlib import Path

import pytest

from clientdesk.cli.main import main
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import FIND_LOOKS_IN

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_it_is_one_page() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.thorough("steps")
def test_the_shell_example_works_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLIENTDESK_FIRM", raising=False)
    (example,) = re.findall(r"```sh\n(source .+?)```", README, re.DOTALL)
    parts = [shlex.split(part) for line in example.splitlines() for part in line.split(" && ")]
    assert len(parts) > 7
    for program, *words in parts:
        if program == "export":
            monkeypatch.setenv(*words[0].split("="))
        elif program == "clientdesk":
            assert main(words) == 0, words
            written = capsys.readouterr()
            assert (written.out + written.err).strip(), words
            assert "No client is in this list" not in written.err, words


def test_the_sentence_of_find_names_the_fields_in_which_it_looks() -> None:
    sentence = FIND_LOOKS_IN.lower()
    assert {name for name in BUILT_IN.searched if BUILT_IN.by_name[name].label.lower() not in sentence} == set()
    assert {field.name for field in BUILT_IN.fields if re.search(rf"\b{field.label.lower()}\b", sentence)} == set(
        BUILT_IN.searched
    )
    tour = " ".join(README.split())
    assert FIND_LOOKS_IN.removeprefix("Find clients: ").removesuffix(".") in tour
