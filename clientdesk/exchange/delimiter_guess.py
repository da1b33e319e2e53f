"""Which delimiter a text file has, where nobody says it: the one with which its headings are known best."""

from collections.abc import Callable, Iterator

from clientdesk.domain.encodings_and_delimiters import TITLES
from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import Refused, refuse
from clientdesk.exchange.heading_row import KnownHeadings, heading_line


def guessed_delimiter(path: str, lines_by: Callable[[str], Iterator[Line]], count_known: KnownHeadings) -> str:
    """The delimiter with which the heading row has most known headings, else most cells; `lines_by` reads the lines of
    the file at `path` by a delimiter. Refused where the file can be read by none, as by the first that was tried."""
    best, most = "", (-1, -1)
    refusal: Refused | None = None
    for delimiter in TITLES:
        try:
            cells = heading_line(lines_by(delimiter), count_known).cells
        except Refused as error:
            refusal = refusal or error
            continue
        except StopIteration:
            refusal = refusal or refuse("empty_file", path=path)
            continue
        score = (count_known(cells), sum(1 for cell in cells if cell not in TITLES))  # `"Name"<tab>,<tab>"City"`
        if score > most:
            best, most = delimiter, score
    if refusal is not None and not best:
        raise refusal
    return best
