"""The recorded cases that ship with the program, made anew by real kernels: `make cases`."""
