"""A real window on a virtual display."""
