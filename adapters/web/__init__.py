"""The web channel: a chat widget for any page."""
