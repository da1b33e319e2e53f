"""The command line: the desk's use cases as commands. No Textual is imported here."""
