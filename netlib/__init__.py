"""Sockets, threads and bytes without a window: everything Socketboard does on the network."""

__version__ = "0.1.0"
