"""The screens: Textual app, commands, screens and widgets. It calls the desk through the gateway only."""

import sys


def _import_asyncio_alone() -> None:
    """asyncio, which Textual stands on, imports TLS, which takes a fifth of its time: no screen speaks it, and whoever
    needs it later imports it."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # None: there is no such module
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]


_import_asyncio_alone()
