"""Pictures of every tab, in every size, language and light: `python -m tests.pictures DIR [all]`.

To be looked at by a person; nothing passes or fails. Without `all`: as few as show every pair of
values at least once. With it: the whole product as contact sheets, one for a tab and a screen.
"""
