"""Files in and out: read, map, plan, apply."""
