"""What all tests share."""

# The test package brings a custom_components of its own, which would hide ours unless ours is
# imported first
import custom_components.ampacity  # noqa: F401
