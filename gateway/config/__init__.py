"""The configuration: a YAML file read into models, or refused with the lines to mend."""

from gateway.config.load import load, load_faq_path
from gateway.config.models import Config, Delivery, Desk, Faq, Limits, Server, Words

__all__ = [
    "Config",
    "Delivery",
    "Desk",
    "Faq",
    "Limits",
    "Server",
    "Words",
    "load",
    "load_faq_path",
]
