"""From the engine to the home battery: asking it to hold."""
