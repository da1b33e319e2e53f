"""What a row of the program's own download says stays as it was kept."""

from clientdesk.desk.imports.prepared_rows import prepare


def test_phone_numbers_and_addresses_stay_as_they_were_kept() -> None:
    values = {"phone": "944 111 222, ask for Ana", "email": "ana@rios.example"}
    kept = prepare(values, as_kept=True)
    assert (kept.problem, kept.values) == (None, values)
    assert prepare(values).values["phone"] != values["phone"]
