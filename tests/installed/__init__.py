"""The wheel and the source archive: what is in them, and what installing them gives."""
