"""The operating system's one door: the only folder that asks which platform this is."""
