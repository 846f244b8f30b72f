"""API v1 over HTTP: one table of routes, from which handlers, rights and openapi.json are made."""
