"""Real sockets on the loopback interface, and real programs as the other end."""
