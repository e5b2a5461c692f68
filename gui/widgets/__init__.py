"""Widgets that know how things look, and nothing about sockets."""
