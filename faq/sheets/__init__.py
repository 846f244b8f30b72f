"""Spreadsheets: entries out to xlsx and csv, and back as they were."""
