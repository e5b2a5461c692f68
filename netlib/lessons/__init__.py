"""Playing lessons on real sockets: what a step's script does, and whether its proofs came."""
