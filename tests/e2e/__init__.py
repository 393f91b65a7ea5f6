"""Tests with a real Home Assistant and a real browser."""
