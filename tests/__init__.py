"""The tests of Socketboard: unit, property, sockets, gui, frozen; and the benchmarks."""
