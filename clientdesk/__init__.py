"""clientdesk: the client list of an accounting practice, in the terminal."""

__version__ = "0.1.0"
