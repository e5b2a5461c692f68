"""Pure modules and models: no socket, no display, no sleep."""
