"""The bench: what is fast, what is small, what never stutters, measured beside others in one run.

Nothing here passes or fails; `make bench` prints, and with `--write` fills docs/performance.md.
"""
