"""What QuickBooks Online Accountant takes in one upload of client numbers."""

UPLOAD_COLUMNS = ("company_id", "display_name", "client_number")
UPLOAD_ROWS = 1_000
UPLOAD_BYTES = 102_400
"""Headings and byte order mark count as bytes, not as rows."""
