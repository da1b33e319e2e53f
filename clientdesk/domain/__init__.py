"""What a client, a number, a filter is: plain Python, no database, no screen."""
