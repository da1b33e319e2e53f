"""The program: `clientdesk`, and `python -m clientdesk`."""

import gc

# What is imported stays: looking for garbage among it takes a tenth of that time. A command begins to look when it runs, the
# screens when they are painted.
gc.disable()

from clientdesk.cli.main import run  # noqa: E402 - only then

__all__ = ["run"]

if __name__ == "__main__":
    run()
