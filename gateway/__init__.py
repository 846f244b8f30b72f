"""The core: what is true, and how it moves. It knows no platform."""
