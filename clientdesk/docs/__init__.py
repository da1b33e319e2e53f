"""The manual's pages of reference, written from the program's own declarations: `python -m clientdesk.docs`."""
