"""Laws that must hold for any input, tried by hypothesis."""
