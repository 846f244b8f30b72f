"""`frontdesk faq …`, a command a file; each is made in the reader's language."""
