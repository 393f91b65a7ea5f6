"""Home of the integration, so that tests import it as a package."""
