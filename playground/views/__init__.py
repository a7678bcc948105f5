"""Reusable widgets: arrays in, intents out."""
