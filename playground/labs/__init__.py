"""The workspaces of the window, one folder each."""
