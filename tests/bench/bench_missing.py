"""How soon is it told why a client is missing? Asks a firm as `clientdesk missing` and the screen do.

    python tests/bench/bench_missing.py FIRM [--runs 5] [--limit 300]

FIRM is a file or the URL of a server's database. Of each text the median of some runs is told, in milliseconds; nothing
is remembered from one to the next. Give it an otherwise idle computer.
"""

import argparse
import os
import statistics
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, ROOT)

from clientdesk.desk import missing, opening  # noqa: E402 - found only from the checkout's top
from clientdesk.domain.client_query import ClientQuery  # noqa: E402
from tests.bench.bench import report  # noqa: E402

TEXTS = {
    "a common word": "garcia",
    "a common word with a slip": "garzia",
    "two common words with slips": "garzia construciones",
    "a short word with a slip": "peta",
    "two short words with slips": "jhon smtih",
    "a long rare word with two slips": "zubizareta etxebaria",
    "a number with a slip": "C-000441",
    "one letter": "a",
    "what nobody has": "qwrtzpsdfg",
    "a name in Japanese": "山田商店",
}


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("firm")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=300.0, help="milliseconds")
    options = parser.parse_args()
    with opening.open_firm(options.firm) as session:
        for name, text in TEXTS.items():
            took = []
            for _ in range(options.runs):
                with session.engine.writing():
                    pass  # what was remembered is forgotten
                start = time.perf_counter()
                answer = missing.why(session, text, ClientQuery())
                took.append((time.perf_counter() - start) * 1000)
            median = statistics.median(took)
            causes = f"{name} ({len(answer.causes)} causes)"
            report(causes, f"{median:.1f} ms", f"{options.limit:g} ms", median <= options.limit)


if __name__ == "__main__":
    main()
