"""The program: `clientdesk`, and `python -m clientdesk`."""

import gc
import signal

# What is imported stays: looking for garbage among it takes a tenth of that time. A command begins to look when it runs, the
# screens when they are painted.
gc.disable()
# Until `main` hears it, ctrl+c ends the program as SIGTERM does: at once, with nothing printed.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from clientdesk.cli.main import run  # noqa: E402 - only then

__all__ = ["run"]

if __name__ == "__main__":
    run()
