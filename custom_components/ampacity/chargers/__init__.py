"""From the engine to Home Assistant: what a charger can do, and the one place that commands it."""
