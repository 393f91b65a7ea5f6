"""Integrations for the demo only."""
