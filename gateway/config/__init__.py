"""The configuration: a YAML file read into models, or refused with the lines to mend."""

from faq.files.document import DocumentError
from gateway.config.load import load, load_faq_path
from gateway.config.models import Config, Delivery, Desk, Faq, Limits, Server, Words
from gateway.config.written import Written, read_written

__all__ = [
    "Config",
    "Delivery",
    "Desk",
    "DocumentError",
    "Faq",
    "Limits",
    "Server",
    "Words",
    "Written",
    "load",
    "load_faq_path",
    "read_written",
]
