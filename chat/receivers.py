"""Filled in with the verbs."""
