"""The four tabs: widgets only. What they show and do is in `gui.models`."""
