"""What is installed as `socketboard`: the program, with its `netlib` and `gui` inside.

The build puts this folder in the place of the repository's own (setup.py), so that a package of
another's that is called `netlib` or `gui` can be installed beside it. Importing it does nothing.
"""
