"""Ampacity inside Home Assistant."""
