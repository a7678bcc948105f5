"""Main window, catalog of labs, actions table, command line."""
