"""What the columns of a list from elsewhere are: programs' headings, guesses, and what a row says of each field."""
