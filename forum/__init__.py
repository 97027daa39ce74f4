"""Shared Practice: case studies and discussions on new models of care, for the NHS and its partners."""
