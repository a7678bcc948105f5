"""The widgets of the superposition lab."""
