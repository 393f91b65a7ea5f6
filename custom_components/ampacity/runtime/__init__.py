"""What the coordinator is made of: reading, remembering, publishing, following sources."""
