"""Shown code: for what somebody did, the shortest honest program that does the same."""
