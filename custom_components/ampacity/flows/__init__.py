"""The dialogs in which a user describes the site and its chargers."""
