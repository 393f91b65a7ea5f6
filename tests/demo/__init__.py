"""Tests of the demo's own integrations."""
