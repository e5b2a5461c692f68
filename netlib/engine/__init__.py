"""Every socket on one loop, in one thread."""
