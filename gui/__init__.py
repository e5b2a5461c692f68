"""The window: tabs, widgets and their look over the UI-free package `netlib`."""
