"""The built executables, driven from outside like a person would."""
