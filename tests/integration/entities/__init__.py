"""Tests of the entities, their sentences and triggers."""
