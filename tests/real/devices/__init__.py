"""Emulated chargers: they speak the protocol of a make, and behind it stands a simulated wallbox."""
