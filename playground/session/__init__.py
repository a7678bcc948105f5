"""The open project: the one door for change, undo, the training thread, autosave, preferences, downloads."""
