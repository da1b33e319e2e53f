"""The screens: Textual app, commands, screens and widgets. It calls the desk through the gateway only."""
