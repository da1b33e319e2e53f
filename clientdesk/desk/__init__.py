"""Use cases: one function = one transaction = access check + rules + write + history."""
