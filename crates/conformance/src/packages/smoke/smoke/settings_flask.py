"""Flask's configuration."""

SECRET_KEY = "not secret"
TESTING = True
