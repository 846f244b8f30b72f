"""Kill the real process at random points under load, restart it, and count what went wrong."""
