"""Everything that happened, in one file: writing it, reading it, searching and exporting it."""
