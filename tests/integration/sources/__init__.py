"""Tests of what is read from a site's entities."""
